import type {
  queueDatabase,
  QueueSetup,
  StoredFile,
  StoredModelFile,
  StoredPhoto,
} from '../../../browser/storage/queueDatabase.ts';
import type { tabQueue } from '../../../browser/storage/tabQueue.ts';
import type { Effect, QueueEvent, StorageEvent } from './effects.ts';

import { unprotected } from '../../protect/protecting.ts';
import { isUnderWay, MAX_ATTEMPTS, newPhoto, setAside } from './photo.ts';
import { currentPhoto, photoOf } from './state.ts';
import type { Photo, PhotoState } from './photo.ts';
import type { QueueState } from './state.ts';

type Database = typeof queueDatabase;
/** What the page knows of its queue without a database. */
type Tab = typeof tabQueue;

/** A page that is being reloaded gives its locks back within a moment. */
const RELOAD_MS = 2_000;
/** A dragged slider makes one write. */
const SETTLE_MS = 300;

/** What the databases hold for this tab. */
export interface StoredQueueContent {
  /** The name under which new photos are stored. */
  readonly queue: string;
  readonly entries: readonly StoredPhoto[];
  readonly photos: readonly Photo[];
  readonly setup: QueueSetup | null;
  readonly modelFiles: readonly StoredModelFile[];
}

/** What this tab, or one that was closed, had in its queue. Where nothing can be read the queue is a new, empty one. */
export async function readQueue(database: Database, tab: Tab, now: number): Promise<StoredQueueContent> {
  try {
    return await read(database, tab, now);
  } catch {
    return { queue: crypto.randomUUID(), entries: [], photos: [], setup: null, modelFiles: [] };
  }
}

async function read(database: Database, tab: Tab, now: number): Promise<StoredQueueContent> {
  const own = await claim(tab, await database.listQueues());
  const listed = (await database.listStoredPhotos()).filter(({ queue }) => own.includes(queue));
  const files = await database.readStoredFiles(listed.map(({ id }) => id));
  const entries = listed.filter(({ id }) => files.get(id)?.photo);
  void database.sweepStoredFiles(now).catch(() => undefined);
  const notes = own.map((queue) => tab.takeNote(queue));
  let setup: QueueSetup | null = null;
  const modelFiles: StoredModelFile[] = [];
  for (const queue of own) {
    if (entries.some((entry) => entry.queue === queue)) {
      setup ??= await database.readSetup(queue);
      modelFiles.push(...(await database.listModelFiles(queue)));
    } else await database.removeSetup(queue);
  }
  const photos = entries.map((entry) => {
    const note = notes.find((one) => one?.id === entry.id);
    return restored(entry, files.get(entry.id)!, note?.attempts ?? 0);
  });
  return { queue: own[0]!, entries, photos, setup, modelFiles };
}

/** The queues that are this tab's: its own from before a reload, and those of tabs that are gone. The first is for what comes. */
async function claim(tab: Tab, names: readonly string[]): Promise<string[]> {
  const before = tab.rememberedQueue();
  const claimed: string[] = before !== null && (await tab.holdQueue(before, RELOAD_MS)) ? [before] : [];
  for (const name of names) if (!claimed.includes(name) && (await tab.holdQueue(name))) claimed.push(name);
  if (claimed.length === 0) {
    claimed.push(crypto.randomUUID());
    await tab.holdQueue(claimed[0]!);
  }
  tab.rememberQueue(claimed[0]!);
  return claimed;
}

/** A photo as it was, but that what was under way waits; one that killed the page twice is set aside. */
function restored(entry: StoredPhoto, files: Partial<Record<StoredFile, Blob>>, died: number): Photo {
  const { id, name, state, size, metadata, thumbnail, ms, error, scores, result } = entry;
  const type = entry.type ?? null;
  const { protecting = unprotected, own = {} } = entry;
  const attempts = Math.max(died, entry.attempts ?? 0);
  const photo = {
    ...newPhoto(id, name, files.photo!, files.truth ?? null),
    size,
    type,
    own,
    protecting,
    metadata,
    thumbnail,
    attempts,
  };
  const isAside = attempts >= MAX_ATTEMPTS && state !== 'failed' && state !== 'refused';
  if (isAside) return { ...photo, state: 'failed', error: setAside('page') };
  if (state === 'done' && (result === null || !files.result)) return photo;
  const kept = state === 'done' && result !== null && files.result ? { key: result, file: files.result } : null;
  return { ...photo, state, ms, error, scores, residual: entry.residual ?? null, result: kept };
}

