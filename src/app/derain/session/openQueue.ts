import { newPhotoId, queueDatabase } from '../../../browser/storage/queueDatabase.ts';
import { noteTask, tabQueue, viewedPhoto, wasPaused } from '../../../browser/storage/tabQueue.ts';
import type { DroppedFile } from '../../../protocol/library.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { refreshStorage } from '../../device/storageStore.ts';
import { useSaveChoice } from '../../export/saveChoice.ts';
import { isModelFile } from '../../models/modelFileNames.ts';
import { openedModelFiles, openModels, restoreModelFiles, useModels } from '../../models/registry.ts';
import { useStudentSpeeds } from '../../models/suggestion.ts';
import { takeHandedPhotos, useHandedPhotos } from '../../routing/handedPhotos.ts';
import { replaceSettings, useRoute } from '../../routing/route.ts';
import { useStageView } from '../../stage/gestures.ts';
import { notify } from '../../ui/notices.ts';
import { QueueStorage, readQueue } from '../queue/persistence.ts';
import type { CurrentSetup } from '../queue/persistence.ts';
import { newPhoto } from '../queue/photo.ts';
import { photoOf } from '../queue/state.ts';
import { modelIds, takeModelFiles, tellSettings } from './choice.ts';
import { dispatch, stored, useQueue } from './derainQueue.ts';
import { changeSettings, derainSettings } from './settings.ts';

/** A moving photo is spoken of so often, milliseconds. */
const LOOK_MS = 100;

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
  const content = await readQueue(queueDatabase, tabQueue, Date.now());
  const { queue, photos, setup, modelFiles } = content;
  stored.queue = queue;
  restoreModelFiles(modelFiles);
  await openModels();
  forgetMissingFiles();
  // Before the photos come: a change of the model would do them all again.
  if (setup && isPlainAddress() && modelIds().includes(setup.model)) changeSettings(setup);
  tellSettings();
  const storage = new QueueStorage({
    database: queueDatabase,
    content,
    photoOf: (id) => photoOf(useQueue.getState(), id),
    setup: currentSetup,
    report(event) {
      dispatch(event);
      if (event.type === 'resultSaved' || event.type === 'storageFreed') void refreshStorage();
    },
  });
  stored.storage = storage;
  for (const { id } of useQueue.getState().photos) storage.save(id); // What came meanwhile.
  addEventListener('pagehide', () => noteTask(queue, null));
  const paused = wasPaused() || asksFirst();
  dispatch({ type: 'restored', photos, model: setup?.model ?? null, paused, viewed: viewedPhoto() });
  tellMissed();
  takeHanded();
  useHandedPhotos.subscribe(takeHanded);
}

/** Takes what another view handed over; what is in the queue already is looked at again. */
function takeHanded(): void {
  for (const { name, file, truth } of takeHandedPhotos()) {
    const { photos } = useQueue.getState();
    const present = photos.find((photo) => photo.name === name && photo.file.size === file.size);
    if (!present) addPhotos([{ name, file, ...(truth && { truth }) }]);
    const id = present?.id ?? useQueue.getState().photos.at(-1)?.id;
    if (id !== undefined) dispatch({ type: 'photoFocused', id });
  }
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
