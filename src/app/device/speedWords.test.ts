import { describe, expect, it } from 'vitest';
import { gflops, roughly } from './speedWords.ts';

describe('gflops', () => {
  it('keeps two or three figures that mean something', () => {
    expect([0.12, 9.96, 861.4, 12_345].map(gflops)).toEqual([
      '0.1 GFLOP/s',
      '10 GFLOP/s',
      '861 GFLOP/s',
      '12,345 GFLOP/s',
    ]);
  });
});

describe('roughly', () => {
  it('says a span in the largest unit that is not too coarse', () => {
    expect([0.4, 1, 14.4, 89.4, 100, 5000, 8000].map(roughly)).toEqual([
      'less than a second',
      'about 1 s',
      'about 14 s',
      'about 89 s',
      'about 2 min',
      'about 83 min',
      'about 2 h',
    ]);
  });
});
