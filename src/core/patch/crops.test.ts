import { expect, test } from 'vitest';
import { createPixels } from '../images/pixels.ts';
import { liveliestCrops, rainMapOfPair } from './crops.ts';

test('the rain map of a pair is the mean of the channels of what was added, and may be negative', () => {
  const [rainy, clean] = [createPixels(2, 1), createPixels(2, 1)];
  rainy.data.set([51, 102, 0, 255, 0, 0, 0, 255]);
  clean.data.set([0, 0, 0, 255, 153, 0, 0, 255]);
  const { values } = rainMapOfPair(rainy, clean);
  expect(values[0]).toBeCloseTo(0.2, 6);
  expect(values[1]).toBeCloseTo(-0.2, 6);
  expect(() => rainMapOfPair(rainy, createPixels(3, 1))).toThrow(RangeError);
});

test('the crop with most in it comes first', () => {
  const values = new Float32Array(40 * 24).fill(0.5);
  for (let y = 12; y < 20; y++) for (let x = 28; x < 36; x++) values[y * 40 + x] = (x + y) % 2;
  const crops = liveliestCrops({ width: 40, height: 24, values }, 16, 3);
  expect(crops).toHaveLength(3);
  expect(crops.every(({ width, height }) => width === 16 && height === 16)).toBe(true);
  expect(crops[0]!.values.filter((value) => value !== 0.5)).toHaveLength(64);
});

test('an image that is too small is continued by its edge', () => {
  const [only, ...rest] = liveliestCrops({ width: 2, height: 1, values: Float32Array.of(0.1, 0.7) }, 4, 5);
  expect(rest).toEqual([]);
  expect([...only!.values].map((value) => Math.round(value * 10))).toEqual([
    1, 7, 7, 7, 1, 7, 7, 7, 1, 7, 7, 7, 1, 7, 7, 7,
  ]);
});
