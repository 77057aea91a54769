import type { RunCurves } from '../../../protocol/runs.ts';
import { smoothed } from '../../train/charts/decimate.ts';

/** Runs that share a line: a variant with its seeds, or a run of its own. */
export interface RunGroup {
  readonly name: string;
  readonly curves: readonly RunCurves[];
}

/** What a chart shows of every run. */
export interface CurveMeasure {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  /** Points of few steps, which are marked. */
  readonly isSparse: boolean;
  points(curves: RunCurves): readonly (readonly [step: number, value: number])[];
}

const psnr = (id: 'student' | 'teacher' | 'rainMap', label: string): CurveMeasure => ({
  id: `${id}Psnr`,
  label,
  unit: 'dB',
  isSparse: true,
  points: ({ validations }) => validations.map((result) => [result.step, result.psnr[id]] as const),
});

const column = (id: string, label: string): CurveMeasure => ({
  id,
  label,
  unit: '',
  isSparse: false,
  points: ({ history: { columns, data } }) => {
    const [at, step] = [columns.indexOf(id), columns.indexOf('step')];
    const rows = at < 0 ? 0 : data.length / columns.length;
    return Array.from(
      { length: rows },
      (_, i) => [data[i * columns.length + step]!, data[i * columns.length + at]!] as const,
    );
  },
});

export const curveMeasures: readonly CurveMeasure[] = [
  psnr('student', 'Student PSNR'),
  psnr('rainMap', 'Rain map PSNR'),
  psnr('teacher', 'Teacher PSNR'),
  column('objective', 'Objective'),
  column('content', 'Content (4)'),
  column('direction', 'Direction (5)'),
  column('reconstruction', 'Reconstruction (8)'),
  column('distillReal', 'Distillation, real rain (10)'),
];

/** What a chart shows, the one of this id first. */
export function measuresFrom(first: string): readonly CurveMeasure[] {
  return curveMeasures.toSorted((a, b) => Number(b.id === first) - Number(a.id === first));
}

/** Mean, least and greatest over the runs of a group at every step where all of them have a value. */
export interface OverlayLine {
  readonly name: string;
  readonly mean: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

export interface Overlay {
  readonly steps: readonly number[];
  readonly lines: readonly OverlayLine[];
}

/**
 * The curves of all groups over one axis of steps, with null where a group has no value. Losses are smoothed over every step
 * (β in 0…1) and then thinned to about `most` steps; validations stand as they are.
 */
export function overlay(groups: readonly RunGroup[], measure: CurveMeasure, smoothing: number, most: number): Overlay {
  const bySeed = groups.map(({ curves }) =>
    curves.map((own) => {
      const points = measure.points(own);
      const values = Float64Array.from(points, ([, value]) => value);
      const drawn = measure.isSparse ? values : smoothed(values, smoothing);
      return new Map(points.map(([step], i) => [step, drawn[i]!]));
    }),
  );
  const all = [...new Set(bySeed.flat().flatMap((curve) => [...curve.keys()]))].toSorted((a, b) => a - b);
  const every = measure.isSparse ? 1 : Math.max(1, Math.ceil(all.length / most));
  const steps = all.filter((_, i) => i % every === 0 || i === all.length - 1);
  return {
    steps,
    lines: groups.map(({ name }, i) => {
      const at = (of: (values: number[]) => number): (number | null)[] =>
        steps.map((step) => {
          const values = bySeed[i]!.map((curve) => curve.get(step)).filter((value) => value !== undefined);
          return values.length > 0 && values.length === bySeed[i]!.length ? of(values) : null;
        });
      return {
        name,
        mean: at((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
        low: at((values) => Math.min(...values)),
        high: at((values) => Math.max(...values)),
      };
    }),
  };
}
