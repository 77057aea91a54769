import { editProtection } from '../../protect/protecting.ts';
import type { Draft, Effect, QueueEvent } from './effects.ts';
import { storageEffects } from './persistence.ts';
import { AGAIN, canBeOpened, isUnderWay, isUnfinished } from './photo.ts';
import type { Photo } from './photo.ts';
import { resultKey } from './resultFile.ts';
import {
  keepResult,
  modelArrived,
  modelLost,
  photoArrived,
  photoLost,
  requestScore,
  runNews,
  workerDied,
} from './run.ts';
import { closeIdle, interrupt, openPhoto, settleRerun, startNext, stopTask } from './schedule.ts';
import { changeSettings, changeWork, setUpAll, showsOtherResult } from './setup.ts';
import { currentPhoto, isSameLayer, photoOf, resultLayer, setupOf, SIDES, withPhoto, withPhotos } from './state.ts';
import type { QueueState } from './state.ts';
import { clearStage, layComparison, photoShown, recompose, resultComposed, resultFileShown } from './viewing.ts';
import { sideChanged, sideComposed, sideFailed } from './viewing.ts';

/** What follows from an event: the next state, and what is to be done. Pure. */
export function reduce(state: QueueState, event: QueueEvent): { state: QueueState; effects: readonly Effect[] } {
  const draft: Draft = { state, effects: [] };
  handle(draft, event);
  startNext(draft);
  closeIdle(draft);
  return { state: draft.state, effects: [...draft.effects, ...storageEffects(state, draft.state, event)] };
}

type EventOf<Type extends QueueEvent['type']> = Extract<QueueEvent, { readonly type: Type }>;
type Handlers = { readonly [Type in QueueEvent['type']]: (draft: Draft, event: EventOf<Type>) => void };

const NOT_PAUSED = { paused: false, otherModel: false } as const;

