import { expect, it } from 'vitest';
import { mergeSettings } from '../routing/route.ts';
import { collectionInAddress, countRecords, importSummary, linkOfCollection } from './format.ts';

const outcome = {
  type: 'finished',
  ended: 'complete',
  accepted: 0,
  duplicates: 0,
  refused: 0,
  left: 0,
  added: { clean: 0, rainy: 0, pairs: 0 },
} as const;

it('says how an import ended and where the images stand', () => {
  expect(importSummary({ ...outcome, accepted: 2, added: { clean: 0, rainy: 0, pairs: 2 } })).toBe('2 added to Pairs.');
  expect(importSummary({ ...outcome, accepted: 4, refused: 1200, added: { clean: 1, rainy: 3, pairs: 0 } })).toBe(
    '4 added (1 to Clean, 3 to Rainy), 1,200 not added.',
  );
  expect(importSummary({ ...outcome, duplicates: 3 })).toBe('3 already there.');
  expect(importSummary(outcome)).toBe('0 added.');
});

it('says what a cut-off import left behind', () => {
  expect(importSummary({ ...outcome, ended: 'cancelled', left: 7 })).toBe('Cancelled: 0 added, 7 left out.');
  expect(
    importSummary({
      ...outcome,
      ended: 'storageFull',
      accepted: 1,
      refused: 1,
      left: 5,
      added: { clean: 1, rainy: 0, pairs: 0 },
    }),
  ).toBe('Storage is full: 1 added to Clean, 1 not added, 5 left out. What was added is kept.');
});

it('tells storage that refuses from storage that is full', () => {
  expect(importSummary({ ...outcome, ended: 'storageBlocked', refused: 1, left: 2 })).toBe(
    'This browser stores nothing here: 1 not added, 2 left out. In a private window, try a normal one.',
  );
});

it('shows Clean where the address names no collection', () => {
  const links = [{ collection: 'pairs' }, { collection: 'clean' }, { collection: 'attic' }, {}, { shelf: 'rainy' }];
  expect(links.map(collectionInAddress)).toEqual(['pairs', 'clean', 'clean', 'clean', 'rainy']);
  expect(collectionInAddress(mergeSettings({ shelf: 'rainy' }, linkOfCollection('pairs')))).toBe('pairs');
});

it('counts images, and pairs as pairs', () => {
  expect([countRecords(1, 'pairs'), countRecords(2, 'clean'), countRecords(1500, 'mixed')]).toEqual([
    '1 pair',
    '2 images',
    '1,500 images',
  ]);
});
