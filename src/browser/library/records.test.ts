import { expect, it } from 'vitest';
import { isRecord } from './records.ts';

const photo = { fileName: 'a.png', width: 4, height: 3, bytes: 9, type: 'image/png', hash: 'abc' };
const common = { id: '1', name: 'a', addedAt: 1, deletedAt: null, thumbnail: new Blob() };
const single = { ...common, collection: 'clean', photo };
const pair = { ...common, collection: 'pairs', rainy: photo, clean: photo, direction: { index: 9, source: 'label' } };

it('takes whole records, deleted ones too', () => {
  expect([single, { ...single, collection: 'rainy', deletedAt: 5 }, pair].map(isRecord)).toEqual([true, true, true]);
});

it.each([
  ['nothing', undefined],
  ['a text', 'record'],
  ['no id', { ...single, id: undefined }],
  ['no such collection', { ...single, collection: 'attic' }],
  ['no photo', { ...single, photo: undefined }],
  ['a photo without its size', { ...single, photo: { ...photo, width: undefined } }],
  ['no thumbnail', { ...single, thumbnail: null }],
  ['half a pair', { ...pair, clean: undefined }],
  ['a pair without a direction', { ...pair, direction: null }],
  ['an odd date of deletion', { ...single, deletedAt: 'yesterday' }],
])('passes over a damaged one: %s', (_, record) => {
  expect(isRecord(record)).toBe(false);
});
