import { create } from 'zustand';
import type { ImportEvent, ImportFinished, ImportRefused } from '../../protocol/importEvents.ts';
import type { LibraryRecord, Collection } from '../../protocol/libraryRecord.ts';
import { formatCount } from '../ui/format.ts';

/** A running import as the view shows it. */
export interface ImportProgress {
  readonly done: number;
  /** Null until the drop has been looked through. */
  readonly total: number | null;
  /** What was recognized, e.g. '200 pairs in “Rain100L”'. */
  readonly recognized: readonly string[];
  readonly cancelling: boolean;
  /** Images and pairs added so far, by collection. */
  readonly added: Readonly<Record<Collection, number>>;
}

/** How an import ended, and where its images stand. */
export type ImportOutcome = ImportFinished & Pick<ImportProgress, 'added'>;

export type ImportError = Pick<ImportRefused, 'path' | 'kind' | 'reason' | 'hint'> & { readonly key: number };

export interface LibraryState {
  readonly status: 'loading' | 'ready' | 'unavailable';
  /** Every record by id, deleted ones that can still be brought back included, oldest first. */
  readonly records: ReadonlyMap<string, LibraryRecord>;
  readonly importing: ImportProgress | null;
  readonly errors: readonly ImportError[];
  /** How the last import ended; null before the first and once dismissed. */
  readonly lastImport: ImportOutcome | null;
}

export const EMPTY_LIBRARY: LibraryState = {
  status: 'loading',
  records: new Map(),
  importing: null,
  errors: [],
  lastImport: null,
};

/** An import of which nothing is known yet. */
export const BEGUN: ImportProgress = {
  done: 0,
  total: null,
  recognized: [],
  cancelling: false,
  added: { clean: 0, rainy: 0, pairs: 0 },
};

export const useLibrary = create<LibraryState>(() => EMPTY_LIBRARY);

/** The state after a batch of an import's news. */
export function applyImportEvents(state: LibraryState, events: readonly ImportEvent[]): LibraryState {
  let { importing, errors, lastImport } = state;
  const added: LibraryRecord[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'started':
        importing = { ...running(importing), done: 0, total: event.total };
        break;
      case 'recognized':
        importing = { ...running(importing), recognized: [...running(importing).recognized, recognizedText(event)] };
        break;
      case 'accepted':
        added.push(event.record);
        importing = withOneMore(running(importing), event.record.collection);
        break;
      case 'duplicate':
        break;
      case 'refused': {
        const { path, kind, reason, hint } = event;
        errors = [...errors, { path, kind, reason, hint, key: (errors.at(-1)?.key ?? 0) + 1 }];
        break;
      }
      case 'progressed':
        importing = { ...running(importing), done: event.done, total: event.total };
        break;
      case 'finished':
        lastImport = { ...event, added: running(importing).added };
        importing = null;
        break;
      default:
        event satisfies never;
    }
  }
  const records = added.length === 0 ? state.records : inOrder([...state.records.values(), ...added]);
  return { ...state, importing, errors, lastImport, records };
}

/** The state after `ids` were read again; an id without a record is gone. Thumbnails never change, so those shown stay. */
export function applyRecords(
  state: LibraryState,
  ids: readonly string[],
  found: readonly LibraryRecord[],
): LibraryState {
  const records = new Map(state.records);
  for (const id of ids) records.delete(id);
  for (const record of found)
    records.set(record.id, { ...record, thumbnail: state.records.get(record.id)?.thumbnail ?? record.thumbnail });
  return { ...state, records: inOrder([...records.values()]) };
}

/** Records in the order of their ids, which is the order they were added in. */
export function inOrder(records: readonly LibraryRecord[]): ReadonlyMap<string, LibraryRecord> {
  const sorted = [...records].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return new Map(sorted.map((record) => [record.id, record]));
}

/** What a collection holds: the latest import first, each in its own order. */
export function inCollection(records: LibraryState['records'], collection: Collection): LibraryRecord[] {
  return [...records.values()]
    .filter((record) => record.collection === collection && record.deletedAt === null)
    .sort((a, b) => b.addedAt - a.addedAt);
}

export function countCollections(records: LibraryState['records']): Record<Collection, number> {
  const counts = { clean: 0, rainy: 0, pairs: 0 };
  for (const record of records.values()) if (record.deletedAt === null) counts[record.collection]++;
  return counts;
}

/** The records of the latest deletion that can be undone, and how many are deleted in all. */
export function deletedRecords(records: LibraryState['records']): {
  readonly latest: readonly string[];
  readonly all: number;
} {
  const deleted = [...records.values()].filter((record) => record.deletedAt !== null);
  const last = Math.max(...deleted.map((record) => record.deletedAt!));
  return { latest: deleted.filter((record) => record.deletedAt === last).map(({ id }) => id), all: deleted.length };
}

function running(importing: ImportProgress | null): ImportProgress {
  return importing ?? BEGUN;
}

function withOneMore(importing: ImportProgress, collection: Collection): ImportProgress {
  return { ...importing, added: { ...importing.added, [collection]: importing.added[collection] + 1 } };
}

function recognizedText({ folder, pairs, labelled }: Extract<ImportEvent, { type: 'recognized' }>): string {
  const where = folder === '' ? '' : ` in “${folder}”`;
  return `${formatCount(pairs)} ${pairs === 1 ? 'pair' : 'pairs'}${where}${labelled ? ', with direction labels' : ''}`;
}
