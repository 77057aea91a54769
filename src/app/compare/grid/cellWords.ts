import type { Shown } from '../layers/cellLayers.ts';
import { cellOf, isUnfinished } from '../run/state.ts';
import type { Cell, CompareState, ComparedImage } from '../run/state.ts';
import type { ChannelChoice, Reference } from '../session/settings.ts';
import type { ComparedModel } from '../session/useCompared.ts';
import { figuresLine, sizeLine, timeLine } from '../table/figures.ts';
import { withUnit } from '../../ui/format.ts';

/** What stands with an image of the grid. */
export interface CellWords {
  readonly name: string;
  /** Figures, a line each; there may be none. */
  readonly lines: readonly string[];
  /** What the image still lacks, said on the image itself; null when it is whole. */
  readonly pending: string | null;
  /** Why it failed. */
  readonly error: string | null;
}

type Known = Pick<CompareState, 'cells' | 'inputs' | 'unreadable' | 'stopped'>;

/** Name, figures and state of one image of the grid. */
export function cellWords(
  shown: Shown,
  image: ComparedImage,
  models: readonly ComparedModel[],
  state: Known,
  channels: ChannelChoice,
): CellWords {
  const unreadable = state.unreadable[image.id];
  switch (shown.kind) {
    case 'original': {
      if (unreadable)
        return { name: 'Original', lines: [], pending: null, error: `${unreadable.reason} ${unreadable.hint}` };
      const input = state.inputs[image.id];
      const line = input ? figuresLine(input.rows, 'image', channels) : '';
      return { name: 'Original', lines: lines(line, input?.error?.reason), pending: null, error: null };
    }
    case 'truth':
      return { name: 'Ground truth', lines: [], pending: null, error: null };
    case 'trueRainMap':
      return { name: 'True rain map', lines: [], pending: null, error: null };
    case 'output':
    case 'rainMap': {
      const model = models.find(({ id }) => id === shown.model);
      const cell = cellOf(state, image.id, shown.model);
      if (unreadable) return { name: modelName(shown.kind, model), lines: [], pending: 'Not derained', error: null };
      return modelWords(shown.kind, model, cell, image, state.stopped, channels);
    }
    default:
      return shown satisfies never;
  }
}

function modelWords(
  kind: 'output' | 'rainMap',
  model: ComparedModel | undefined,
  cell: Cell,
  image: ComparedImage,
  stopped: boolean,
  channels: ChannelChoice,
): CellWords {
  const name = modelName(kind, model);
  const size = model && kind === 'output' ? sizeLine(model.parameters, model.multiplyAdds) : '';
  const time = cell.ms !== null && kind === 'output' ? timeLine(cell.ms, image.size) : '';
  const measured = figuresLine(cell.rows ?? [], kind === 'output' ? 'image' : 'rainMap', channels);
  const figures = cell.status === 'measuring' ? 'Measuring …' : measured;
  const error = cell.status === 'failed' && cell.error ? `${cell.error.reason} ${cell.error.hint}` : null;
  const missing = cell.status === 'done' ? cell.error?.reason : undefined;
  return { name, lines: lines(figures, missing, time, size), pending: pendingWords(cell, stopped), error };
}

function modelName(kind: 'output' | 'rainMap', model: ComparedModel | undefined): string {
  const title = model?.title ?? '';
  return kind === 'rainMap' ? `Rain map, ${title}` : title;
}

/** What an image still lacks: never nothing before it is whole. */
function pendingWords(cell: Cell, stopped: boolean): string | null {
  if (!isUnfinished(cell)) return null;
  if (cell.status === 'waiting') return stopped ? 'Stopped' : 'Waiting';
  if (cell.share >= 1) return 'Writing the result …';
  const percent = Math.floor(cell.share * 100);
  return percent === 0 ? 'Computing …' : `Computing … ${withUnit(percent, '%')}`;
}

function lines(...all: readonly (string | undefined)[]): string[] {
  return all.filter((line) => line !== undefined && line !== '') as string[];
}

/** What the image's name becomes when it is shown less a reference. */
export function differenceName(name: string, reference: Reference, gain: number): string {
  if (reference === 'none') return name;
  return `|${name} − ${reference === 'truth' ? 'ground truth' : 'original'}| × ${gain}`;
}
