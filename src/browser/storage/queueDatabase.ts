/**
 * The queue of photos between visits: reading, adding, changing, removing. Valid in a tab and in a service worker. Names of
 * databases and of stored fields are those of the first version (`Entry`, `StoredSetup`), so that what it stored stays readable.
 */
import { createStore, delMany, get, getMany, keys, set, setMany, values } from 'idb-keyval';
import type { Protection, Stroke } from '../../core/inference/protection.ts';
import type { DerainScores, ModelSummary } from '../../protocol/derainer.ts';
import { areNumbers, areTexts, fieldsOf } from './storedFields.ts';
import { readStoredScores } from './storedScores.ts';

/** What is known of a photo in a queue. Work that was under way counts as waiting. */
export interface StoredPhoto {
  /** Sorts in the order in which the photos came. */
  readonly id: string;
  /** Which tab's queue it is in. */
  readonly queue: string;
  readonly name: string;
  readonly state: 'waiting' | 'done' | 'cancelled' | 'failed' | 'refused';
  readonly size: { readonly width: number; readonly height: number } | null;
  /** MIME type by the file's bytes; missing in entries of earlier versions. */
  readonly type?: string | null;
  /** What was chosen for it alone; missing in entries of earlier versions. */
  readonly own?: Partial<Omit<QueueSetup, 'model'> & { readonly model: string | null }>;
  /** What is protected on it, and the strokes that were taken back; missing in entries of earlier versions. */
  readonly protecting?: StoredProtection;
  readonly metadata: readonly string[];
  readonly thumbnail: Blob | null;
  /** Time the last run took, milliseconds. */
  readonly ms: number | null;
  readonly error: { readonly reason: string; readonly hint: string } | null;
  readonly scores: DerainScores | null;
  /** The settings that the stored result was made with; null when there is none. */
  readonly result: string | null;
  /** Mean |residual| of the last run, levels of 255; missing in entries of earlier versions. */
  readonly residual?: number | null;
  /** Runs during which the page or its worker died; missing in entries of earlier versions. */
  readonly attempts?: number;
}

/** Strokes of the protecting brush as `protecting.ts` keeps them. */
export interface StoredProtection {
  readonly done: readonly (Stroke | 'clear')[];
  readonly undone: readonly (Stroke | 'clear')[];
  readonly strokes: Protection;
}

/** 'photo' as it was given, 'truth' the same image without rain, 'result' as it is downloaded. */
export type StoredFile = (typeof FILES)[number];
const FILES = ['photo', 'truth', 'result'] as const;

/** What the photos of a queue are derained with. */
export interface QueueSetup {
  readonly model: string;
  readonly ensemble: boolean;
  readonly strength: number;
}

/** A model file that was opened for a queue; the address speaks of it by its id. */
export interface StoredModelFile {
  readonly id: string;
  readonly title: string;
  readonly file: Blob;
  readonly summary: ModelSummary;
}

/** A photo as the database holds it. */
type Entry = Omit<StoredPhoto, 'queue' | 'error'> & {
  readonly desk: string;
  readonly trouble: { readonly reason: string; readonly advice: string } | null;
};

const STATES: readonly unknown[] = [
  'waiting',
  'done',
  'cancelled',
  'failed',
  'refused',
] satisfies StoredPhoto['state'][];

/** Whether a stored value is a whole entry: one that is damaged must not hide the others. */
function isEntry(value: unknown): value is Entry {
  const { id, desk, name, state, metadata, trouble, result } = fieldsOf(value);
  const { size = null, thumbnail = null, ms = null, scores = null } = fieldsOf(value); // what an earlier version may lack
  const { width = null, height = null } = fieldsOf(size);
  const { reason = '', advice = '' } = fieldsOf(trouble);
  return (
    areTexts(id, desk, name, reason, advice, result ?? '') &&
    STATES.includes(state) &&
    (size === null || areNumbers(width, height)) &&
    Array.isArray(metadata) &&
    areTexts(...(metadata as unknown[])) &&
    (thumbnail === null || thumbnail instanceof Blob) &&
    (ms === null || areNumbers(ms)) &&
    typeof scores === 'object'
  );
}

function photoOf({ desk, trouble, scores, ...fields }: Entry): StoredPhoto {
  const error = trouble && { reason: trouble.reason, hint: trouble.advice };
  return { ...fields, queue: desk, error, scores: readStoredScores(scores ?? null) };
}

function entryOf({ queue, error, ...fields }: StoredPhoto): Entry {
  return { ...fields, desk: queue, trouble: error && { reason: error.reason, advice: error.hint } };
}

/** A setup as the database holds it. */
type StoredSetup = Omit<QueueSetup, 'ensemble'> & { readonly best: boolean };

/** Three databases, because idb-keyval keeps one store in each. */
const entries = createStore('petrichor-desk-entries', 'entries');
const files = createStore('petrichor-desk-files', 'files');
const setups = createStore('petrichor-desk-setups', 'setups');

