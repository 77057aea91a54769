import type { EvaluationRow } from '../../../protocol/derainer.ts';
import { cellKey, cellOf, imageOf, MAX_MODELS, waitingCell } from './state.ts';
import type { Cell, CompareState, ComparedImage, Task, UserError } from './state.ts';

/** What happened. Facts of a task carry its run; those of an earlier run no longer count. */
export type CompareEvent =
  | { readonly type: 'imagesAdded'; readonly images: readonly ComparedImage[] }
  | { readonly type: 'imageFocused'; readonly id: string }
  | { readonly type: 'imageRemoved'; readonly id: string }
  | { readonly type: 'imageReturned'; readonly image: ComparedImage; readonly at: number }
  | { readonly type: 'truthGiven'; readonly id: string; readonly truth: Blob | null }
  | { readonly type: 'thumbnailMade'; readonly id: string; readonly thumbnail: Blob }
  /** The file is no readable image. */
  | { readonly type: 'imageUnreadable'; readonly id: string; readonly error: UserError }
  | { readonly type: 'modelsChosen'; readonly models: readonly string[] }
  | { readonly type: 'stopped' }
  | { readonly type: 'resumed' }
  | { readonly type: 'cellRetried'; readonly image: string; readonly model: string }
  /** There are more metrics than before. */
  | { readonly type: 'metricsChanged' }
  | { readonly type: 'progressed'; readonly run: number; readonly share: number; readonly msLeft: number }
  | {
      readonly type: 'derained';
      readonly run: number;
      readonly ms: number;
      readonly output: Blob;
      readonly rainMap: Blob;
    }
  | { readonly type: 'derainStopped'; readonly run: number }
  | { readonly type: 'derainFailed'; readonly run: number; readonly error: UserError }
  | { readonly type: 'evaluated'; readonly run: number; readonly rows: readonly EvaluationRow[] }
  | { readonly type: 'evaluationFailed'; readonly run: number; readonly error: UserError };

/** What follows from an event. */
export type CompareEffect =
  | { readonly type: 'derain'; readonly run: number; readonly image: ComparedImage; readonly model: string }
  | {
      readonly type: 'evaluate';
      readonly run: number;
      readonly image: ComparedImage;
      /** What a model made of the image; null measures the image itself. */
      readonly model: string | null;
      readonly output: Blob | null;
      readonly rainMap: Blob | null;
    }
  | { readonly type: 'cancelDerain' }
  | { readonly type: 'offerUndo'; readonly image: ComparedImage; readonly at: number };

export interface Reduced {
  readonly state: CompareState;
  readonly effects: readonly CompareEffect[];
}

/** The state after an event, and what is to be done. The next task begins by itself. */
export function reduce(before: CompareState, event: CompareEvent): Reduced {
  const { state, effects } = apply(before, event);
  const task = state.task;
  if (task && !task.stopping && task.kind === 'derain' && !isWanted(state, task)) {
    const stopping = { ...state, task: { ...task, stopping: true } };
    return { state: stopping, effects: [...effects, { type: 'cancelDerain' }] };
  }
  const next = nextTask(state);
  return next ? begin(state, next, effects) : { state, effects };
}

function isWanted({ images, models, stopped, unreadable }: CompareState, { image, model }: Task): boolean {
  return !stopped && !unreadable[image] && images.some(({ id }) => id === image) && models.includes(model!);
}

function apply(state: CompareState, event: CompareEvent): Reduced {
  const plain = (next: CompareState): Reduced => ({ state: next, effects: [] });
  switch (event.type) {
    case 'imagesAdded':
      return plain({
        ...state,
        images: [...state.images, ...event.images],
        currentId: state.currentId ?? event.images[0]?.id ?? null,
      });
    case 'imageFocused':
      return plain(imageOf(state, event.id) ? { ...state, currentId: event.id } : state);
    case 'imageRemoved':
      return removed(state, event.id);
    case 'imageReturned':
      return plain({
        ...state,
        images: state.images.toSpliced(event.at, 0, event.image),
        currentId: event.image.id,
      });
    case 'truthGiven':
      return plain(measuredAgain(withImage(state, event.id, { truth: event.truth }), event.id));
    case 'thumbnailMade':
      return plain(withImage(readable(state, event.id), event.id, { thumbnail: event.thumbnail }));
    case 'imageUnreadable':
      return plain({ ...state, unreadable: { ...state.unreadable, [event.id]: event.error } });
    case 'modelsChosen':
      return plain({ ...state, models: [...new Set(event.models)].slice(0, MAX_MODELS) });
    case 'stopped':
      return plain({ ...state, stopped: true });
    case 'resumed':
      return plain({ ...state, stopped: false });
    case 'cellRetried':
      return plain({ ...withCell(state, event.image, event.model, waitingCell), stopped: false });
    case 'metricsChanged':
      return plain(state.images.reduce((next, { id }) => measuredAgain(next, id), state));
    default:
      return plain(state.task?.run === event.run ? ended(state, state.task, event) : state);
  }
}

type TaskEvent = Extract<CompareEvent, { readonly run: number }>;

