import { ImageFileError } from '../imageFileError.ts';
import { addRecord, listRecords } from './catalogue.ts';
import type { ImportEvent, ImportRefused } from '../../protocol/importEvents.ts';
import type { Prepared } from './prepare.ts';
import type { LibraryRecord } from '../../protocol/libraryRecord.ts';
import { identityOf, photosOf } from './records.ts';

/** An image or pair ready to be stored, or why it is not. `path` names it in what is reported. */
export type Outcome = ImportRefused | { readonly prepared: Prepared; readonly path: string };

export interface Batch {
  readonly total: number;
  /** Refused before anything was prepared. */
  readonly refused: number;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
}

/**
 * Stores what comes, one by one, and yields what became of each, how far it is, and the end: complete when `total` came, cancelled
 * when fewer did, or storage full or blocked, after which nothing more is taken.
 */
export async function* storeImports(
  outcomes: AsyncIterable<Outcome>,
  { total, refused, addedAt }: Batch,
): AsyncGenerator<ImportEvent> {
  const count = { accepted: 0, duplicates: 0, refused };
  const store = await openStore(addedAt);
  let done = 0;
  let storage: 'storageFull' | 'storageBlocked' | null = null;
  for await (const outcome of outcomes) {
    const event = 'type' in outcome ? outcome : await store(outcome.prepared, outcome.path);
    yield event;
    count[event.type === 'duplicate' ? 'duplicates' : event.type]++;
    yield { type: 'progressed', done: ++done, total };
    if (event.type === 'refused' && (event.kind === 'storageFull' || event.kind === 'storageBlocked')) {
      storage = event.kind;
      break;
    }
  }
  yield {
    type: 'finished',
    ended: storage ?? (done < total ? 'cancelled' : 'complete'),
    ...count,
    left: total - done,
  };
}

type Store = (
  prepared: Prepared,
  path: string,
) => Promise<Extract<ImportEvent, { type: 'accepted' | 'duplicate' | 'refused' }>>;

/** Errors are returned, not thrown; images that are already in their collection are reported as duplicates. */
async function openStore(addedAt: number): Promise<Store> {
  const known = new Set((await listRecords()).filter((record) => record.deletedAt === null).map(recordIdentity));
  let sequence = 0;
  return async (prepared, path) => {
    const { files, ...fields } = prepared;
    const { hash } = fields.collection === 'pairs' ? fields.rainy : fields.photo;
    const id = `${addedAt.toString(36).padStart(9, '0')}-${(sequence++).toString(36).padStart(4, '0')}-${hash.slice(0, 8)}`;
    const record: LibraryRecord = { id, ...fields, addedAt, deletedAt: null };
    const identity = recordIdentity(record);
    if (known.has(identity)) return { type: 'duplicate', path };
    try {
      await addRecord(record, files);
    } catch (error) {
      return refusedFor(path, storageFailure(error));
    }
    known.add(identity);
    return { type: 'accepted', record };
  };
}

export function refusedFor(path: string, { kind, reason, hint }: ImageFileError): ImportRefused {
  return { type: 'refused', path, kind, reason, hint };
}

/** Names are all that browsers' storage and decoding errors can be told apart by. */
export function errorName(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : 'unknown error';
}

function recordIdentity(record: LibraryRecord): string {
  return identityOf({ collection: record.collection, files: photosOf(record).map(([, photo]) => photo) });
}

/** A full disk is known by the error's name alone: its message is empty. */
function storageFailure(error: unknown): ImageFileError {
  if (errorName(error) === 'QuotaExceededError') {
    return new ImageFileError(
      'storageFull',
      'There is no room left for it in this browser.',
      'Delete images you no longer need, or free disk space, then add the rest again.',
    );
  }
  return new ImageFileError(
    'storageBlocked',
    `This browser would not store it (${errorName(error)}).`,
    'In a private window nothing is kept: try a normal one.',
  );
}
