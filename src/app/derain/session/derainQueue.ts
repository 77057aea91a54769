import { create } from 'zustand';
import { ImageFileError } from '../../../browser/imageFileError.ts';
import { readImageHeader } from '../../../browser/imageHeader.ts';
import { whileDeraining } from '../../../browser/jobLocks.ts';
import { assertPhotoFits } from '../../../browser/photoLimits.ts';
import { noteTask, rememberPause, rememberViewed } from '../../../browser/storage/tabQueue.ts';
import { reportBackend } from '../../device/deviceStore.ts';
import { useModels } from '../../models/registry.ts';
import { makeThumbnail, meterResidual } from '../../stage/bitmaps.ts';
import { visibleRect } from '../../stage/gestures.ts';
import { stageLayers } from '../../stage/layers.ts';
import { notify } from '../../ui/notices.ts';
import type { QueueEvent } from '../queue/effects.ts';
import type { QueueStorage } from '../queue/persistence.ts';
import type { UserError } from '../queue/photo.ts';
import type { PagePort } from '../queue/ports.ts';
import { reduce } from '../queue/reduce.ts';
import { createRunner } from '../queue/runner.ts';
import { emptyQueue, isBusy } from '../queue/state.ts';
import type { QueueState } from '../queue/state.ts';
import { derainer, onWorkerDeath } from './workerClient.ts';

/** The photos of this tab. Only `dispatch` changes it. */
export const useQueue = create<QueueState>(() => emptyQueue);

/** Where the queue is stored and the name that it has there, each null until it is known. `openQueue` sets them, once. */
export const stored: { queue: string | null; storage: QueueStorage | null } = { queue: null, storage: null };

const events: QueueEvent[] = [];
/** What the export waits for, by photo. */
const reruns = new Map<string, (error: UserError | null) => void>();

/** Applies an event, then what follows from it; events that come of that wait their turn. */
export function dispatch(event: QueueEvent): void {
  events.push(event);
  if (events.length > 1) return;
  for (; events[0]; events.shift()) {
    try {
      const { state, effects } = reduce(useQueue.getState(), events[0]);
      useQueue.setState(state, true);
      effects.forEach(run);
    } catch (error) {
      reportError(error); // One event that goes wrong must not keep the others waiting.
    }
  }
}

/** Work of this tab that an update of the app must not interrupt: the lock is held from the first photo to the last. */
let working: { readonly granted: Promise<void>; readonly end: () => void } | null = null;

function beginWork(): NonNullable<typeof working> {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const granted = new Promise<void>((resolve) => {
    // Where locks are blocked with the site's data, nothing can update either.
    whileDeraining(() => (resolve(), ended)).catch(() => resolve());
  });
  return { granted, end };
}

useQueue.subscribe((state, previous) => {
  if (isBusy(state)) working ??= beginWork();
  else {
    working?.end();
    working = null;
  }
  if (state.storing === previous.storing && state.unkept === previous.unkept) return;
  if (state.storing.size + state.unkept.size > 0) addEventListener('beforeunload', warnBeforeLeaving);
  else removeEventListener('beforeunload', warnBeforeLeaving);
});

function warnBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

const page: PagePort = {
  check: checkPhoto,
  thumbnail: makeThumbnail,
  decode: (file) => createImageBitmap(file).catch(() => null),
  meter: meterResidual,
  nameOf: (model) => useModels.getState().models?.find(({ id }) => id === model)?.title ?? model,
  reportBackend,
  mayWork: () => working?.granted ?? Promise.resolve(),
  noteTask: (note) => stored.queue !== null && noteTask(stored.queue, note),
  rememberPause,
  rememberViewed,
  offerUndo: (photos) =>
    void notify({
      text: photos.length === 1 ? 'The photo was removed.' : `${photos.length} photos were removed.`,
      action: { label: 'Undo', run: () => dispatch({ type: 'photosReturned', photos }) },
    }),
  warnUnkept(full) {
    const why = full ? 'The browser has no room left to store photos.' : 'The browser could not store a photo.';
    notify({
      text: `${why} Work continues; download the results before you close or reload this tab.`,
      tone: 'warn',
      lasts: null,
    });
  },
  settleRerun(id, error) {
    reruns.get(id)?.(error);
    reruns.delete(id);
  },
};

const run = createRunner({
  worker: derainer,
  stage: Object.assign(stageLayers, { visible: visibleRect }),
  page,
  storage: () => stored.storage,
  state: () => useQueue.getState(),
  dispatch,
});

onWorkerDeath(() => dispatch({ type: 'workerDied' }));

/** Files are read one after another: each is held whole while its header is looked at. */
let checking: Promise<unknown> = Promise.resolve();

/** Why a file cannot be derained, from its own bytes; null when it can be. */
function checkPhoto(file: Blob): Promise<UserError | null> {
  const checked = checking.then(() => checkNow(file));
  checking = checked;
  return checked;
}

async function checkNow(file: Blob): Promise<UserError | null> {
  try {
    const header = readImageHeader(new Uint8Array(await file.arrayBuffer()));
    assertPhotoFits(header, (navigator as { readonly deviceMemory?: number }).deviceMemory);
    return null;
  } catch (error) {
    return error instanceof ImageFileError ? { reason: error.reason, hint: error.hint } : null; // The worker says it.
  }
}

/** Computes a result once more for the export, which releases the photo when it has written it. The error, or null. */
export function rerun(id: string): Promise<UserError | null> {
  return new Promise((resolve) => {
    const before = reruns.get(id);
    reruns.set(id, (error) => {
      before?.(error);
      resolve(error);
    });
    dispatch({ type: 'rerunRequested', id });
  });
}
