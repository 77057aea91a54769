import { create } from 'zustand';
import { readImageHeader } from '../../../browser/imageHeader.ts';
import { ImageFileError } from '../../../browser/imageFileError.ts';
import { whileDeraining } from '../../../browser/jobLocks.ts';
import type { UserError as Refused } from '../../../protocol/derainer.ts';
import type { DroppedFile } from '../../../protocol/library.ts';
import { assertPhotoFits } from '../../../browser/photoLimits.ts';
import { newPhotoId, queueDatabase } from '../../../browser/storage/queueDatabase.ts';
import { noteTask, rememberPause, tabQueue, wasPaused } from '../../../browser/storage/tabQueue.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { reportBackend } from '../../device/deviceStore.ts';
import { refreshStorage } from '../../device/storageStore.ts';
import { importModelFiles } from '../../models/importModelFiles.ts';
import { checkpointName, groupModelFiles, isModelFile } from '../../models/modelFileNames.ts';
import { useStudentSpeeds } from '../../models/suggestion.ts';
import { openedModelFiles, openModels, restoreModelFiles, useModels } from '../../models/registry.ts';
import { replaceSettings, useRoute } from '../../routing/route.ts';
import { notify } from '../../ui/notices.ts';
import type { QueueEvent } from '../queue/effects.ts';
import { QueueStorage, readQueue } from '../queue/persistence.ts';
import type { CurrentSetup, StoredQueueContent } from '../queue/persistence.ts';
import { reduce } from '../queue/reduce.ts';
import { createRunner } from '../queue/runner.ts';
import type { PagePort } from '../queue/runner.ts';
import { currentPhoto, emptyQueue, isBusy, newPhoto, photoOf } from '../queue/state.ts';
import type { Photo, PhotoSetup, QueueSettings, QueueState, UserError } from '../queue/state.ts';
import { changeSettings, derainSettings, useSaveChoice } from './settings.ts';
import { makeThumbnail, meterResidual } from '../../stage/bitmaps.ts';
import { useStageView, visibleRect } from '../../stage/gestures.ts';
import { stageLayers } from '../../stage/layers.ts';
import { currentModel, derainer, importer, isModelChosen, onWorkerDeath, takeModel } from './workerClient.ts';

/** A moving photo is spoken of so often, milliseconds. */
const LOOK_MS = 100;

/** The photos of this tab. Only `dispatch` changes it. */
export const useQueue = create<QueueState>(() => emptyQueue);