const handlers: Handlers = {
  // What a person does.
  photosAdded: (draft, { photos }) => add(draft, photos),
  photoFocused: (draft, { id }) => focus(draft, id),
  photoRemoved: (draft, { id }) => remove(draft, id),
  allRemoved: (draft) => removeAll(draft),
  settingsChanged: (draft, { settings }) => changeSettings(draft, settings),
  photoCancelled(draft, { id }) {
    const { task } = draft.state;
    draft.state = withPhoto(draft.state, id, { state: 'cancelled', attempts: 0 });
    if (task?.kind === 'photo' && task.id === id) stopTask(draft);
  },
  allCancelled(draft) {
    draft.state = { ...withPhotos(draft.state, isUnfinished, { state: 'cancelled', attempts: 0 }), ...NOT_PAUSED };
    if (draft.state.task?.kind === 'photo') stopTask(draft);
  },
  photoRetried(draft, { id }) {
    draft.state = withPhoto(draft.state, id, AGAIN);
  },
  allRetried(draft) {
    draft.state = withPhotos(draft.state, ({ state }) => state === 'cancelled' || state === 'failed', AGAIN);
  },
  photosReturned(draft, { photos }) {
    draft.state = { ...draft.state, photos: [...photos.map(atRest), ...draft.state.photos] };
    store(draft, photos);
    if (!draft.state.currentId && photos[0]) focus(draft, photos[0].id);
  },
  paused(draft) {
    draft.state = { ...draft.state, paused: true };
    if (draft.state.task?.kind === 'photo') interrupt(draft);
  },
  resumed(draft) {
    draft.state = { ...draft.state, ...NOT_PAUSED };
  },
  truthGiven(draft, { id, truth }) {
    draft.state = withPhoto(draft.state, id, { truth });
    if (photoOf(draft.state, id)?.state === 'done') requestScore(draft, id);
    if (draft.state.currentId === id) layComparison(draft);
  },
  photoSetUp(draft, { id, own }) {
    const photo = photoOf(draft.state, id);
    if (photo) changeWork(draft, withPhoto(draft.state, id, { own: { ...photo.own, ...own } }));
  },
  allSetUp: (draft, { change }) => setUpAll(draft, change),
  protectionEdited(draft, { id, edit }) {
    const photo = photoOf(draft.state, id);
    if (!photo) return;
    const protecting = editProtection(photo.protecting, edit);
    if (protecting === photo.protecting) return;
    draft.state = withPhoto(draft.state, id, { protecting });
    if (draft.state.currentId !== id) return;
    recompose(draft, 'strength');
    if (showsOtherResult(draft.state.settings)) layComparison(draft);
  },
  viewMoved(draft) {
    const { task, currentId } = draft.state;
    const size = currentPhoto(draft.state)?.size;
    if (size && task?.phase === 'running' && task.id === currentId)
      draft.effects.push({ type: 'moveFocus', id: task.id, size });
  },
  modelFileOpened(draft, { error }) {
    draft.state = { ...draft.state, modelError: error };
  },
  rerunRequested(draft, { id }) {
    const { reruns } = draft.state;
    if (reruns.some((one) => one.id === id)) return;
    draft.state = { ...draft.state, reruns: [...reruns, { id, status: 'waiting' }] };
  },
  rerunReleased(draft, { id }) {
    draft.state = { ...draft.state, reruns: draft.state.reruns.filter((one) => one.id !== id) };
  },

  // What the worker answers.
  fileChecked(draft, { id, error }) {
    const photo = photoOf(draft.state, id);
    if (!error || !photo || !isUnfinished(photo)) return;
    draft.state = withPhoto(draft.state, id, { state: 'refused', error, share: 0, msLeft: null, attempts: 0 });
    if (draft.state.task?.id === id) stopTask(draft);
  },
  photoOpened(draft, { id, size, format, metadata }) {
    const { opening, open } = draft.state;
    draft.state = { ...draft.state, opening: without(opening, [id]), open: new Set([...open, id]) };
    const photo = photoOf(draft.state, id);
    const attempts = photo && isUnderWay(photo) ? photo.attempts : 0;
    draft.state = withPhoto(draft.state, id, { size, type: format, metadata, attempts });
    if (draft.state.currentId === id) photoShown(draft);
    photoArrived(draft, id);
  },
  photoRefused(draft, { id, error }) {
    draft.state = { ...draft.state, opening: without(draft.state.opening, [id]) };
    photoLost(draft, id, 'refused', error);
  },
  openFailed(draft, { id, error }) {
    draft.state = { ...draft.state, opening: without(draft.state.opening, [id]) };
    photoLost(draft, id, 'failed', error);
  },
  thumbnailMade(draft, { id, thumbnail }) {
    draft.state = withPhoto(draft.state, id, { thumbnail });
  },
  modelReady: (draft, { model }) => modelArrived(draft, model),
  modelRefused: modelLost,
  runProgressed: runNews,
  runFinished: runNews,
  runStopped: runNews,
  runFailed: runNews,
  scored(draft, { id, model, layer, scores }) {
    const photo = photoOf(draft.state, id);
    if (photo?.state !== 'done' || !isSameLayer(layer, resultLayer(draft.state, photo))) return;
    if (setupOf(draft.state.settings, photo).model === model) draft.state = withPhoto(draft.state, id, { scores });
    if (draft.state.currentId !== id) return;
    for (const side of SIDES) if (draft.state.sides[side].what === model) sideChanged(draft, side, { scores });
  },
  resultKept(draft, { id, key, file }) {
    const { [id]: awaited, ...encoding } = draft.state.encoding;
    const isAwaited = awaited === key;
    if (isAwaited) draft.state = { ...draft.state, encoding };
    // Written for the queue, or by the export; one that was made with other settings meanwhile counts no longer.
    const photo = photoOf(draft.state, id);
    const counts = photo && (isAwaited || key === resultKey(draft.state.settings, photo));
    if (!file || !counts || photo.state !== 'done') return;
    draft.state = withPhoto(draft.state, id, { result: { key, file } });
    if (draft.state.currentId === id && draft.state.settings.show === 'saved') layComparison(draft);
  },
  workerDied,
  resultComposed(draft, { ticket, purpose, found }) {
    const { currentId } = draft.state;
    if (resultComposed(draft, ticket, purpose, found)) requestScore(draft, currentId!);
  },
  resultFileShown: (draft, { ticket, shown }) => resultFileShown(draft, ticket, shown),
  sideComposed: (draft, { side, ticket, found }) => sideComposed(draft, side, ticket, found),
  sideFailed: (draft, { side, ticket }) => sideFailed(draft, side, ticket),

  // What the storage says.
  restored(draft, { photos, model, paused, viewed }) {
    const { currentId, settings } = draft.state;
    draft.state = { ...draft.state, photos: [...photos, ...draft.state.photos] };
    const waiting = photos.filter(({ state }) => state === 'waiting');
    for (const { id, size } of waiting) if (!size) draft.effects.push({ type: 'checkFile', id });
    // As before the reload: by itself with the same model, else when it is told to.
    const isShared = ({ own }: Photo): boolean => own.model === undefined;
    const otherModel = waiting.some(isShared) && model !== null && model !== settings.model;
    draft.state = { ...draft.state, otherModel, paused: otherModel || (paused && waiting.length > 0) };
    const first = photos.find(({ id }) => id === viewed) ?? waiting[0] ?? photos[0];
    if (!currentId && first) focus(draft, first.id);
  },
  saved(draft, { id }) {
    const { storing, unkept } = draft.state;
    if (storing.has(id)) draft.state = { ...draft.state, storing: without(storing, [id]) };
    if (unkept.has(id)) draft.state = { ...draft.state, unkept: without(unkept, [id]) };
  },
  saveFailed(draft, { id, full }) {
    const { storing, unkept } = draft.state;
    if (!photoOf(draft.state, id)) return;
    if (unkept.size === 0) draft.effects.push({ type: 'warnUnkept', full });
    draft.state = { ...draft.state, storing: without(storing, [id]), unkept: new Set([...unkept, id]) };
  },
  resultSaved(draft, { id, given, file }) {
    const result = photoOf(draft.state, id)?.result;
    if (result?.file === given) draft.state = withPhoto(draft.state, id, { result: { ...result, file } });
  },
  storageFreed(draft) {
    for (const id of draft.state.unkept) draft.effects.push({ type: 'save', id }); // There may be room now.
  },
};