/** Model, quality and strength, and the model files that were opened; null when there is nothing to store yet. */
export interface CurrentSetup {
  readonly setup: QueueSetup;
  readonly modelFiles: readonly StoredModelFile[];
}

export interface QueueStorageOptions {
  readonly database: Database;
  readonly content: StoredQueueContent;
  /** The photo as it is when its turn to be written comes; null when it was removed. */
  readonly photoOf: (id: string) => Photo | null;
  readonly setup: () => CurrentSetup | null;
  readonly report: (event: StorageEvent) => void;
}

/** Writes the queue to the databases, one job after another, so that the last of a photo's changes is the last to be stored. */
export class QueueStorage {
  /** What is stored now, by photo. */
  private readonly stored: Map<string, StoredPhoto>;
  private readonly storedModels: Set<string>;
  private writing: Promise<void> = Promise.resolve();
  private settling: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: QueueStorageOptions) {
    this.stored = new Map(options.content.entries.map((entry) => [entry.id, entry]));
    this.storedModels = new Set(options.content.modelFiles.map(({ id }) => id));
  }

  /** Resolves when everything asked for so far was written, or could not be. */
  get settled(): Promise<void> {
    return this.writing;
  }

  save(id: string): void {
    this.write(() => this.savePhoto(id), id);
  }

  saveTruth(id: string, truth: Blob): void {
    this.write(() => this.options.database.storeTruth(id, truth), id);
  }

  forget(ids: readonly string[]): void {
    this.write(async () => {
      await this.options.database.removeStoredPhotos(ids);
      for (const id of ids) this.stored.delete(id);
      this.options.report({ type: 'storageFreed' });
    });
  }

  saveSetup(soon: boolean): void {
    clearTimeout(this.settling);
    if (soon) this.settling = setTimeout(() => this.saveSetup(false), SETTLE_MS);
    else this.write(() => this.writeSetup());
  }

  private write(job: () => Promise<void>, id?: string): void {
    this.writing = this.writing.then(job).catch((error: unknown) => {
      const full = error instanceof DOMException && error.name === 'QuotaExceededError';
      if (id !== undefined) this.options.report({ type: 'saveFailed', id, full });
    });
  }

  private async savePhoto(id: string): Promise<void> {
    const { database, photoOf, report } = this.options;
    const photo = photoOf(id);
    if (!photo) return;
    const before = this.stored.get(id);
    const entry = this.entryOf(photo);
    const result = photo.result?.file;
    if (!before) {
      const truth = photo.truth ? { truth: photo.truth } : {};
      await database.storePhoto(entry, { photo: photo.file, ...truth, ...(result ? { result } : {}) });
    } else if (result && entry.result !== before.result) {
      const file = await database.storeResult(entry, result);
      report({ type: 'resultSaved', id, given: result, file }); // From now on it is read from the disk.
    } else await database.updateStoredPhoto(entry);
    this.stored.set(id, entry);
    report({ type: 'saved', id });
  }

  private entryOf(photo: Photo): StoredPhoto {
    const { id, name, size, type, own, protecting, metadata, thumbnail, ms, error, scores, result, residual } = photo;
    const { queue } = this.options.content;
    const state = storedState(photo);
    const stored = { id, queue, name, state, size, type, own, protecting, metadata, thumbnail, ms, error, scores };
    return { ...stored, result: result?.key ?? null, residual, attempts: failedAttempts(photo) };
  }

  private async writeSetup(): Promise<void> {
    const { database, content, setup } = this.options;
    const current = setup();
    if (!current) return;
    for (const model of current.modelFiles) {
      if (this.storedModels.has(model.id)) continue;
      await database.storeModelFile(content.queue, model);
      this.storedModels.add(model.id);
    }
    await database.storeSetup(content.queue, current.setup);
  }
}

