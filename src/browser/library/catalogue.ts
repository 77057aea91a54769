/** The library's records and images: reading, adding, changing, deleting with undo. Valid in a tab and in a worker. */
import { delMany, get, getMany, keys, promisifyRequest, set, setMany, values } from 'idb-keyval';
import { announceChange } from './changes.ts';
import { exclusivelyIfFree } from './locks.ts';
import type { LibraryRecord, PairRecord, PhotoRecord, PhotoRole } from '../../protocol/libraryRecord.ts';
import { isRecord, photosOf } from './records.ts';
import { catalogueStore, idOfPhotoKey, photoKey, photoStore } from './stores.ts';

/** A record as the database holds it: its collection is named `shelf` there, as in the first version. */
type StoredRecord = Stored<PhotoRecord> | Stored<PairRecord>;
type Stored<Record extends LibraryRecord> = Omit<Record, 'collection'> & { readonly shelf: Record['collection'] };

/** A stored value as a record; what is none stays none. */
function recordOf(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null) return stored;
  const { shelf, ...fields } = stored as StoredRecord;
  return { ...fields, collection: shelf };
}

function storedOf({ collection, ...fields }: LibraryRecord): StoredRecord {
  return { ...fields, shelf: collection } as StoredRecord;
}

/** A deletion can be undone for this long. */
export const UNDO_MS = 10 * 60 * 1000;

/** Every record, the deleted ones that can still be brought back included, oldest first; damaged ones are passed over. */
export async function listRecords(): Promise<LibraryRecord[]> {
  const records = (await values<unknown>(catalogueStore)).map(recordOf).filter(isRecord);
  return records.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The records that exist among these ids. */
export async function readRecords(ids: readonly string[]): Promise<LibraryRecord[]> {
  const found = await getMany<unknown>([...ids], catalogueStore);
  return found.map(recordOf).filter(isRecord);
}

/** An image's file as it was given. Throws when the library does not hold it. */
export async function readPhotoFile(id: string, role: PhotoRole): Promise<Blob> {
  const file = await get<Blob>(photoKey(id, role), photoStore);
  if (!file) throw new Error(`The library holds no image ${photoKey(id, role)}.`);
  return file;
}

/**
 * Stores a record with all of its images: the images in one transaction, then the record. Rejects with the database's own
 * error (`QuotaExceededError` when the disk is full), having stored nothing that a list would show.
 */
export async function addRecord(record: LibraryRecord, files: readonly (readonly [PhotoRole, Blob])[]): Promise<void> {
  await setMany(
    files.map(([role, file]) => [photoKey(record.id, role), file]),
    photoStore,
  );
  await set(record.id, storedOf(record), catalogueStore);
  announceChange([record.id]);
}

/** The label of a pair, set by hand. */
export async function turnDirection(id: string, index: number): Promise<void> {
  await updateRecords([id], (record) =>
    record.collection === 'pairs' ? { ...record, direction: { index, source: 'hand' } } : record,
  );
}

/** Moves single photos to the other collection; pairs stay where they are. */
export async function movePhotos(ids: readonly string[], collection: 'clean' | 'rainy'): Promise<void> {
  await updateRecords(ids, (record) => (record.collection === 'pairs' ? record : { ...record, collection }));
}

/** Takes records out of their collections. Until `purgeDeleted` they can be restored. */
export async function deleteRecords(ids: readonly string[], now = Date.now()): Promise<void> {
  await updateRecords(ids, (record) => ({ ...record, deletedAt: now }));
}

/** Puts deleted records back into their collections. */
export async function restoreRecords(ids: readonly string[]): Promise<void> {
  await updateRecords(ids, (record) => ({ ...record, deletedAt: null }));
}

/** Removes for good what was deleted at or before `until`. Records go first: an image left behind is swept up later. */
export async function purgeDeleted(until: number): Promise<void> {
  const gone = (await listRecords()).filter((record) => record.deletedAt !== null && record.deletedAt <= until);
  if (gone.length === 0) return;
  await delMany(
    gone.map((record) => record.id),
    catalogueStore,
  );
  await delMany(
    gone.flatMap((record) => photosOf(record).map(([role]) => photoKey(record.id, role))),
    photoStore,
  );
  announceChange(gone.map((record) => record.id));
}

/** Drops images that no record speaks of, left by an import that was cut off; not while an import runs anywhere. */
export async function sweepOrphans(): Promise<void> {
  await exclusivelyIfFree(async () => {
    const known = new Set(await keys<string>(catalogueStore));
    const orphans = (await keys<string>(photoStore)).filter((key) => !known.has(idOfPhotoKey(key)));
    if (orphans.length > 0) await delMany(orphans, photoStore);
  });
}

/** Changes records in one transaction, so that no other tab's change is lost. */
async function updateRecords(ids: readonly string[], change: (record: LibraryRecord) => LibraryRecord): Promise<void> {
  await catalogueStore('readwrite', async (store) => {
    const found = await Promise.all(ids.map((id) => promisifyRequest<StoredRecord | undefined>(store.get(id))));
    for (const stored of found) if (stored) store.put(storedOf(change(recordOf(stored) as LibraryRecord)), stored.id);
    await promisifyRequest(store.transaction);
  });
  announceChange(ids);
}
