import type { EvaluationRow } from '../../../protocol/derainer.ts';
import type { Size } from '../../zoom/viewport.ts';

/** What is wrong, and what the person can do; whole sentences. */
export interface UserError {
  readonly reason: string;
  readonly hint: string;
}

/** An image that derainers are compared on. */
export interface ComparedImage {
  readonly id: string;
  readonly name: string;
  readonly file: Blob;
  /** The same image without rain, where it is known. */
  readonly truth: Blob | null;
  readonly size: Size;
  readonly thumbnail: Blob | null;
}

/** What a derainer makes of an image. `waiting` to be derained, `measuring` until its figures are there. */
export interface Cell {
  readonly status: 'waiting' | 'running' | 'measuring' | 'done' | 'failed';
  /** Share of the image that is derained, 0…1. */
  readonly share: number;
  readonly msLeft: number | null;
  /** Time that the network took, milliseconds. */
  readonly ms: number | null;
  /** The derained image and its rain map, as files. */
  readonly output: Blob | null;
  readonly rainMap: Blob | null;
  readonly rows: readonly EvaluationRow[] | null;
  readonly error: UserError | null;
}

/** Figures of a rainy image itself, or why there are none. */
export interface InputFigures {
  readonly rows: readonly EvaluationRow[];
  readonly error: UserError | null;
}

/** What the worker does: at most one task at a time. */
export type Task = { readonly run: number; readonly image: string; readonly stopping: boolean } & (
  | { readonly kind: 'derain'; readonly model: string }
  /** Null: the rainy image itself. */
  | { readonly kind: 'evaluate'; readonly model: string | null }
);

export interface CompareState {
  readonly images: readonly ComparedImage[];
  readonly currentId: string | null;
  /** Ids of the chosen derainers, in the order of the grid. */
  readonly models: readonly string[];
  /** By `cellKey`; those of models that are no longer chosen stay, so that choosing them again costs nothing. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** By image. */
  readonly inputs: Readonly<Record<string, InputFigures>>;
  /** Why an image cannot be read, by image: it is neither derained nor measured. */
  readonly unreadable: Readonly<Record<string, UserError>>;
  /** Nothing new is begun. */
  readonly stopped: boolean;
  readonly task: Task | null;
  readonly serial: number;
}

export const emptyComparison: CompareState = {
  images: [],
  currentId: null,
  models: [],
  cells: {},
  inputs: {},
  unreadable: {},
  stopped: false,
  task: null,
  serial: 0,
};

/** So many derainers can be told apart in a grid, and by keys. */
export const MAX_MODELS = 6;

export const waitingCell: Cell = {
  status: 'waiting',
  share: 0,
  msLeft: null,
  ms: null,
  output: null,
  rainMap: null,
  rows: null,
  error: null,
};

export function cellKey(image: string, model: string): string {
  return `${image}\n${model}`;
}

export function cellOf({ cells }: Pick<CompareState, 'cells'>, image: string, model: string): Cell {
  return cells[cellKey(image, model)] ?? waitingCell;
}

export function imageOf({ images }: Pick<CompareState, 'images'>, id: string | null): ComparedImage | null {
  return images.find((image) => image.id === id) ?? null;
}

/** Whether the cell's image is not whole yet. */
export function isUnfinished({ status }: Cell): boolean {
  return status === 'waiting' || status === 'running';
}

/** How far the whole comparison is. */
export interface Progress {
  /** Cells: images × derainers. */
  readonly total: number;
  readonly done: number;
  readonly failed: number;
}

export function progressOf(state: Pick<CompareState, 'images' | 'models' | 'cells' | 'unreadable'>): Progress {
  const all = state.images.flatMap(({ id }) =>
    state.models.map((model) => (state.unreadable[id] ? 'failed' : cellOf(state, id, model).status)),
  );
  const count = (...statuses: readonly Cell['status'][]): number =>
    all.filter((status) => statuses.includes(status)).length;
  return { total: all.length, done: count('done', 'measuring'), failed: count('failed') };
}
