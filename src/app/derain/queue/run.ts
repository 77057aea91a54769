import type { Draft, WorkerEvent } from './effects.ts';
import { clearStage, layComparison, recompose, score, sideChanged, sideReady } from './viewing.ts';
import { endTask, openPhoto, prepare, run, setRerun, settleRerun } from './schedule.ts';
import { canBeOpened, isUnderWay, MAX_ATTEMPTS } from './photo.ts';
import { currentPhoto, isSameLayer } from './state.ts';
import { setAside } from './photo.ts';
import { photoOf, resultLayer, setupOf, withPhoto } from './state.ts';
import { outputFormat } from '../../export/saveFormat.ts';
import { resultKey } from './resultFile.ts';
import type { Photo, UserError } from './photo.ts';
import type { Task } from './state.ts';

/** Passes of the self-ensemble: every flip and quarter turn. */
export const ENSEMBLE_SIZE = 8;
/** A photo was decoded, for the task or to be looked at. */
export function photoArrived(draft: Draft, id: string): void {
  const { task } = draft.state;
  if (task?.id === id && task.phase === 'opening') prepare(draft);
}

/** A photo could not be opened. */
export function photoLost(draft: Draft, id: string, state: 'refused' | 'failed', error: UserError): void {
  draft.state = withPhoto(draft.state, id, { state, error, share: 0, msLeft: null, attempts: 0 });
  settleRerun(draft, id, error);
  if (draft.state.task?.id === id) endTask(draft);
}

export function modelArrived(draft: Draft, model: string): void {
  const { task } = draft.state;
  if (task?.phase === 'preparing' && task.model === model) run(draft);
}

export function modelLost(draft: Draft, { model, name, error }: WorkerEvent & { readonly type: 'modelRefused' }): void {
  const { task } = draft.state;
  if (task?.phase !== 'preparing' || task.model !== model) return;
  if (task.side) sideChanged(draft, task.side, { status: 'failed' });
  else if (task.kind === 'rerun') settleRerun(draft, task.id, error);
  else if (!task.stopping) {
    draft.state = withPhoto(draft.state, task.id, { state: 'noModel', attempts: 0 });
    draft.state = { ...draft.state, modelError: { ...error, name } };
  }
  endTask(draft);
}

/** News of a run; of one that is not the task's there is none. */
export function runNews(
  draft: Draft,
  event: WorkerEvent & { readonly type: 'runProgressed' | 'runFinished' | 'runStopped' | 'runFailed' },
): void {
  const { task } = draft.state;
  if (!task || task.run !== event.run) return;
  if (event.type === 'runProgressed') return progressed(draft, task, event);
  endTask(draft);
  if (event.type === 'runFinished') finished(draft, task, event);
  else if (task.stopping) return;
  else if (event.type === 'runFailed') failed(draft, task, event.error);
  else if (task.side) sideChanged(draft, task.side, { status: 'queued' });
  else if (task.kind === 'rerun') setRerun(draft, task.id, 'waiting');
  else draft.state = withPhoto(draft.state, task.id, { state: 'waiting', share: 0, msLeft: null, attempts: 0 });
}

function progressed(draft: Draft, task: Task, { share, msLeft }: { share: number; msLeft: number }): void {
  if (task.stopping) return;
  if (task.side) sideChanged(draft, task.side, { share: Math.max(share, draft.state.sides[task.side].share) });
  else if (task.kind === 'photo') draft.state = withPhoto(draft.state, task.id, { share, msLeft });
}

function failed(draft: Draft, { kind, side, id }: Task, error: UserError): void {
  if (side) sideChanged(draft, side, { status: 'failed' });
  else if (kind === 'rerun') settleRerun(draft, id, error);
  else draft.state = withPhoto(draft.state, id, { state: 'failed', error, share: 0, msLeft: null, attempts: 0 });
}

