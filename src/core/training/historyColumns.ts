import { lossTermNames } from '../paper/lossTerms.ts';
import type { LossPoint } from './events.ts';

/** A run's curves as one array: a row per point, its columns named. */
export interface HistoryTable {
  readonly columns: readonly string[];
  readonly data: Float32Array;
}

const numbers = ['step', 'objective', 'learningRate', 'stepMs'] as const;

/** Columns of files that do not name them. */
export const unnamedColumns: readonly string[] = [
  ...numbers,
  'content',
  'direction',
  'reconstruction',
  'tv',
  'cycle',
  'distillReal',
  'distillRef',
];

/** The points with a column for every number and every loss term. */
export function tableOf(history: readonly LossPoint[]): HistoryTable {
  const rows = history.flatMap((point) => [
    ...numbers.map((name) => point[name]),
    ...lossTermNames().map((term) => point.losses[term]),
  ]);
  return { columns: [...numbers, ...lossTermNames()], data: Float32Array.from(rows) };
}

/**
 * The points of a table. A loss term without a column is 0, as it had no part in that objective; columns of unknown names are
 * left out. Throws RangeError when the columns do not fit the data, or lack a number that every point has.
 */
export function pointsOf({ columns, data }: HistoryTable): LossPoint[] {
  const missing = numbers.find((name) => !columns.includes(name));
  if (missing) throw new RangeError(`There is no column ${missing}.`);
  if (data.length % columns.length !== 0) throw new RangeError(`${data.length} numbers do not fill the columns.`);
  return Array.from({ length: data.length / columns.length }, (_, row) => {
    const at = (name: string): number => data[row * columns.length + columns.indexOf(name)]!;
    const losses = lossTermNames().map((term) => [term, columns.includes(term) ? at(term) : 0] as const);
    return {
      step: at('step'),
      objective: at('objective'),
      learningRate: at('learningRate'),
      stepMs: at('stepMs'),
      losses: Object.fromEntries(losses) as LossPoint['losses'],
    };
  });
}