function handle<Type extends QueueEvent['type']>(draft: Draft, event: EventOf<Type>): void {
  (handlers[event.type] as (draft: Draft, event: EventOf<Type>) => void)(draft, event);
}

function without(ids: ReadonlySet<string>, gone: readonly string[]): ReadonlySet<string> {
  return new Set([...ids].filter((id) => !gone.includes(id)));
}

/** What `storageEffects` has stored of new photos comes back as `saved` or `saveFailed`. */
function store(draft: Draft, photos: readonly Photo[]): void {
  draft.state = { ...draft.state, storing: new Set([...draft.state.storing, ...photos.map(({ id }) => id)]) };
}

/** New photos come last, and the first of them is looked at. A result that lay in the worker alone is kept as a file now. */
function add(draft: Draft, photos: readonly Photo[]): void {
  if (photos.length === 0) return;
  for (const { id, state, result } of draft.state.photos) if (state === 'done' && !result) keepResult(draft, id);
  draft.state = { ...draft.state, photos: [...draft.state.photos, ...photos] };
  store(draft, photos);
  for (const { id } of photos) draft.effects.push({ type: 'checkFile', id });
  focus(draft, photos[0]!.id);
}

/** Puts another photo on the stage. One that waits is opened when its turn comes, which is next. */
function focus(draft: Draft, id: string): void {
  const photo = photoOf(draft.state, id);
  if (draft.state.currentId === id || !photo) return;
  if (draft.state.task?.side) stopTask(draft);
  clearStage(draft);
  draft.state = { ...draft.state, currentId: id };
  const isNext = photo.state === 'waiting' && !draft.state.paused;
  if (!isNext && canBeOpened(photo)) openPhoto(draft, id);
}

function remove(draft: Draft, id: string): void {
  const { photos, currentId } = draft.state;
  const index = photos.findIndex((photo) => photo.id === id);
  if (index < 0) return;
  leave(draft, [id]);
  if (currentId !== id) return;
  const neighbour = photos[index + 1] ?? photos[index - 1];
  clearStage(draft);
  draft.state = { ...draft.state, currentId: null };
  if (neighbour) focus(draft, neighbour.id);
}

/** Empties the queue; for a moment the photos can be brought back with their results. */
function removeAll(draft: Draft): void {
  const { photos } = draft.state;
  const ids = photos.map(({ id }) => id);
  leave(draft, ids);
  clearStage(draft);
  draft.state = { ...draft.state, currentId: null, ...NOT_PAUSED };
  draft.effects.push({ type: 'offerUndo', photos });
}

function leave(draft: Draft, ids: readonly string[]): void {
  if (draft.state.task && ids.includes(draft.state.task.id)) stopTask(draft);
  for (const id of ids)
    settleRerun(draft, id, { reason: 'The photo was removed.', hint: 'Add it again to remove its rain.' });
  const { photos, encoding, storing, unkept } = draft.state;
  draft.state = {
    ...draft.state,
    photos: photos.filter(({ id }) => !ids.includes(id)),
    encoding: Object.fromEntries(Object.entries(encoding).filter(([id]) => !ids.includes(id))),
    storing: without(storing, ids),
    unkept: without(unkept, ids),
  };
}

/** A photo as it is when nothing works on it any more. */
function atRest(photo: Photo): Photo {
  const isLost = photo.state === 'done' && photo.result === null;
  return isUnfinished(photo) || isLost ? { ...photo, ...AGAIN } : photo;
}
