import { describe, expect, it } from 'vitest';
import { createPixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import { sampleRecipe } from '../../src/core/rain/presets.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { differenceOf, directionOf, middleOf, rainLayer } from './rainLayers.ts';

const recipe = sampleRecipe('heavy', randomFromSeed(2));

function grey(width: number, height: number, level: number): Pixels {
  const image = createPixels(width, height);
  for (let i = 0; i < image.data.length; i++) if (i % 4 < 3) image.data[i] = level;
  return image;
}

const mean = ({ data }: Pixels): number =>
  data.reduce((sum, value, i) => sum + (i % 4 < 3 ? value : 0), 0) / data.length;

describe('the layers of the rain studio', () => {
  const clean = grey(120, 90, 60);

  it('are the clean image itself, rain over it, and the rain alone', () => {
    expect(rainLayer(clean, recipe, 'clean')).toBe(clean);
    const rainy = rainLayer(clean, recipe, 'rainy');
    expect(mean(rainy)).toBeGreaterThan(mean(clean));
    expect(Math.min(...rainy.data.filter((_, i) => i % 4 < 3))).toBeGreaterThanOrEqual(60);
    const map = rainLayer(clean, recipe, 'rainMap');
    expect(mean(map)).toBeGreaterThan(0);
    expect(map.data.every((value, i) => i % 4 < 3 || value === 255)).toBe(true);
    const again = rainLayer(clean, recipe, 'rainy');
    expect(again.data.every((value, i) => value === rainy.data[i])).toBe(true);
  });

  it('give a pair whose difference is the rain, and whose direction is found again', () => {
    const rainy = rainLayer(clean, recipe, 'rainy');
    const map = differenceOf(rainy, clean, 1);
    expect(map.data.every((value, i) => value === (i % 4 < 3 ? rainy.data[i]! - clean.data[i]! : 255))).toBe(true);
    expect(differenceOf(clean, rainy, 1).data.every((value, i) => i % 4 === 3 || value === 0)).toBe(true);
    const turn = Math.abs(directionOf(rainy, clean) - recipe.direction);
    expect(Math.min(turn, 18 - turn)).toBeLessThanOrEqual(1);
  });

  it('are shown by their middle where they are larger than the window', () => {
    const image = grey(5, 4, 0);
    image.data[(1 * 5 + 1) * 4] = 9;
    const middle = middleOf(image, 3, 100);
    expect([middle.width, middle.height, middle.data[1 * 3 * 4]]).toEqual([3, 4, 9]);
  });
});
