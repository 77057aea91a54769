import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFirstTile, intersection, planTiles, takeNearest } from './tiles.ts';
import type { Rect } from './tiles.ts';

const plans = fc
  .record({
    width: fc.integer({ min: 1, max: 90 }),
    height: fc.integer({ min: 1, max: 90 }),
    halo: fc.integer({ min: 0, max: 9 }),
    room: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ width, height, halo, room }) => ({ image: { width, height }, halo, tile: 2 * halo + room }));

const right = ({ left, width }: Rect): number => left + width;
const bottom = ({ top, height }: Rect): number => top + height;

describe('planTiles', () => {
  it('covers every pixel exactly once', () => {
    fc.assert(
      fc.property(plans, ({ image, tile, halo }) => {
        const seen = new Uint8Array(image.width * image.height);
        for (const { inner } of planTiles(image, tile, halo)) {
          for (let y = inner.top; y < bottom(inner); y++)
            for (let x = inner.left; x < right(inner); x++) seen[y * image.width + x]!++;
        }
        expect(seen.every((count) => count === 1)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it('keeps the halo between an inner part and every cut, and cuts nothing at the edges of the image', () => {
    fc.assert(
      fc.property(plans, ({ image, tile, halo }) => {
        const wrong = planTiles(image, tile, halo).filter(
          ({ source, inner }) =>
            (source.left !== 0 && inner.left - source.left < halo) ||
            (source.top !== 0 && inner.top - source.top < halo) ||
            (right(source) !== image.width && right(source) - right(inner) < halo) ||
            (bottom(source) !== image.height && bottom(source) - bottom(inner) < halo) ||
            source.left < 0 ||
            source.top < 0 ||
            right(source) > image.width ||
            bottom(source) > image.height,
        );
        expect(wrong).toEqual([]);
      }),
      { seed: 2 },
    );
  });

  it('gives every source one size', () => {
    const sizes = planTiles({ width: 1000, height: 700 }, 256, 11).map(
      ({ source }) => `${source.width} × ${source.height}`,
    );
    expect(new Set(sizes)).toEqual(new Set(['256 × 256']));
    expect(planTiles({ width: 1000, height: 100 }, 256, 11)[0]!.source).toEqual({
      left: 0,
      top: 0,
      width: 256,
      height: 100,
    });
  });

  it('goes row by row from the top', () => {
    const tops = planTiles({ width: 900, height: 900 }, 128, 11).map(({ inner }) => inner.top);
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
  });

  it('refuses a tile without room for its halo, unless the image fits in one', () => {
    expect(() => planTiles({ width: 100, height: 10 }, 22, 11)).toThrow('no room for a halo of 11');
    expect(planTiles({ width: 22, height: 10 }, 22, 11)).toHaveLength(1);
  });
});

describe('takeNearest', () => {
  it('takes the tile that holds the point, then others, each once', () => {
    const tiles = planTiles({ width: 900, height: 900 }, 128, 11);
    const all = new Set(tiles);
    const first = takeNearest(tiles, { x: 800, y: 50 })!;
    const { inner } = first;
    expect(inner.left <= 800 && right(inner) > 800 && inner.top <= 50 && bottom(inner) > 50).toBe(true);
    const taken = new Set([first]);
    for (let next; (next = takeNearest(tiles, { x: 10, y: 890 }));) taken.add(next);
    expect(taken).toEqual(all);
    expect(tiles).toEqual([]);
    expect(takeNearest(tiles, { x: 0, y: 0 })).toBeUndefined();
  });
});

describe('planFirstTile', () => {
  it('holds the point, keeps the halo at every cut, and stays inside the image', () => {
    const cases = fc.tuple(
      plans,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(cases, ([{ image, tile, halo }, right01, down01]) => {
        const point = { x: right01 * image.width, y: down01 * image.height };
        const { source, inner } = planFirstTile(image, tile, halo, point);
        expect(intersection(inner, { left: 0, top: 0, ...image })).toEqual(inner);
        expect(source.left === 0 || inner.left - source.left >= halo).toBe(true);
        expect(source.top === 0 || inner.top - source.top >= halo).toBe(true);
        expect(right(source) === image.width || right(source) - right(inner) >= halo).toBe(true);
        expect(bottom(source) === image.height || bottom(source) - bottom(inner) >= halo).toBe(true);
        expect(
          Math.max(inner.left - point.x, point.x - right(inner), inner.top - point.y, point.y - bottom(inner)),
        ).toBeLessThanOrEqual(0.5);
      }),
      { seed: 3 },
    );
  });
});

describe('intersection', () => {
  it('is the common part, or nothing', () => {
    const a = { left: 0, top: 0, width: 10, height: 10 };
    expect(intersection(a, { left: 6, top: 8, width: 10, height: 10 })).toEqual({
      left: 6,
      top: 8,
      width: 4,
      height: 2,
    });
    expect(intersection(a, { left: 10, top: 0, width: 5, height: 5 })).toBeNull();
  });
});
