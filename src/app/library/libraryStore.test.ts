import { describe, expect, it } from 'vitest';
import type { ImportEvent } from '../../protocol/importEvents.ts';
import type { LibraryRecord, Collection } from '../../protocol/libraryRecord.ts';
import {
  EMPTY_LIBRARY,
  applyImportEvents,
  applyRecords,
  countCollections,
  deletedRecords,
  inCollection,
} from './libraryStore.ts';

function record(
  id: string,
  { collection = 'clean' as 'clean' | 'rainy', addedAt = 1, deletedAt = null as number | null } = {},
): LibraryRecord {
  const photo = { fileName: `${id}.png`, width: 4, height: 3, bytes: 9, type: 'image/png', hash: id } as const;
  return { id, collection, name: id, addedAt, deletedAt, thumbnail: new Blob(), photo };
}

const idsOn = (records: ReadonlyMap<string, LibraryRecord>, collection: Collection): string =>
  inCollection(records, collection)
    .map(({ id }) => id)
    .join(' ');

describe('news of an import', () => {
  const events: ImportEvent[] = [
    { type: 'refused', path: 'a.txt', kind: 'notAnImage', reason: 'No.', hint: 'Choose.' },
    { type: 'started', total: 3 },
    { type: 'recognized', folder: 'Rain100L', pairs: 1, labelled: true },
    { type: 'accepted', record: record('b') },
    { type: 'progressed', done: 1, total: 3 },
    { type: 'duplicate', path: 'c.png' },
    { type: 'progressed', done: 2, total: 3 },
  ];

  it('adds records, counts and keeps errors', () => {
    const state = applyImportEvents(EMPTY_LIBRARY, events);
    expect(state.importing).toMatchObject({
      done: 2,
      total: 3,
      recognized: ['1 pair in “Rain100L”, with direction labels'],
    });
    expect(idsOn(state.records, 'clean')).toBe('b');
    expect(state.errors).toMatchObject([{ path: 'a.txt', reason: 'No.' }]);
  });

  it('ends with how it ended', () => {
    const finished = { type: 'finished', ended: 'cancelled', accepted: 1, duplicates: 1, refused: 1, left: 1 } as const;
    const state = applyImportEvents(applyImportEvents(EMPTY_LIBRARY, events), [finished]);
    expect(state.importing).toBeNull();
    expect(state.lastImport).toEqual({ ...finished, added: { clean: 1, rainy: 0, pairs: 0 } });
  });

  it('gives every error a key of its own', () => {
    const twice = applyImportEvents(applyImportEvents(EMPTY_LIBRARY, events), events);
    expect(new Set(twice.errors.map(({ key }) => key)).size).toBe(2);
  });
});

it('reads changed records again and drops those that are gone', () => {
  const state = applyImportEvents(
    EMPTY_LIBRARY,
    ['a', 'b', 'c'].map((id) => ({ type: 'accepted', record: record(id) })),
  );
  const next = applyRecords(state, ['a', 'b'], [record('b', { collection: 'rainy' })]);
  expect(idsOn(next.records, 'clean')).toBe('c');
  expect(idsOn(next.records, 'rainy')).toBe('b');
});

it('shows the latest import first, each in its own order, and nothing deleted', () => {
  const all = [
    record('1a'),
    record('1b'),
    record('2a', { addedAt: 2 }),
    record('2b', { addedAt: 2, deletedAt: 5 }),
    record('2c', { addedAt: 2 }),
  ];
  const { records } = applyRecords(EMPTY_LIBRARY, [], all);
  expect(idsOn(records, 'clean')).toBe('2a 2c 1a 1b');
  expect(countCollections(records)).toEqual({ clean: 4, rainy: 0, pairs: 0 });
});

it('offers the latest deletion for undo', () => {
  const { records } = applyRecords(
    EMPTY_LIBRARY,
    [],
    [record('a', { deletedAt: 5 }), record('b', { deletedAt: 9 }), record('c', { deletedAt: 9 }), record('d')],
  );
  expect(deletedRecords(records)).toEqual({ latest: ['b', 'c'], all: 3 });
  expect(deletedRecords(new Map())).toEqual({ latest: [], all: 0 });
});
