import { describe, expect, it } from 'vitest';
import { chooseFirstTile, chooseTile, fitTile, tileBytes } from './tileSize.ts';
import { planTiles } from './tiles.ts';

const photo = { width: 4000, height: 3000 };
const limits = { msPerPixel: 0.001, radius: 11, alive: 4 * 32 + 6, memoryBytes: 1e9, patienceMs: 1e9 };

describe('chooseTile', () => {
  it('takes larger tiles on a faster machine', () => {
    const sides = [0.1, 0.01, 0.001].map((msPerPixel) => chooseTile(photo, { ...limits, msPerPixel, patienceMs: 500 }));
    expect(sides).toEqual([...sides].sort((a, b) => a - b));
    expect(sides[0]).toBeLessThan(sides[2]!);
    expect(sides[2]! ** 2 * 0.001).toBeLessThanOrEqual(500);
  });

  it('lets a tile take longer where its halo would be most of it', () => {
    const wide = { ...limits, radius: 52, alive: 82, msPerPixel: 0.0017, patienceMs: 600, fitted: true };
    const side = chooseTile(photo, wide);
    expect(side).toBeGreaterThan(Math.sqrt(600 / 0.0017));
    expect(side ** 2 * 0.0017).toBeLessThanOrEqual(3 * 600);
    expect(chooseTile(photo, { ...wide, radius: 11 })).toBeLessThan(Math.sqrt(600 / 0.0017));
  });

  it('stays within memory', () => {
    const side = chooseTile(photo, { ...limits, memoryBytes: 50e6 });
    expect(tileBytes(side, limits.alive)).toBeLessThanOrEqual(50e6);
  });

  it('takes a smaller tile when a larger one saves hardly any work', () => {
    expect(chooseTile(photo, { ...limits, fitted: true })).toBe(512);
  });

  it('gives the whole image at once to a network that must see it, or says how large it may be', () => {
    const whole = { ...limits, radius: Infinity, alive: 100 };
    expect(chooseTile({ width: 1000, height: 600 }, whole)).toBe(1000);
    expect(planTiles({ width: 1000, height: 600 }, 1000, Infinity)).toHaveLength(1);
    expect(() => chooseTile(photo, whole)).toThrow('12.0 megapixels are more than the 2.5 that fit');
  });

  it('does not take a tile that is mostly halo, however slow the machine', () => {
    expect(chooseTile(photo, { ...limits, radius: 70, patienceMs: 1 })).toBe(320);
    expect(chooseTile(photo, { ...limits, radius: 300, patienceMs: 1 })).toBe(1200);
  });
});

describe('chooseFirstTile', () => {
  it('is the largest tile within the patience, smaller than the others', () => {
    expect(chooseFirstTile(768, { radius: 13, msPerPixel: 0.0025 }, 150)).toBe(192);
    expect(chooseFirstTile(192, { radius: 13, msPerPixel: 0.0025 }, 150)).toBe(160);
    expect(chooseFirstTile(96, { radius: 13, msPerPixel: 0.0025 }, 150)).toBeNull();
  });

  it('has a useful inner part, however slow the machine', () => {
    expect(chooseFirstTile(512, { radius: 35, msPerPixel: 1 }, 150)).toBe(160);
  });
});

describe('fitTile', () => {
  it.each([
    [4000, 3000, 512],
    [6000, 4000, 768],
    [1601, 1067, 384],
    [300, 2000, 512],
  ])('covers %i × %i with as few tiles as squares of %i, and less overlap', (width, height, side) => {
    const image = { width, height };
    const tile = fitTile(image, side, 13);
    const [fitted, squares] = [planTiles(image, tile, 13), planTiles(image, side, 13)];
    const work = (tiles: typeof fitted): number =>
      tiles.reduce((sum, { source }) => sum + source.width * source.height, 0);
    expect(fitted).toHaveLength(squares.length);
    expect(Math.max(tile.width, tile.height)).toBeLessThanOrEqual(side);
    expect(work(fitted)).toBeLessThan(work(squares));
  });
});
