import { expect, test } from 'vitest';
import { decimate, smoothed } from './decimate.ts';

const ramp = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => i + 1);

test('a short curve is drawn as it is', () => {
  const drawn = decimate(ramp(5), Float64Array.of(5, 4, 3, 2, 1), 0, 100);
  expect([...drawn.values]).toEqual([5, 4, 3, 2, 1]);
  expect([...drawn.smooth]).toEqual([5, 4, 3, 2, 1]);
});

test('50,000 points become few, in order, and no spike is lost', () => {
  const values = ramp(50_000).map((step) => 1 / step);
  values[31_234] = 40;
  values[12_345] = -7;
  const drawn = decimate(ramp(50_000), values, 0.9, 1000);
  expect(drawn.steps.length).toBeLessThanOrEqual(1000);
  expect(drawn.steps.length).toBeGreaterThan(500);
  expect(Math.max(...drawn.values)).toBe(40);
  expect(Math.min(...drawn.values)).toBe(-7);
  expect([...drawn.steps]).toEqual([...drawn.steps].sort((a, b) => a - b));
});

test('smoothing takes every point into account, not only those that are drawn', () => {
  const values = Float64Array.from({ length: 10_000 }, (_, i) => (i % 2 ? 1 : 3));
  const drawn = decimate(ramp(10_000), values, 0.99, 50);
  for (const value of drawn.smooth.slice(10)) expect(Math.abs(value - 2)).toBeLessThan(0.02);
});

test('smoothing by hand: weights 1/2 and 1, no bias towards zero at the start', () => {
  expect([...smoothed(Float64Array.of(4, 1), 0.5)]).toEqual([4, (0.5 * 4 + 1) / 1.5]);
});

test('numbers that are not finite leave a gap and do not poison what follows', () => {
  const result = smoothed(Float64Array.of(2, Number.NaN, 2, Number.POSITIVE_INFINITY, 2), 0.9);
  expect([...result].map((value) => Number.isNaN(value))).toEqual([false, true, false, true, false]);
  expect(result[4]).toBeCloseTo(2);
});

test('a range is drawn in more detail, with one point to each side so that the line reaches the edges', () => {
  const drawn = decimate(ramp(10_000), ramp(10_000), 0, 1000, { min: 5001, max: 5400 });
  expect(drawn.steps[0]).toBe(5000);
  expect(drawn.steps.at(-1)).toBe(5401);
  expect(drawn.steps.length).toBe(402);
});
