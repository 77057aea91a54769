import { expect, test } from 'vitest';
import { drawnPatch } from './drawnPatch.ts';
import { quietestDirection, responsesByDirection } from './responses.ts';

test.each([0, 3, 7, 9, 12, 16])('dense rain of label %i responds least along itself', (index) => {
  const patch = drawnPatch('dense', 10 * index, 1, 96);
  const off = Math.abs(quietestDirection(responsesByDirection(patch, 5)) - index);
  expect(Math.min(off, 18 - off)).toBeLessThanOrEqual(1);
});

test('the same arguments give the same patch, another seed another; brightness stays within 0…1', () => {
  const patch = drawnPatch('heavy', 80, 4, 64);
  expect(drawnPatch('heavy', 80, 4, 64)).toEqual(patch);
  expect(drawnPatch('heavy', 80, 5, 64)).not.toEqual(patch);
  expect(patch.values.every((value) => value >= 0 && value <= 1)).toBe(true);
});
