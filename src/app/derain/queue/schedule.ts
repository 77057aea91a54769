import type { DerainJob } from '../../../protocol/derainer.ts';
import type { Draft } from './effects.ts';
import { sideChanged } from './viewing.ts';
import { currentPhoto, photoOf, resultLayer, setupOf, SIDES, withPhoto } from './state.ts';
import type { Photo, UserError } from './photo.ts';
import type { QueueState, Side, Task } from './state.ts';

/** What the tensors of one tile may take, bytes. */
export const TILE_BYTES = 400e6;
/**
 * Gives the device its next task: the photo looked at, then what it is compared with, what the export waits for, and the
 * other photos in their order. A pause holds photos back, nothing else. A run of a photo that nobody looks at gives way.
 */
export function startNext(draft: Draft): void {
  const { task, currentId } = draft.state;
  const isBehind = task?.kind === 'photo' && task.id !== currentId;
  if (isBehind && (currentWaiting(draft.state) || queuedSide(draft.state))) interrupt(draft);
  while (!draft.state.task && begun(draft)); // One that waits for a model leaves the device free.
}

/** Begins what comes first; false when there is nothing. */
function begun(draft: Draft): boolean {
  const { state } = draft;
  const current = currentWaiting(state);
  const side = queuedSide(state);
  const rerun = state.reruns.find(({ status }) => status === 'waiting');
  const other = state.paused ? undefined : state.photos.find((photo) => photo.state === 'waiting');
  if (current) beginPhoto(draft, current);
  else if (side) begin(draft, { kind: 'compare', id: state.currentId!, model: state.sides[side].what, side });
  else if (rerun) {
    setRerun(draft, rerun.id, 'running');
    begin(draft, { kind: 'rerun', id: rerun.id, model: modelOf(state, rerun.id), side: null });
  } else if (other) beginPhoto(draft, other);
  else return false;
  return true;
}

function currentWaiting(state: QueueState): Photo | null {
  const photo = state.paused ? null : currentPhoto(state);
  return photo?.state === 'waiting' ? photo : null;
}

function queuedSide({ sides }: QueueState): Side | null {
  return SIDES.find((side) => sides[side].status === 'queued') ?? null;
}

function beginPhoto(draft: Draft, { id, attempts }: Photo): void {
  draft.state = withPhoto(draft.state, id, {
    state: 'opening',
    share: 0,
    msLeft: null,
    error: null,
    attempts: attempts + 1,
  });
  begin(draft, { kind: 'photo', id, model: modelOf(draft.state, id), side: null });
}

function modelOf(state: QueueState, id: string): string | null {
  const photo = photoOf(state, id);
  return photo && setupOf(state.settings, photo).model;
}

function begin(draft: Draft, what: Pick<Task, 'kind' | 'id' | 'model' | 'side'>): void {
  const { settings, serial } = draft.state;
  const photo = photoOf(draft.state, what.id)!;
  const { ensemble } = setupOf(settings, photo);
  const layer = resultLayer(draft.state, photo);
  const task: Task = { ...what, run: serial + 1, layer, ensemble, phase: 'opening', stopping: false };
  draft.state = { ...draft.state, serial: serial + 1, task };
  if (isAtHand(draft.state, task.id)) prepare(draft);
  else openPhoto(draft, task.id);
}

/** Whether the worker holds a photo and, if it is the current one, the stage shows it. */
function isAtHand(state: QueueState, id: string): boolean {
  return state.open.has(id) && photoOf(state, id)?.size != null && (state.currentId !== id || state.stage.original);
}

/** Lets the worker decode a photo, unless it is at it. */
export function openPhoto(draft: Draft, id: string): void {
  if (draft.state.opening.has(id)) return;
  draft.state = { ...draft.state, opening: new Set([...draft.state.opening, id]) };
  draft.effects.push({ type: 'openPhoto', id });
}

