import type { Shown } from '../layers/cellLayers.ts';
import { cellOf, isUnfinished } from '../run/state.ts';
import type { Cell, CompareState, ComparedImage } from '../run/state.ts';
import type { ChannelChoice, Reference } from '../session/settings.ts';
import type { ComparedModel } from '../session/useCompared.ts';
import { awaitedLine, figuresLine, sizeLine, timeLine } from '../table/figures.ts';
import { withUnit } from '../../ui/format.ts';

/** What stands with an image of the grid. */
export interface CellWords {
  readonly name: string;
  /** Figures, a line each; there may be none. */
  readonly lines: readonly string[];
  /** Lines as wide as `lines` will be: their room is kept from the first moment, so that no image moves when figures come. */
  readonly room: readonly string[];
  /** What the image still lacks, said on the image itself; null when it is whole. */
  readonly pending: string | null;
  /** Why it failed. */
  readonly error: string | null;
}

/** Multiply-adds per pixel of many digits: they become known when the model has been loaded. */
const WIDE_SIZE = 1_580_000;
/** As wide as `timeLine` usually is. */
const WIDE_TIME = timeLine(10_000, { width: 1000, height: 8000 });

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
  const nothing = { lines: [], room: [], pending: null, error: null };
  switch (shown.kind) {
    case 'original': {
      if (unreadable) return { ...nothing, name: 'Original', error: `${unreadable.reason} ${unreadable.hint}` };
      const input = state.inputs[image.id];
      const awaited = (values: 'dashes' | 'wide'): string =>
        awaitedLine('image', image.truth !== null, channels, values);
      const line = input ? figuresLine(input.rows, 'image', channels) : awaited('dashes');
      return { ...nothing, name: 'Original', lines: lines(line, input?.error?.reason), room: [awaited('wide')] };
    }
    case 'truth':
      return { ...nothing, name: 'Ground truth' };
    case 'trueRainMap':
      return { ...nothing, name: 'True rain map' };
    case 'output':
    case 'rainMap': {
      const model = models.find(({ id }) => id === shown.model);
      const cell = cellOf(state, image.id, shown.model);
      if (unreadable) return { ...nothing, name: modelName(shown.kind, model), pending: 'Not derained' };
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
  const isOutput = kind === 'output';
  const sizeOf = (multiplyAdds: number | null): string =>
    model && isOutput ? sizeLine(model.parameters, multiplyAdds) : '';
  const time = cell.ms !== null && isOutput ? timeLine(cell.ms, image.size) : '';
  const awaited = (values: 'dashes' | 'wide'): string =>
    awaitedLine(isOutput ? 'image' : 'rainMap', image.truth !== null, channels, values);
  const error = cell.status === 'failed' && cell.error ? `${cell.error.reason} ${cell.error.hint}` : null;
  const missing = cell.status === 'done' ? cell.error?.reason : undefined;
  const figures =
    cell.status === 'done'
      ? figuresLine(cell.rows ?? [], isOutput ? 'image' : 'rainMap', channels)
      : error === null
        ? awaited('dashes')
        : '';
  return {
    name: modelName(kind, model),
    lines: lines(
      cell.status === 'measuring' ? 'Measuring …' : figures,
      missing,
      sizeOf(model?.multiplyAdds ?? null),
      time,
    ),
    room: lines(awaited('wide'), sizeOf(WIDE_SIZE), isOutput ? WIDE_TIME : ''),
    pending: pendingWords(cell, stopped),
    error,
  };
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