/** A run under way has not failed yet: the page's note tells of it if it does. */
function failedAttempts(photo: Photo): number {
  return isUnderWay(photo) ? photo.attempts - 1 : photo.attempts;
}

/** What of a change must reach the storage. Derived from the two states, so that no transition can forget it. */
export function storageEffects(before: QueueState, after: QueueState, event: QueueEvent): Effect[] {
  return [
    ...photoEffects(before, after, event),
    ...setupEffects(before, after),
    ...tabEffects(before, after),
    ...taskEffects(before, after),
  ];
}

function photoEffects(before: QueueState, after: QueueState, event: QueueEvent): Effect[] {
  if (before.photos === after.photos) return [];
  const effects: Effect[] = [];
  const known = new Map(before.photos.map((photo) => [photo.id, photo]));
  for (const photo of after.photos) {
    const { id, truth } = photo;
    const was = known.get(id);
    known.delete(id);
    // What was restored lies there already, unless this visit had to set it aside.
    if (!was) {
      if (event.type !== 'restored' || failedAttempts(photo) > 0) effects.push({ type: 'save', id });
    } else if (was !== photo && isNews(was, photo)) effects.push({ type: 'save', id });
    if (was && truth && was.truth !== truth) effects.push({ type: 'saveTruth', id, truth });
  }
  if (known.size > 0) effects.push({ type: 'forget', ids: [...known.keys()] });
  return effects;
}

/** Whether a change is one to be stored: every tile that is done changes the photo too. */
function isNews(was: Photo, now: Photo): boolean {
  const names = ['own', 'protecting', 'thumbnail', 'size', 'error', 'scores', 'ms', 'residual'] as const;
  return (
    storedState(was) !== storedState(now) ||
    was.result?.key !== now.result?.key ||
    names.some((name) => was[name] !== now[name])
  );
}

/** Work that was under way counts as waiting. */
function storedState({ state }: Photo): Exclude<PhotoState, 'opening' | 'noModel' | 'working'> {
  return state === 'opening' || state === 'working' || state === 'noModel' ? 'waiting' : state;
}

function setupEffects(before: QueueState, after: QueueState): Effect[] {
  const effects: Effect[] = [];
  const { settings: was } = before;
  const { settings: now } = after;
  const isFirst = before.photos.length === 0 && after.photos.length > 0;
  if (isFirst || now.model !== was.model || now.ensemble !== was.ensemble)
    effects.push({ type: 'saveSetup', soon: false });
  else if (now.strength !== was.strength || now.models !== was.models) effects.push({ type: 'saveSetup', soon: true });
  return effects;
}

/** What the tab itself remembers through a reload. */
function tabEffects(before: QueueState, after: QueueState): Effect[] {
  const effects: Effect[] = [];
  if (before.paused !== after.paused) effects.push({ type: 'rememberPause', paused: after.paused });
  if (before.currentId !== after.currentId) effects.push({ type: 'rememberViewed', id: after.currentId });
  return effects;
}

function taskEffects(before: QueueState, after: QueueState): Effect[] {
  const [was, now] = [attempt(before), attempt(after)];
  return was.id === now.id && was.attempts === now.attempts ? [] : [{ type: 'noteTask', ...now }];
}

/** The photo that is being opened to be looked at, else the one that the device works on, and how often it was tried. */
function attempt(state: QueueState): { id: string | null; attempts: number } {
  const { task, opening } = state;
  const current = currentPhoto(state);
  if (current && opening.has(current.id) && !isUnderWay(current))
    return { id: current.id, attempts: current.attempts + 1 };
  const photo = task?.kind === 'photo' ? photoOf(state, task.id) : null;
  return photo ? { id: photo.id, attempts: photo.attempts } : { id: null, attempts: 0 };
}