function finished(draft: Draft, task: Task, { ms, residual }: { ms: number; residual: number | null }): void {
  if (task.side) {
    if (!task.stopping) sideReady(draft, task.side);
    return;
  }
  if (task.kind === 'rerun') return settleRerun(draft, task.id, null);
  const photo = photoOf(draft.state, task.id);
  const { settings } = draft.state;
  const setup = photo && setupOf(settings, photo);
  const isAsked = task.model === setup?.model && task.ensemble === setup?.ensemble;
  // One that was to wait and was done all the same is done; one that was cancelled, or done with another model, is not.
  if (!photo || !isAsked || (task.stopping && photo.state !== 'waiting')) return;
  draft.state = withPhoto(draft.state, task.id, {
    state: 'done',
    share: 1,
    msLeft: null,
    ms,
    residual,
    attempts: 0,
  });
  const perPixel = ms / (photo.size!.width * photo.size!.height) / (task.ensemble ? ENSEMBLE_SIZE : 1);
  draft.state = { ...draft.state, speeds: { ...draft.state.speeds, [task.model!]: perPixel } };
  const isCurrent = draft.state.currentId === task.id;
  const isOther = !isSameLayer(resultLayer(draft.state, photo), task.layer);
  if (isCurrent && isOther) recompose(draft, 'strength');
  else requestScore(draft, task.id);
  if (draft.state.photos.length > 1) keepResult(draft, task.id);
  if (isCurrent) layComparison(draft);
}

/** Figures against the ground truth, where it is known. */
export function requestScore(draft: Draft, id: string): void {
  const photo = photoOf(draft.state, id);
  const model = photo && setupOf(draft.state.settings, photo).model;
  if (photo && model) score(draft, photo, model);
}

/** Writes a result while the worker holds it, which it does for the photos at hand only. */
export function keepResult(draft: Draft, id: string): void {
  const { settings, encoding } = draft.state;
  const photo = photoOf(draft.state, id);
  const model = photo && setupOf(settings, photo).model;
  if (!photo || !model) return;
  const key = resultKey(settings, photo);
  draft.state = { ...draft.state, encoding: { ...encoding, [id]: key } };
  draft.effects.push({
    type: 'keepResult',
    key,
    request: {
      photo: id,
      model,
      layer: resultLayer(draft.state, photo),
      format: outputFormat(settings.save, photo),
      quality: settings.save.quality / 100,
      metadata: settings.save.keepMetadata ? 'keep' : 'strip',
    },
  });
}

/** The worker is gone with all it held: its photo is tried once more, then set aside. */
export function workerDied(draft: Draft): void {
  const { task, opening } = draft.state;
  draft.state = { ...draft.state, task: null, opening: new Set(), open: new Set(), encoding: {} };
  const photo = task && photoOf(draft.state, task.id);
  clearStage(draft);
  if (task?.side && !task.stopping) sideChanged(draft, task.side, { what: task.model!, status: 'failed' });
  for (const { id } of draft.state.reruns)
    settleRerun(draft, id, { reason: 'The worker that removes rain stopped.', hint: 'Try again.' });
  if (photo && isUnderWay(photo)) {
    const isOver = photo.attempts >= MAX_ATTEMPTS;
    draft.state = withPhoto(draft.state, photo.id, {
      state: isOver ? 'failed' : 'waiting',
      share: 0,
      msLeft: null,
      error: isOver ? setAside('worker that removes rain') : null,
    });
  }
  const current = currentPhoto(draft.state);
  if (!current || current.state === 'waiting' || !canBeOpened(current)) return;
  if (opening.has(current.id) && current.id !== photo?.id) return openOnceMore(draft, current);
  openPhoto(draft, current.id);
}

/** The worker died while it opened a photo that was only looked at. */
function openOnceMore(draft: Draft, { id, attempts }: Photo): void {
  const isOver = attempts + 1 >= MAX_ATTEMPTS;
  const aside = { state: 'failed', error: setAside('worker that removes rain') } as const;
  draft.state = withPhoto(draft.state, id, { attempts: attempts + 1, ...(isOver ? aside : {}) });
  if (!isOver) openPhoto(draft, id);
}
