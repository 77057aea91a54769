import { expect, test } from 'vitest';
import { logRange, logTicks } from './logScale.ts';

test('ticks are round, within the limits, and as coarse as three of them allow', () => {
  expect(logTicks(8e-6, 3)).toEqual([1e-5, 1e-4, 1e-3, 0.01, 0.1, 1]);
  expect(logTicks(0.13, 1.2)).toEqual([0.2, 0.5, 1]);
  expect(logTicks(0.015, 0.045)).toEqual([0.02, 0.03, 0.04]);
  expect(logTicks(0.0112, 0.017)).toEqual([0.012, 0.014, 0.016]);
});

test('limits leave a little air and never collapse', () => {
  expect(logRange(1, 10)).toEqual([1 / 1.08, 10.8]);
  const [low, high] = logRange(8e-4, 8e-4);
  expect(high / low).toBeCloseTo(2);
});

test.each([
  [null, null],
  [0, 1],
  [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  [1, Number.POSITIVE_INFINITY],
  [Number.NaN, 1],
])('limits of %s to %s, which cannot be drawn, are harmless', (low, high) => {
  expect(logRange(low, high)).toEqual([0.1, 1]);
});

test('limits that cannot be drawn give no ticks', () => {
  expect(logTicks(0, 1)).toEqual([]);
  expect(logTicks(1, Number.POSITIVE_INFINITY)).toEqual([]);
  expect(logTicks(Number.NaN, Number.NaN)).toEqual([]);
});