/** Every stored photo of every queue, in the order in which they came; damaged entries are passed over. */
export async function listStoredPhotos(): Promise<StoredPhoto[]> {
  const all = await values<unknown>(entries);
  return all
    .filter(isEntry)
    .map(photoOf)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The files of these photos, as far as there are any. They stay on disk until they are read. */
export async function readStoredFiles(ids: readonly string[]): Promise<Map<string, Partial<Record<StoredFile, Blob>>>> {
  const wanted = ids.flatMap((id) => FILES.map((kind) => ({ id, kind })));
  const found = await getMany<Blob>(
    wanted.map(({ id, kind }) => keyOf(id, kind)),
    files,
  );
  const byPhoto = new Map(ids.map((id) => [id, {} as Partial<Record<StoredFile, Blob>>]));
  for (const [i, { id, kind }] of wanted.entries()) if (found[i] instanceof Blob) byPhoto.get(id)![kind] = found[i];
  return byPhoto;
}

/**
 * Stores a photo, files first, so that a crash leaves no entry without them. Rejects with the database's own error
 * (`QuotaExceededError` when there is no room), having stored nothing that a list would show.
 */
export async function storePhoto(
  photo: StoredPhoto,
  given: Readonly<Partial<Record<StoredFile, Blob>>>,
): Promise<void> {
  const kinds = Object.keys(given) as StoredFile[];
  try {
    await setMany(
      kinds.map((kind) => [keyOf(photo.id, kind), given[kind]!]),
      files,
    );
    await set(photo.id, entryOf(photo), entries);
  } catch (error) {
    await delMany(
      kinds.map((kind) => keyOf(photo.id, kind)),
      files,
    ).catch(() => undefined);
    throw error;
  }
}

/** Writes what is known of a stored photo anew. */
export async function updateStoredPhoto(photo: StoredPhoto): Promise<void> {
  await set(photo.id, entryOf(photo), entries);
}

/** Stores a photo's result, the file first. Resolves to the same file on the disk. */
export async function storeResult(photo: StoredPhoto, result: Blob): Promise<Blob> {
  const key = keyOf(photo.id, 'result');
  await set(key, result, files);
  await set(photo.id, entryOf(photo), entries);
  return (await get<Blob>(key, files)) ?? result;
}

/** Stores the ground truth of a stored photo. */
export async function storeTruth(id: string, truth: Blob): Promise<void> {
  await set(keyOf(id, 'truth'), truth, files);
}

/** Removes photos with all their files. Entries go first: a file left behind is swept up later. */
export async function removeStoredPhotos(ids: readonly string[]): Promise<void> {
  await delMany([...ids], entries);
  await delMany(
    ids.flatMap((id) => FILES.map((kind) => keyOf(id, kind))),
    files,
  );
}

/** A file is stored within moments of its entry; one without an entry after this time was left by a crash. */
const ORPHAN_MS = 60 * 60 * 1000;

/** The id of a photo that comes at a time (milliseconds since 1970): differs from every other, and sorts by the time. */
export function newPhotoId(now: number, tab: string, serial: number): string {
  return `${stamp(now)}-${tab}-${String(serial).padStart(6, '0')}`;
}

/** Drops files that no entry speaks of, left by a crash. */
export async function sweepStoredFiles(now: number): Promise<void> {
  const known = new Set(await keys<string>(entries));
  const isLeft = (key: string): boolean =>
    key < stamp(now - ORPHAN_MS) && !known.has(key.slice(0, key.lastIndexOf('/')));
  const orphans = (await keys<string>(files)).filter(isLeft);
  if (orphans.length > 0) await delMany(orphans, files);
}

/** The queues of which anything is stored. */
export async function listQueues(): Promise<string[]> {
  const [photos, others] = await Promise.all([listStoredPhotos(), keys<string>(setups)]);
  return [...new Set([...photos.map(({ queue }) => queue), ...others.map((key) => key.slice(0, key.indexOf('/')))])];
}

export async function readSetup(queue: string): Promise<QueueSetup | null> {
  const stored = await get<StoredSetup>(`${queue}/setup`, setups);
  const { model, strength } = fieldsOf(stored);
  if (!stored || !areTexts(model) || !areNumbers(strength)) return null;
  const { best, ...setup } = stored;
  return { ...setup, ensemble: best };
}

export async function storeSetup(queue: string, setup: QueueSetup): Promise<void> {
  const { ensemble, ...fields } = setup;
  await set(`${queue}/setup`, { ...fields, best: ensemble } satisfies StoredSetup, setups);
}

/** The model files that were opened for a queue. */
export async function listModelFiles(queue: string): Promise<StoredModelFile[]> {
  const own = (await keys<string>(setups)).filter((key) => key.startsWith(`${queue}/model/`));
  const found = await getMany<unknown>(own, setups);
  return found.filter(isModelFile);
}

function isModelFile(value: unknown): value is StoredModelFile {
  const { id, title, file, summary } = fieldsOf(value);
  return areTexts(id, title, fieldsOf(summary)['role']) && file instanceof Blob;
}

export async function storeModelFile(queue: string, model: StoredModelFile): Promise<void> {
  await set(`${queue}/model/${model.id}`, model, setups);
}

/** Forgets what a queue's photos were derained with. */
export async function removeSetup(queue: string): Promise<void> {
  await delMany(
    (await keys<string>(setups)).filter((key) => key.startsWith(`${queue}/`)),
    setups,
  );
}

/** Nine letters and digits until the year 5188. */
function stamp(time: number): string {
  return time.toString(36).padStart(9, '0');
}

function keyOf(id: string, kind: StoredFile): string {
  return `${id}/${kind}`;
}

/** What a queue needs of its databases, to be handed to it. */
export const queueDatabase = {
  listStoredPhotos,
  readStoredFiles,
  storePhoto,
  updateStoredPhoto,
  storeResult,
  storeTruth,
  removeStoredPhotos,
  sweepStoredFiles,
  listQueues,
  readSetup,
  storeSetup,
  listModelFiles,
  storeModelFile,
  removeSetup,
};
