import { describe, expect, it } from 'vitest';
import { chooseTile, tileBytes } from './tileSize.ts';

const photo = { width: 4000, height: 3000 };
const limits = { msPerPixel: 0.001, radius: 11, filters: 32, memoryBytes: 1e9, patienceMs: 1e9 };

describe('chooseTile', () => {
  it('takes larger tiles on a faster machine', () => {
    const sides = [0.1, 0.01, 0.001].map((msPerPixel) => chooseTile(photo, { ...limits, msPerPixel, patienceMs: 500 }));
    expect(sides).toEqual([...sides].sort((a, b) => a - b));
    expect(sides[0]).toBeLessThan(sides[2]!);
    expect(sides[2]! ** 2 * 0.001).toBeLessThanOrEqual(500);
  });

  it('stays within memory', () => {
    const side = chooseTile(photo, { ...limits, memoryBytes: 50e6 });
    expect(tileBytes(side, 32)).toBeLessThanOrEqual(50e6);
  });

  it('does not take a tile that is mostly halo, however slow the machine', () => {
    expect(chooseTile(photo, { ...limits, radius: 70, patienceMs: 1 })).toBe(320);
    expect(chooseTile(photo, { ...limits, radius: 300, patienceMs: 1 })).toBe(1200);
  });
});
