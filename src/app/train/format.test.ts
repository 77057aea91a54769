import { expect, test } from 'vitest';
import { formatDb, formatDuration, formatNumber, formatRate } from './format.ts';

test.each([
  [0, '0'],
  [1.2, '1.2'],
  [0.0312345, '0.0312'],
  [8e-4, '8e−4'],
  [0.001, '0.001'],
  [-2.5, '−2.5'],
  [48600, '48,600'],
  [Number.NaN, '–'],
  [1.25e-9, '1.25e−9'],
])('%d is written %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [400, '0 s'],
  [42_000, '42 s'],
  [200_000, '3 min 20 s'],
  [1_500_000, '25 min'],
  [7_500_000, '2 h 5 min'],
  [7_200_000, '2 h'],
  [273_600_000, '3 d 4 h'],
])('%d ms is written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('decibels and rates carry their unit', () => {
  expect(formatDb(30.4567)).toBe('30.46 dB');
  expect(formatDb(null)).toBe('–');
  expect(formatDb(Number.POSITIVE_INFINITY)).toBe('exact');
  expect(formatRate(50)).toBe('20 steps/s');
  expect(formatRate(4200)).toBe('4.2 s a step');
  expect(formatRate(null)).toBe('–');
});