const events: QueueEvent[] = [];
let storage: QueueStorage | null = null;
let content: StoredQueueContent | null = null;
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
  if (state.unkept === previous.unkept) return;
  if (state.unkept.size > 0) addEventListener('beforeunload', warnBeforeLeaving);
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
  noteTask: (note) => content && noteTask(content.queue, note),
  rememberPause,
  offerUndo: (photos) =>
    void notify({
      text: photos.length === 1 ? 'The photo was removed.' : `${photos.length} photos were removed.`,
      action: { label: 'Undo', run: () => dispatch({ type: 'photosReturned', photos }) },
    }),
  warnUnkept(full) {
    const why = full ? 'The browser has no room left to store photos.' : 'The browser could not store a photo.';
    notify({
      text: `${why} The work goes on; download the results before you close or reload this tab.`,
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
  storage: () => storage,
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

/** Everything that the queue works with, as it is chosen now. */
function currentSettings(): QueueSettings {
  const { strength, ensemble, compare, show, gain } = derainSettings();
  const { format, quality, keepMetadata } = useSaveChoice.getState();
  return {
    model: currentModel(),
    isModelChosen: isModelChosen(),
    models: modelIds(),
    strength,
    ensemble,
    compare,
    show,
    gain,
    backend: useBackendChoice.getState().choice,
    save: { format, quality, keepMetadata, writesWebp: writesWebp() },
  };
}

/** Chooses for a photo: alone among others, else for the queue, and so for the address. */
export function choose(photo: Photo | null, change: Partial<PhotoSetup>): void {
  const { photos } = useQueue.getState();
  if (photo && photos.length > 1) dispatch({ type: 'photoSetUp', id: photo.id, own: change });
  else chooseForAll(change);
}

/** Chooses for every photo; what is done with something else is done again. */
export function chooseForAll(change: Partial<PhotoSetup>): void {
  // The address follows; by itself it would leave photos alone that have a choice of their own.
  tellSettings(); // a model may be new
  dispatch({ type: 'allSetUp', change });
  changeSettings(change);
}

let webp: boolean | null = null;
function writesWebp(): boolean {
  webp ??= document.createElement('canvas').toDataURL('image/webp').startsWith('data:image/webp');
  return webp;
}

let ids: { readonly of: unknown; readonly list: readonly string[] } = { of: null, list: [] };

function modelIds(): readonly string[] {
  const { models } = useModels.getState();
  if (ids.of !== models) ids = { of: models, list: models?.map(({ id }) => id) ?? [] };
  return ids.list;
}

function tellSettings(): void {
  const settings = currentSettings();
  if (JSON.stringify(settings) !== JSON.stringify(useQueue.getState().settings))
    dispatch({ type: 'settingsChanged', settings });
}

const tab = crypto.randomUUID().slice(0, 8);
let serial = 0;

/** Adds files to the queue; the first of them is looked at. `truths` belong to the files of the same place. */
export function addPhotos(
  files: readonly { readonly name: string; readonly file: Blob; readonly truth?: Blob }[],
): void {
  const photos = files.map(({ name, file, truth }) =>
    newPhoto(newPhotoId(Date.now(), tab, serial++), name, file, truth ?? null),
  );
  dispatch({ type: 'photosAdded', photos });
}

/** Files that operating systems leave in folders; nobody means to drop them. */
export function isSystemFile(name: string): boolean {
  return name.startsWith('.') || /^(thumbs\.db|desktop\.ini)$/i.test(name);
}

/** Takes what was dropped, pasted or chosen: photos to the queue, model files to the list of models. */
export function takeFiles(files: readonly DroppedFile[]): void {
  const isModel = ({ file }: DroppedFile): boolean => isModelFile(file.name);
  const photos = files.filter((file) => !isModel(file) && !isSystemFile(file.file.name));
  addPhotos(photos.map(({ file }) => ({ name: file.name, file })));
  takeModelFiles(files.filter(isModel).map(({ file }) => file));
}

/** Models are read one after another: there may be something to ask about each. */
let takingModels: Promise<void> = Promise.resolve();

/** Takes model files of any format in and uses them: a student to derain with, a teacher to compare with. */
export function takeModelFiles(files: readonly File[]): void {
  for (const group of groupModelFiles(files)) takingModels = takingModels.then(() => takeGroup(group));
}

async function takeGroup(group: readonly File[]): Promise<void> {
  const opened = await importModelFiles(importer, group).catch(unreadable);
  if (!opened) return;
  const answer = opened.refused ? opened : await takeModel(opened.file).catch(unreadable);
  const error = answer.refused ? { name: checkpointName(group), reason: answer.reason, hint: answer.hint } : null;
  dispatch({ type: 'modelFileOpened', error });
  if (answer.refused) return;
  if (answer.role === 'teacher') changeSettings({ compare: answer.id });
  else choose(currentPhoto(useQueue.getState()), { model: answer.id });
}

function unreadable(error: unknown): Refused {
  const reason = error instanceof Error ? error.message : String(error);
  return { refused: true, reason, hint: 'Choose the file again.' };
}

let opening: Promise<void> | null = null;

/** Restores what this tab, or one that was closed, had in its queue, goes on with it, and stores every change from now on. */
export function openQueue(): Promise<void> {
  opening ??= open();
  return opening;
}

async function open(): Promise<void> {
  tellSettings();
  for (const store of [useRoute, useModels, useSaveChoice, useBackendChoice, useStudentSpeeds])
    store.subscribe(tellSettings);
  subscribeToView();
  content = await readQueue(queueDatabase, tabQueue, Date.now());
  const { queue, photos, setup, modelFiles } = content;
  restoreModelFiles(modelFiles);
  await openModels();
  forgetMissingFiles();
  // Before the photos come: a change of the model would do them all again.
  if (setup && isPlainAddress() && modelIds().includes(setup.model)) changeSettings(setup);
  tellSettings();
  storage = new QueueStorage({
    database: queueDatabase,
    content,
    photoOf: (id) => photoOf(useQueue.getState(), id),
    setup: currentSetup,
    report(event) {
      dispatch(event);
      if (event.type === 'resultSaved' || event.type === 'storageFreed') void refreshStorage();
    },
  });
  for (const { id } of useQueue.getState().photos) storage.save(id); // What came meanwhile.
  addEventListener('pagehide', () => noteTask(queue, null));
  dispatch({ type: 'restored', photos, model: setup?.model ?? null, paused: wasPaused() || asksFirst() });
  tellMissed();
}

/** What lay beside a result may have been a model file that went with an earlier visit. */
function forgetMissingFiles(): void {
  const { compare, show } = derainSettings();
  const isMissing = (what: string): boolean => what.startsWith('file:') && !modelIds().includes(what);
  if (isMissing(show)) changeSettings({ show: 'result' });
  if (isMissing(compare)) changeSettings({ compare: 'original' });
}

function isPlainAddress(): boolean {
  return Object.keys(useRoute.getState().settings.derain).length === 0;
}

function currentSetup(): CurrentSetup | null {
  const { photos, settings } = useQueue.getState();
  const { model, ensemble, strength } = settings;
  return model === null || photos.length === 0
    ? null
    : { setup: { model, ensemble, strength }, modelFiles: openedModelFiles() };
}

/** What is looked at during a run is done next. */
function subscribeToView(): void {
  let telling: ReturnType<typeof setTimeout> | undefined;
  useStageView.subscribe(({ view }, previous) => {
    if (view === previous.view) return;
    telling ??= setTimeout(() => {
      telling = undefined;
      dispatch({ type: 'viewMoved' });
    }, LOOK_MS);
  });
}

/** Photos came by the share address and nobody said from where: their rain is removed when the person goes on. */
function asksFirst(): boolean {
  const { shared } = useRoute.getState().settings.derain;
  if (shared === undefined) return false;
  replaceSettings('derain', { shared: null });
  notify({ text: 'Photos were shared with this page. Press Resume to remove their rain.' });
  return true;
}

/** Another app shared more than there was room for: the service worker says how many in the address. */
function tellMissed(): void {
  const { missed } = useRoute.getState().settings.derain;
  if (missed === undefined) return;
  replaceSettings('derain', { missed: null });
  notify({
    text: 'The browser had no room left for what was shared. Make room in the Library, then share it again.',
    tone: 'bad',
  });
}
