import {
  storePhoto,
  storeResult,
  storeTruth,
  removeStoredPhotos,
  storeModelFile,
  storeSetup,
  updateStoredPhoto,
} from '../../browser/desk/storedDesk.ts';
import type { StoredPhoto } from '../../browser/desk/storedDesk.ts';
import { refreshStorage } from '../device/storageStore.ts';
import { useRoute } from '../routing/route.ts';
import { notify } from '../ui/notices.ts';
import { chosenModel, deskSettings } from './chosen.ts';
import { useDesk } from './deskStore.ts';
import type { DeskPhoto } from './deskStore.ts';
import { openedModelFiles } from './modelShelf.ts';
import { keptFile, setKeptFile } from './results.ts';

/** A dragged slider makes one write. */
const SETTLE_MS = 300;

let desk = '';
/** What is stored now, by photo. */
let stored = new Map<string, StoredPhoto>();
const storedModels = new Set<string>();
/** Writes one after another, so that the last of a photo's changes is the last to be stored. */
let writing: Promise<void> = Promise.resolve();

/** From now on stores every photo, result and change under this desk's name; `already` says what the databases hold. */
export function keepEverything(name: string, already: readonly StoredPhoto[]): void {
  desk = name;
  stored = new Map(already.map((entry) => [entry.id, entry]));
  for (const { id } of openedModelFiles()) storedModels.add(id);
  follow(useDesk.getState().photos, []);
  keepSetup();
  useDesk.subscribe((state, previous) => {
    if (state.photos !== previous.photos) follow(state.photos, previous.photos);
    if (state.models !== previous.models || (previous.photos.length === 0 && state.photos.length > 0)) keepSetup();
  });
  useRoute.subscribe(keepSetup);
}

let settling: ReturnType<typeof setTimeout> | undefined;
/** Model and quality that were stored last. */
let storedChoice = '';

/** Stores what the photos are done with: the settings, and models that were opened from files. Another model is stored at once. */
function keepSetup(): void {
  clearTimeout(settling);
  const choice = JSON.stringify([chosenModel(), deskSettings().best]);
  if (choice !== storedChoice) storeSetupNow();
  else settling = setTimeout(storeSetupNow, SETTLE_MS);
}

function storeSetupNow(): void {
  const model = chosenModel();
  if (model === null || useDesk.getState().photos.length === 0) return;
  const { best, strength } = deskSettings();
  storedChoice = JSON.stringify([model, best]);
  for (const file of openedModelFiles().filter(({ id }) => !storedModels.has(id))) {
    storedModels.add(file.id);
    write(null, () => storeModelFile(desk, file));
  }
  write(null, () => storeSetup(desk, { model, best, strength }));
}

function follow(photos: readonly DeskPhoto[], previous: readonly DeskPhoto[]): void {
  const before = new Map(previous.map((photo) => [photo.id, photo]));
  for (const photo of photos) {
    const { id, truth } = photo;
    const was = before.get(id);
    before.delete(id);
    if (!was) write(id, () => add(id));
    else if (was !== photo && isNews(was, photo)) write(id, () => change(id));
    if (was && truth && was.truth !== truth) write(id, () => storeTruth(id, truth));
  }
  const gone = [...before.keys()];
  if (gone.length > 0) write(null, () => remove(gone));
}

/** Whether a change is one to be stored: every tile that is done changes the photo too. */
function isNews(was: DeskPhoto, now: DeskPhoto): boolean {
  const names = ['thumbnail', 'size', 'trouble', 'scores', 'result', 'ms'] as const;
  return storedState(was) !== storedState(now) || names.some((name) => was[name] !== now[name]);
}

/** Writes in turn; `id` is the photo that is in this tab alone when it fails. */
function write(id: string | null, job: () => Promise<void>): void {
  writing = writing.then(job).catch((error: unknown) => {
    if (id !== null) cannotKeep(id, error);
  });
}

async function add(id: string): Promise<void> {
  const photo = photoOf(id);
  if (!photo || stored.has(id)) return;
  const result = photo.result === null ? null : keptFile(id);
  const entry = entryOf(photo, result !== null);
  await storePhoto(entry, {
    photo: photo.file,
    ...(photo.truth ? { truth: photo.truth } : {}),
    ...(result ? { result } : {}),
  });
  stored.set(id, entry);
  setUnkept(id, false);
}

async function change(id: string): Promise<void> {
  const photo = photoOf(id);
  const before = stored.get(id);
  if (!photo) return;
  if (!before) return add(id);
  const file = photo.result === null ? null : keptFile(id);
  const entry = entryOf(photo, file !== null);
  if (file && entry.result !== before.result) {
    const kept = await storeResult(entry, file);
    if (keptFile(id) === file) setKeptFile(id, kept); // From now on it is read from the disk.
    void refreshStorage();
  } else await updateStoredPhoto(entry);
  stored.set(id, entry);
  setUnkept(id, false);
}

async function remove(ids: readonly string[]): Promise<void> {
  await removeStoredPhotos(ids);
  for (const id of ids) {
    stored.delete(id);
    setUnkept(id, false);
  }
  for (const id of useDesk.getState().unkept) write(id, () => change(id)); // There may be room now.
  void refreshStorage();
}

function entryOf(photo: DeskPhoto, hasResult: boolean): StoredPhoto {
  const { id, name, size, metadata, thumbnail, ms, trouble, scores, result } = photo;
  return {
    id,
    desk,
    name,
    state: storedState(photo),
    size,
    metadata,
    thumbnail,
    ms,
    trouble,
    scores,
    result: hasResult ? result : null,
  };
}

function storedState({ state }: DeskPhoto): StoredPhoto['state'] {
  return state === 'opening' || state === 'opened' || state === 'working' ? 'waiting' : state;
}

function photoOf(id: string): DeskPhoto | undefined {
  return useDesk.getState().photos.find((photo) => photo.id === id);
}

/** A photo that could not be stored goes on in memory; said once for all of them. */
function cannotKeep(id: string, error: unknown): void {
  if (!photoOf(id)) return;
  if (useDesk.getState().unkept.size === 0) {
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    const why = isFull ? 'The browser has no room left to store photos.' : 'The browser could not store a photo.';
    notify({
      text: `${why} The work goes on; download the results before you close or reload this tab.`,
      tone: 'warn',
      lasts: null,
    });
  }
  setUnkept(id, true);
}

function setUnkept(id: string, isUnkept: boolean): void {
  const before = useDesk.getState().unkept;
  if (before.has(id) === isUnkept) return;
  const unkept = new Set(before);
  if (isUnkept) unkept.add(id);
  else unkept.delete(id);
  useDesk.setState({ unkept });
  if (unkept.size > 0) addEventListener('beforeunload', warnBeforeLeaving);
  else removeEventListener('beforeunload', warnBeforeLeaving);
}

function warnBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