/** The photo of the task is open: next its model. */
export function prepare(draft: Draft): void {
  const task = draft.state.task!;
  const photo = photoOf(draft.state, task.id);
  if (task.stopping || !photo || (task.kind === 'photo' && photo.state !== 'opening')) return endTask(draft);
  const model = task.kind === 'compare' ? task.model : setupOf(draft.state.settings, photo).model;
  if (model === null) {
    if (task.kind === 'rerun')
      settleRerun(draft, task.id, {
        reason: 'There is no model to remove the rain with.',
        hint: 'Choose one first.',
      });
    else draft.state = withPhoto(draft.state, task.id, { state: 'noModel', attempts: 0 });
    return endTask(draft);
  }
  draft.state = { ...draft.state, task: { ...task, model, phase: 'preparing' } };
  draft.effects.push({ type: 'prepareModel', model });
}

export function run(draft: Draft): void {
  const task = draft.state.task!;
  const photo = photoOf(draft.state, task.id);
  if (task.stopping || !photo?.size || task.model === null) return endTask(draft);
  const { settings } = draft.state;
  const layer = resultLayer(draft.state, photo);
  const running: Task = { ...task, phase: 'running', layer };
  draft.state = { ...draft.state, task: running };
  if (task.kind === 'photo') {
    draft.state = withPhoto(draft.state, task.id, { state: 'working' });
    if (draft.state.currentId === task.id) {
      draft.state = { ...draft.state, stage: { ...draft.state.stage, derained: 'worker' } };
      draft.effects.push({ type: 'beginLayer', layer: 'derained' });
    }
  }
  if (task.side) sideChanged(draft, task.side, { status: 'running' });
  const job: Omit<DerainJob, 'focus'> = {
    photo: task.id,
    model: task.model,
    backend: settings.backend,
    strength: layer.strength,
    ...(layer.protection ? { protection: layer.protection } : {}),
    ensemble: task.ensemble,
    memoryBytes: TILE_BYTES,
  };
  const shownOn = task.kind === 'photo' ? 'derained' : task.side;
  draft.effects.push({ type: 'derain', run: task.run, size: photo.size, job, layer: shownOn });
}

/** Ends the task under way as soon as it can be; what it works on is left as it is. */
export function stopTask(draft: Draft): void {
  const { task } = draft.state;
  if (!task || task.stopping) return;
  draft.state = { ...draft.state, task: { ...task, stopping: true } };
  if (task.phase === 'running') draft.effects.push({ type: 'cancelRun' });
}

/** Ends the task under way, and lets what it works on wait for its turn again. */
export function interrupt(draft: Draft): void {
  const { task } = draft.state;
  if (!task || task.stopping) return;
  stopTask(draft);
  if (task.side) sideChanged(draft, task.side, { status: 'queued' });
  else if (task.kind === 'rerun') setRerun(draft, task.id, 'waiting');
  else draft.state = withPhoto(draft.state, task.id, { state: 'waiting', share: 0, msLeft: null, attempts: 0 });
}

export function endTask(draft: Draft): void {
  draft.state = { ...draft.state, task: null };
}

export function setRerun(draft: Draft, id: string, status: 'waiting' | 'running' | 'ready'): void {
  const { reruns } = draft.state;
  draft.state = { ...draft.state, reruns: reruns.map((one) => (one.id === id ? { ...one, status } : one)) };
}

/** Tells the export how its wish ended: with an error it is over, else it holds the photo until it is released. */
export function settleRerun(draft: Draft, id: string, error: UserError | null): void {
  if (!draft.state.reruns.some((one) => one.id === id)) return;
  if (error) draft.state = { ...draft.state, reruns: draft.state.reruns.filter((one) => one.id !== id) };
  else setRerun(draft, id, 'ready');
  draft.effects.push({ type: 'settleRerun', id, error });
}

/** Lets the worker close every photo that nobody needs: it holds four bytes a pixel and more. */
export function closeIdle(draft: Draft): void {
  const { open, task, reruns, encoding, currentId } = draft.state;
  const needed = new Set([currentId, task?.id, ...reruns.map(({ id }) => id), ...Object.keys(encoding)]);
  const idle = [...open].filter((id) => !needed.has(id));
  if (idle.length === 0) return;
  draft.state = { ...draft.state, open: new Set([...open].filter((id) => needed.has(id))) };
  for (const id of idle) draft.effects.push({ type: 'closePhoto', id });
}
