import { expect, test } from 'vitest';
import { directionField, labelShares } from './directionField.ts';
import { drawnPatch } from './drawnPatch.ts';

test.each([0, 4, 7, 9, 13])('needles lie along drawn rain of label %i', (index) => {
  const needles = directionField(drawnPatch('dense', 10 * index, 2, 96), 12);
  expect(needles).toHaveLength(64);
  const shares = labelShares(needles);
  const near = [-1, 0, 1].reduce((sum, by) => sum + shares[(index + by + 18) % 18]!, 0);
  expect(near).toBeGreaterThan(0.75);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
});

test('a flat image has no direction, a checkerboard little', () => {
  const flat = directionField({ width: 24, height: 24, values: new Float32Array(576).fill(0.4) }, 12);
  expect(flat.every(({ coherence }) => coherence < 1e-6)).toBe(true);
  expect(labelShares(flat)).toEqual(new Array(18).fill(0));
  const board = Float32Array.from({ length: 576 }, (_, i) => (Math.floor((i % 24) / 4) + Math.floor(i / 96)) % 2);
  const [first] = directionField({ width: 24, height: 24, values: board }, 24);
  expect(first!.coherence).toBeLessThan(0.2);
});

test('half of an image has another direction than the other half', () => {
  const values = Float32Array.from({ length: 48 * 24 }, (_, i) => {
    const [x, y] = [i % 48, Math.floor(i / 48)];
    return Math.sin(x < 24 ? x : y) / 2 + 0.5;
  });
  const labels = directionField({ width: 48, height: 24, values }, 12).map(({ label }) => label);
  expect(labels).toEqual([9, 9, 0, 0, 9, 9, 0, 0]);
});
