import { expect, test } from 'vitest';
import {
  countOf,
  formatBytes,
  formatDb,
  formatDuration,
  formatEstimate,
  formatGflops,
  formatMetric,
  formatNumber,
  formatPercent,
  formatRate,
  formatShortDuration,
  withUnit,
} from './format.ts';

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
])('the number %d reads %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [0, '0\u00a0B'],
  [999, '999\u00a0B'],
  [1000, '1\u00a0kB'],
  [12_345_678, '12.3\u00a0MB'],
  [99_960_000, '100\u00a0MB'],
  [999_600_000, '1\u00a0GB'],
  [2 ** 40, '1.1\u00a0TB'],
  [5e15, '5000\u00a0TB'],
])('%d bytes read %s: three figures at most, never a thousand', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [400, '0\u00a0s'],
  [42_000, '42\u00a0s'],
  [200_000, '3\u00a0min 20\u00a0s'],
  [1_500_000, '25\u00a0min'],
  [7_500_000, '2\u00a0h 5\u00a0min'],
  [7_200_000, '2\u00a0h'],
  [273_600_000, '3\u00a0d 4\u00a0h'],
])('%d ms read %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [20, '0.1\u00a0s'],
  [840, '0.8\u00a0s'],
  [9_960, '10\u00a0s'],
  [59_600, '1\u00a0min'],
  [200_000, '3\u00a0min 20\u00a0s'],
  [7_500_000, '2\u00a0h 5\u00a0min'],
])('%d ms of waiting read %s', (ms, text) => {
  expect(formatShortDuration(ms)).toBe(text);
});

test.each([
  [0.4, 'less than a second'],
  [14.2, 'about 14\u00a0s'],
  [89, 'about 89\u00a0s'],
  [200, 'about 3\u00a0min'],
  [5400, 'about 2\u00a0h'],
])('an estimate of %d s reads %s', (seconds, text) => {
  expect(formatEstimate(seconds)).toBe(text);
});

test('decibels and rates carry their unit', () => {
  expect(formatDb(30.4567)).toBe('30.46\u00a0dB');
  expect(formatDb(null)).toBe('–');
  expect(formatDb(Number.POSITIVE_INFINITY)).toBe('exact');
  expect(formatRate(50)).toBe('20\u00a0steps/s');
  expect(formatRate(4200)).toBe('4.2\u00a0s/step');
  expect(formatRate(null)).toBe('–');
  expect([formatGflops(4.23), formatGflops(860.4), formatGflops(1250)]).toEqual([
    '4.2\u00a0GFLOP/s',
    '860\u00a0GFLOP/s',
    '1,250\u00a0GFLOP/s',
  ]);
});

test('a count agrees with its noun', () => {
  expect([countOf(0, 'pair'), countOf(1, 'pair'), countOf(1500, 'image')]).toEqual([
    '0 pairs',
    '1 pair',
    '1,500 images',
  ]);
});

test('a figure and its unit are never parted, and degrees stand close', () => {
  expect([withUnit(12, 'px'), withUnit(70, '°'), withUnit(0.9, '')]).toEqual(['12\u00a0px', '70°', '0.9']);
  expect([formatPercent(0.374), formatPercent(0)]).toEqual(['37\u00a0%', '0\u00a0%']);
  const metrics = [formatMetric(null, 2, 'dB'), formatMetric(-1.234, 2, 'dB'), formatMetric(0.5, 4, '')];
  expect(metrics).toEqual(['–', '−1.23\u00a0dB', '0.5000']);
  expect(formatMetric(Infinity, 2, 'dB')).toBe('exact');
});