/** The state after news of the task under way. */
function ended(state: CompareState, task: Task, event: TaskEvent): CompareState {
  const { image, model } = task;
  const idle = { ...state, task: null };
  switch (event.type) {
    case 'progressed': {
      const share = Math.max(cellOf(state, image, model!).share, event.share);
      return withCell(state, image, model!, { share, msLeft: event.msLeft });
    }
    case 'derained': {
      const { ms, output, rainMap } = event;
      return withCell(idle, image, model!, { status: 'measuring', share: 1, msLeft: null, ms, output, rainMap });
    }
    case 'derainStopped':
      return withCell(idle, image, model!, waitingCell);
    case 'derainFailed':
      return withCell(idle, image, model!, { ...waitingCell, status: 'failed', error: event.error });
    case 'evaluated':
      if (model === null) return withInput(idle, image, { rows: event.rows, error: null });
      return withCell(idle, image, model, { status: 'done', rows: event.rows });
    case 'evaluationFailed':
      // The image stands; only its figures are missing, and the image itself says why.
      if (model === null) return withInput(idle, image, { rows: [], error: event.error });
      return withCell(idle, image, model, { status: 'done', rows: [], error: event.error });
    default:
      return event satisfies never;
  }
}

/** Cells of an image whose figures are out of date are measured again; no network runs. */
function measuredAgain(state: CompareState, id: string): CompareState {
  const { [id]: _, ...inputs } = state.inputs;
  const cells = Object.fromEntries(
    Object.entries(state.cells).map(([key, cell]) => {
      const isStale = key.startsWith(cellKey(id, '')) && cell.output !== null;
      return [key, isStale ? { ...cell, status: 'measuring' as const, rows: null, error: null } : cell];
    }),
  );
  // What is being measured now is against the old truth.
  const task = state.task?.kind === 'evaluate' && state.task.image === id ? null : state.task;
  return { ...state, inputs, cells, task };
}

/** The image can be read after all. What failed on it before is tried again. */
function readable(state: CompareState, id: string): CompareState {
  if (!state.unreadable[id]) return state;
  const { [id]: _, ...unreadable } = state.unreadable;
  const { [id]: __, ...inputs } = state.inputs;
  const isOther = (key: string): boolean => !key.startsWith(cellKey(id, ''));
  const cells = Object.fromEntries(Object.entries(state.cells).filter(([key]) => isOther(key)));
  return { ...state, unreadable, inputs, cells };
}

function removed(state: CompareState, id: string): Reduced {
  const at = state.images.findIndex((image) => image.id === id);
  const image = state.images[at];
  if (!image) return { state, effects: [] };
  const images = state.images.toSpliced(at, 1);
  const currentId = state.currentId === id ? (images[Math.min(at, images.length - 1)]?.id ?? null) : state.currentId;
  // The last removal can be undone, so what was found on its image stays; earlier ones are let go of.
  const kept = (key: string): boolean => state.images.some((one) => key.startsWith(cellKey(one.id, '')));
  const cells = Object.fromEntries(Object.entries(state.cells).filter(([key]) => kept(key)));
  return { state: { ...state, images, currentId, cells }, effects: [{ type: 'offerUndo', image, at }] };
}

type NextTask = { readonly image: ComparedImage } & (
  { readonly kind: 'derain'; readonly model: string } | { readonly kind: 'evaluate'; readonly model: string | null }
);

/** What is done next: the image that is looked at before all others, its derainers in order, figures as soon as they can be had. */
function nextTask(state: CompareState): NextTask | null {
  if (state.task) return null;
  const current = imageOf(state, state.currentId);
  const others = state.images.filter((image) => image !== current);
  for (const image of current ? [current, ...others] : others) {
    if (state.unreadable[image.id]) continue;
    for (const model of state.models) {
      const { status } = cellOf(state, image.id, model);
      if (status === 'measuring') return { kind: 'evaluate', image, model };
      if (status === 'waiting' && !state.stopped) return { kind: 'derain', image, model };
    }
    if (!state.inputs[image.id] && !state.stopped) return { kind: 'evaluate', image, model: null };
  }
  return null;
}

function begin(state: CompareState, next: NextTask, effects: readonly CompareEffect[]): Reduced {
  const run = state.serial + 1;
  const { image, kind, model } = next;
  const task = { ...next, run, image: image.id, stopping: false };
  const begun = { ...state, serial: run, task };
  if (kind === 'derain') {
    return {
      state: withCell(begun, image.id, model, { ...waitingCell, status: 'running' }),
      effects: [...effects, { type: 'derain', run, image, model }],
    };
  }
  const { output = null, rainMap = null } = model === null ? {} : cellOf(state, image.id, model);
  return { state: begun, effects: [...effects, { type: 'evaluate', run, image, model, output, rainMap }] };
}

function withCell(state: CompareState, image: string, model: string, change: Partial<Cell>): CompareState {
  const cell = { ...cellOf(state, image, model), ...change };
  return { ...state, cells: { ...state.cells, [cellKey(image, model)]: cell } };
}

function withInput(state: CompareState, image: string, figures: CompareState['inputs'][string]): CompareState {
  return { ...state, inputs: { ...state.inputs, [image]: figures } };
}

function withImage(state: CompareState, id: string, change: Partial<ComparedImage>): CompareState {
  return { ...state, images: state.images.map((image) => (image.id === id ? { ...image, ...change } : image)) };
}
