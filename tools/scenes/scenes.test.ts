import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { estimateDirection } from '../../src/core/rain/direction.ts';
import { makeRainyPair } from '../../src/core/rain/rainyPair.ts';
import { drawRain } from '../../src/core/rain/streaks.ts';
import type { RainRecipe } from '../../src/core/rain/streaks.ts';

interface SceneEntry {
  readonly name: string;
  readonly clean: string;
  readonly rainy: string;
  readonly width: number;
  readonly height: number;
  readonly recipe: RainRecipe;
  readonly direction: number;
}

const folder = join(import.meta.dirname, '../../public/scenes');
const entries = JSON.parse(readFileSync(join(folder, 'scenes.json'), 'utf8')) as readonly SceneEntry[];

/** Levels of a crop at the top left, 0..1. */
async function crop(file: string, width: number, height: number): Promise<Float32Array> {
  const bytes = await sharp(join(folder, file))
    .extract({ left: 0, top: 0, width, height })
    .removeAlpha()
    .raw()
    .toBuffer();
  return Float32Array.from(bytes, (value) => value / 255);
}

function meanDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

describe('the sample scenes', () => {
  it('are six, with rain from at least four directions, in less than 2 MB', () => {
    expect(entries).toHaveLength(6);
    expect(new Set(entries.map(({ direction }) => direction)).size).toBeGreaterThanOrEqual(4);
    const bytes = entries
      .flatMap(({ clean, rainy }) => [clean, rainy])
      .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    expect(bytes).toBeLessThan(2_000_000);
  });

  describe.each(entries)('$name', ({ clean, rainy, width, height, recipe, direction }) => {
    it('has two WebP files of the size stated', async () => {
      for (const file of [clean, rainy]) {
        expect(await sharp(join(folder, file)).metadata()).toMatchObject({ format: 'webp', width, height });
      }
    });

    it('is labelled with the direction in which its rain map is seen to fall', () => {
      expect(recipe.direction).toBe(direction);
      expect(estimateDirection(drawRain(recipe, 320, 214), 320, 214, 1).index).toBe(direction);
    });

    it('differs from its clean image by the rain of its recipe', async () => {
      const [w, h] = [width, 120];
      const [before, after] = [await crop(clean, w, h), await crop(rainy, w, h)];
      const expected = makeRainyPair(before, drawRain(recipe, width, height).subarray(0, w * h), recipe.veil).rainy;
      expect(meanDifference(after, expected)).toBeLessThan(0.6 * meanDifference(after, before));
    });
  });
});
