import { createStore, del, get, set, update, values } from 'idb-keyval';
import { readModelCard } from '../core/weights/modelCard.ts';
import type { ModelCard } from '../core/weights/modelCard.ts';
import { readProvenance } from '../core/weights/provenance.ts';
import { areNumbers, areTexts, fieldsOf } from './storage/storedFields.ts';

/** A trained model of the user's, as lists show it. */
export interface StoredModel extends ModelCard {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly bytes: number;
  /** Of a student that was adapted to a photo: the photo's name, and the id of the model that it was made of. */
  readonly adapted?: AdaptedTo;
}

export interface AdaptedTo {
  readonly photo: string;
  readonly base: string;
}

/** A model could not be kept: what is wrong, and what the person can do. */
export class ModelStoreError extends Error {
  override readonly name = 'ModelStoreError';
  constructor(
    readonly reason: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(`${reason} ${hint}`, options);
  }
}

/** Two databases, as idb-keyval keeps one store in each: cards are listed whole, files are read one by one. */
const cards = createStore('petrichor-model-cards', 'cards');
const files = createStore('petrichor-model-files', 'files');
const CHANNEL = 'petrichor-models';

/** The user's models, newest first; damaged cards are passed over. */
export async function listModels(): Promise<StoredModel[]> {
  const all = (await values<unknown>(cards)).filter(isCard).map(migrateCard);
  return all.sort((a, b) => b.savedAt - a.savedAt || (a.id < b.id ? -1 : 1));
}

/** Whether two files hold the same bytes. */
export async function haveSameContent(a: Blob, b: Blob): Promise<boolean> {
  if (a.size !== b.size) return false;
  const [first, second] = await Promise.all([a.arrayBuffer(), b.arrayBuffer()]);
  const [these, those] = [new Uint8Array(first), new Uint8Array(second)];
  return these.every((byte, i) => byte === those[i]);
}

/**
 * Keeps a model file, once however often it is given, file first, so that no card is without one. Rejects with ModelStoreError when it is no model or the
 * storage is full. The id is part of links: `#/derain?model=mine:<id>`.
 */
export async function saveModel(bytes: ArrayBuffer, title: string, adapted?: AdaptedTo): Promise<StoredModel> {
  const card = readModelCard(new Uint8Array(bytes));
  if (!card) throw new ModelStoreError('This file holds no model.', 'Export it again.');
  for (const kept of (await listModels()).filter((entry) => entry.bytes === bytes.byteLength)) {
    const file = await readModel(kept.id);
    if (file && (await haveSameContent(file, new Blob([bytes])))) return kept;
  }
  const model: StoredModel = {
    ...card,
    id: crypto.randomUUID(),
    title: trimmed(title),
    savedAt: Date.now(),
    bytes: bytes.byteLength,
    ...(adapted && { adapted }),
  };
  try {
    await set(model.id, bytes, files);
    await set(model.id, model, cards);
  } catch (error) {
    await del(model.id, files).catch(() => {});
    if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error;
    throw new ModelStoreError(
      'There is no room left to keep this model.',
      'Delete images in the Library or other models, then try again.',
      { cause: error },
    );
  }
  announce();
  return model;
}

/** Whether a stored value is a whole card: one that is damaged must not hide the others. */
function isCard(value: unknown): value is StoredModel {
  const { id, title, savedAt, bytes, role, parameters, adapted } = fieldsOf(value);
  const { photo = '', base = '' } = fieldsOf(adapted);
  const isOfRole = role === 'student' || role === 'teacher';
  return isOfRole && areTexts(id, title, photo, base) && areNumbers(savedAt, bytes, parameters);
}

/** A card of any earlier version. */
function migrateCard(stored: StoredModel): StoredModel {
  return { ...stored, provenance: readProvenance(stored.provenance) };
}

/** A model's file; null when it was deleted meanwhile. */
export async function readModel(id: string): Promise<Blob | null> {
  const bytes = await get<unknown>(id, files);
  return bytes instanceof ArrayBuffer ? new Blob([bytes]) : null;
}

/** Changes a model's title; nothing happens when it was deleted meanwhile, or the title is blank. */
export async function renameModel(id: string, title: string): Promise<void> {
  const name = trimmed(title);
  if (!name || !(await get<StoredModel>(id, cards))) return;
  await update<StoredModel>(id, (model) => ({ ...model!, title: name }), cards);
  announce();
}

/** Takes a model out of the list. Resolves to a function that puts it there again. */
export async function deleteModel(id: string): Promise<() => Promise<void>> {
  const model = await get<StoredModel>(id, cards);
  const bytes = await get<ArrayBuffer>(id, files);
  await del(id, cards);
  await del(id, files);
  announce();
  return async () => {
    if (!model || !bytes) return;
    await set(id, bytes, files);
    await set(id, model, cards);
    announce();
  };
}

/** Calls `listener` after every change to the list, in this tab or another. Returns the end of listening. */
export function watchModels(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = () => listener();
  return () => channel.close();
}

function announce(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(null);
  channel.close();
}

function trimmed(title: string): string {
  return title.trim().slice(0, 80);
}
