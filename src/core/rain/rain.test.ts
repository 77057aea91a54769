import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../random.ts';
import { directionIndex, estimateDirection, flippedIndex, rotatedIndex } from './direction.ts';
import { rainPresetNames, sampleRecipe } from './presets.ts';
import type { RainPresetName } from './presets.ts';
import { makeRainyPair } from './rainyPair.ts';
import { drawRain, scaleRecipe } from './streaks.ts';
import type { RainRecipe } from './streaks.ts';

const labels = Array.from({ length: 18 }, (_, i) => i);

function oneLayer(angle: number, seed = 1): RainRecipe {
  const layer = { angle, spread: 0, length: 25, width: 3, density: 2, strength: 0.15 };
  return { layers: [layer], veil: { amount: 0, grey: 0.7 }, seed, direction: directionIndex(angle) };
}

describe('labels', () => {
  it('are ten degrees each and wrap around', () => {
    expect([0, 4.9, 5, 90, 174.9, 175, 180, -10].map(directionIndex)).toEqual([0, 0, 1, 9, 17, 0, 0, 17]);
  });

  it('turn with the image', () => {
    expect(flippedIndex(7)).toBe(11);
    expect(flippedIndex(0)).toBe(0);
    expect(flippedIndex(9)).toBe(9);
    expect(rotatedIndex(9)).toBe(0);
    expect(rotatedIndex(12)).toBe(3);
  });
});

describe('the structure tensor', () => {
  it.each(labels)('reads label %i from drawn rain', (index) => {
    const rain = drawRain(oneLayer(10 * index), 160, 120);
    const estimate = estimateDirection(rain, 160, 120, 1);
    expect(estimate.index).toBe(index);
    expect(estimate.confidence).toBeGreaterThan(0.6);
  });

  it('says that it knows nothing of a flat map', () => {
    expect(estimateDirection(new Float32Array(300).fill(0.4), 10, 10, 3)).toEqual({
      degrees: 90,
      index: 9,
      confidence: 0,
    });
  });
});

describe('rain', () => {
  it('is the same for the same recipe, and another for another seed', () => {
    expect(drawRain(oneLayer(80), 50, 40)).toEqual(drawRain(oneLayer(80), 50, 40));
    expect(drawRain(oneLayer(80, 2), 50, 40)).not.toEqual(drawRain(oneLayer(80), 50, 40));
  });

  it('falls as densely at the border as in the middle, and in a small image as in a large one', () => {
    const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
    const large: number[] = [];
    const small: number[] = [];
    for (let seed = 0; seed < 60; seed++) {
      large.push(mean(drawRain(oneLayer(85, seed), 200, 200)));
      small.push(...Array.from({ length: 4 }, (_, i) => mean(drawRain(oneLayer(85, 1000 + 4 * seed + i), 48, 48))));
    }
    expect(mean(small) / mean(large)).toBeGreaterThan(0.93);
    expect(mean(small) / mean(large)).toBeLessThan(1.07);
  });

  it('lies over a clean image so that xSyn = yGt + zGt to the last bit, within 0..1', () => {
    const random = randomFromSeed(3);
    for (const [i, preset] of [...rainPresetNames, ...rainPresetNames, ...rainPresetNames].entries()) {
      const recipe = sampleRecipe(preset, random.split(`${preset} ${i}`), { vary: i >= rainPresetNames.length });
      const clean = Float32Array.from({ length: 64 * 64 * 3 }, () => random.uniform());
      const { rainy, rainMap } = makeRainyPair(clean, drawRain(recipe, 64, 64), recipe.veil);
      rainy.forEach((x, i) => {
        if (x !== Math.fround(clean[i]! + rainMap[i]!) || x < 0 || x > 1) throw new Error(`${preset}: ${x} at ${i}`);
      });
      expect(Math.max(...rainMap)).toBeGreaterThan(0);
    }
  });

  it('covers what is darker than its sky, and leaves what is brighter', () => {
    const clean = Float32Array.from([0, 0, 0, 0.5, 0.5, 0.5, 0.95, 0.95, 0.95]);
    const { rainy } = makeRainyPair(clean, new Float32Array(3).fill(0.6), { amount: 0, grey: 0.7, sky: 0.9 });
    const cover = 1 - Math.exp(-0.6 / 0.9);
    expect(rainy[0]).toBeCloseTo(0.9 * cover, 6);
    expect(rainy[3]).toBeCloseTo(0.5 + 0.4 * cover, 6);
    expect(rainy[6]).toBe(clean[6]);
  });

  it('bends by what it says from border to border, and not in the mean', () => {
    const bent = (degrees: number) => drawRain({ ...oneLayer(90), bend: { degrees, towards: 0 } }, 300, 300);
    const estimate = (map: Float32Array, left: number, width: number) => {
      const part = new Float32Array(width * 300);
      for (let y = 0; y < 300; y++) part.set(map.subarray(y * 300 + left, y * 300 + left + width), y * width);
      return estimateDirection(part, width, 300, 1).degrees;
    };
    const map = bent(12);
    expect(estimate(map, 0, 300)).toBeCloseTo(90, -0.5);
    expect(estimate(map, 225, 75) - estimate(map, 0, 75)).toBeGreaterThan(13); // 18 between the middles of these strips
    expect(estimate(map, 225, 75) - estimate(map, 0, 75)).toBeLessThan(23);
    expect(bent(0)).toEqual(drawRain(oneLayer(90), 300, 300));
  });

  it('keeps width and peak of a streak with a plateau, and fills its middle', () => {
    /** Brightness across one vertical streak, which stands alone in the image. */
    const across = (plateau: number): number[] => {
      const layer = { angle: 90, spread: 0, length: 400, width: 12, density: 0.004, strength: 0.2, plateau };
      const recipe = { ...oneLayer(90, 4), layers: [layer] };
      const map = drawRain(recipe, 200, 200);
      return Array.from(map.subarray(100 * 200, 101 * 200));
    };
    const [round, flat] = [across(0), across(12)];
    const wide = (values: number[]): number => values.filter((value) => value > Math.max(...values) / 2).length;
    expect(Math.max(...round)).toBeGreaterThan(0);
    expect(wide(flat) / wide(round)).toBeCloseTo(1, 1);
    expect(Math.max(...flat) / Math.max(...round)).toBeCloseTo(1, 1);
    const bright = (values: number[]): number => values.filter((value) => value > 0.85 * Math.max(...values)).length;
    expect(bright(flat)).toBeGreaterThan(1.3 * bright(round));
  });

  it('goes over into the plain Gaussian as its plateau vanishes', () => {
    const recipe = oneLayer(70);
    const nearly = { ...recipe, layers: recipe.layers.map((layer) => ({ ...layer, plateau: 1e-9 })) };
    const [plain, tabulated] = [drawRain(recipe, 80, 80), drawRain(nearly, 80, 80)];
    plain.forEach((value, i) => expect(Math.abs(value - tabulated[i]!)).toBeLessThan(1e-4));
  });

  it.each([0.5, 3])('scaled by %d is as dense and as bright', (factor) => {
    const sums = { before: 0, after: 0, covered: 0, coveredAfter: 0 };
    for (let seed = 0; seed < 30; seed++) {
      const before = drawRain(oneLayer(85, seed), 320, 320);
      const after = drawRain(scaleRecipe(oneLayer(85, seed), factor), 320, 320);
      for (let i = 0; i < before.length; i++) {
        sums.before += before[i]!;
        sums.after += after[i]!;
        sums.covered += before[i]! > 0.02 ? 1 : 0;
        sums.coveredAfter += after[i]! > 0.02 ? 1 : 0;
      }
    }
    expect(sums.after / sums.before).toBeGreaterThan(0.9);
    expect(sums.after / sums.before).toBeLessThan(1.1);
    expect(sums.coveredAfter / sums.covered).toBeGreaterThan(0.9);
    expect(sums.coveredAfter / sums.covered).toBeLessThan(1.1);
  });

  it('refuses an image of another size', () => {
    expect(() => makeRainyPair(new Float32Array(30), new Float32Array(9), { amount: 0, grey: 0 })).toThrow(
      'Rain of 9 pixels does not fit an image of 10.',
    );
  });
});

/** Levels of 255 over a mid-grey image, from many recipes of a preset. */
function levels(preset: RainPresetName): number[] {
  const values: number[] = [];
  for (let i = 0; i < 40; i++) {
    const recipe = sampleRecipe(preset, randomFromSeed(77).split(i));
    const clean = new Float32Array(96 * 96 * 3).fill(0.4);
    const { rainMap } = makeRainyPair(clean, drawRain(recipe, 96, 96), recipe.veil);
    for (let p = 0; p < rainMap.length; p += 3) values.push(rainMap[p]! * 255);
  }
  return values.sort((a, b) => a - b);
}

/** Mean correlation of rain with itself one pixel to the right: the wider the streaks, the nearer to 1. */
function likenessBeside(preset: RainPresetName): number {
  let total = 0;
  for (let i = 0; i < 20; i++) {
    const map = drawRain(sampleRecipe(preset, randomFromSeed(79).split(i)), 96, 96);
    const mean = map.reduce((a, b) => a + b, 0) / map.length;
    let [together, alone] = [0, 0];
    for (let p = 0; p < map.length - 1; p++) {
      if (p % 96 === 95) continue;
      together += (map[p]! - mean) * (map[p + 1]! - mean);
      alone += (map[p]! - mean) ** 2;
    }
    total += together / alone / 20;
  }
  return total;
}

describe('the presets are like rain that was measured', () => {
  const share = (values: number[], test: (level: number) => boolean): number =>
    values.filter(test).length / values.length;
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

  it('light: mean about 5.7 levels, more than half untouched, the brightest hundredth above about 67', () => {
    const light = levels('light');
    expect(mean(light)).toBeGreaterThan(4.5);
    expect(mean(light)).toBeLessThan(7.5);
    expect(share(light, (level) => level < 1.5)).toBeGreaterThan(0.5);
    expect(light[Math.floor(0.99 * light.length)]).toBeGreaterThan(55);
    expect(light[Math.floor(0.99 * light.length)]).toBeLessThan(95);
  });

  it.each(['heavy', 'crossing'] as const)(
    '%s: mean about 54 levels, most pixels brightened by more than 10',
    (preset) => {
      const heavy = levels(preset);
      expect(mean(heavy)).toBeGreaterThan(42);
      expect(mean(heavy)).toBeLessThan(66);
      expect(share(heavy, (level) => level > 10)).toBeGreaterThan(0.65);
    },
  );

  it('downpour: mean 40 to 65 levels, about four pixels of five brightened by more than 10', () => {
    const downpour = levels('downpour');
    expect(mean(downpour)).toBeGreaterThan(40);
    expect(mean(downpour)).toBeLessThan(65);
    expect(share(downpour, (level) => level > 10)).toBeGreaterThan(0.75);
    expect(share(downpour, (level) => level > 10)).toBeLessThan(0.92);
  });

  it('downpour: some tenth of an image of all brightnesses is saturated', () => {
    let [saturated, count] = [0, 0];
    for (let i = 0; i < 40; i++) {
      const recipe = sampleRecipe('downpour', randomFromSeed(78).split(i));
      const clean = Float32Array.from(
        { length: 96 * 96 * 3 },
        (_, at) => 0.9 * ((Math.floor(at / 3) % 96) / 96) ** 1.3,
      );
      const { rainy } = makeRainyPair(clean, drawRain(recipe, 96, 96), recipe.veil);
      for (const value of rainy) saturated += value > 0.99 ? 1 : 0;
      count += rainy.length;
    }
    expect(saturated / count).toBeGreaterThan(0.06);
    expect(saturated / count).toBeLessThan(0.16);
  });

  it('driving: as heavy as Rain100H on average, its pixels evenly spread, streaks half as wide as those of a downpour', () => {
    const driving = levels('driving');
    expect(mean(driving)).toBeGreaterThan(40);
    expect(mean(driving)).toBeLessThan(65);
    expect(share(driving, (level) => level > 10)).toBeGreaterThan(0.8);
    const [thin, wide] = [likenessBeside('driving'), likenessBeside('downpour')];
    expect(thin).toBeGreaterThan(0.55); // 0.64 in the heavy benchmark pairs
    expect(thin).toBeLessThan(0.75);
    expect(wide).toBeGreaterThan(0.8);
  });

  it('dense: mean about 28 levels, half of all pixels brightened by more than 10, wide dashes of one direction', () => {
    const dense = levels('dense');
    expect(mean(dense)).toBeGreaterThan(20);
    expect(mean(dense)).toBeLessThan(38);
    expect(share(dense, (level) => level > 10)).toBeGreaterThan(0.4);
    for (let i = 0; i < 12; i++) {
      const recipe = sampleRecipe('dense', randomFromSeed(79).split(i));
      expect(recipe.layers).toHaveLength(1);
      const [{ angle, length, width }] = recipe.layers as [(typeof recipe.layers)[0]];
      expect([width >= 4 && width <= 6, length * 0.6 <= 50 && length * 1.4 >= 70]).toEqual([true, true]);
      const { degrees, confidence } = estimateDirection(drawRain(recipe, 256, 256), 256, 256, 1);
      expect(Math.abs(degrees - angle)).toBeLessThan(3);
      expect(recipe.direction).toBe(directionIndex(angle));
      expect(confidence).toBeGreaterThan(0.8);
    }
  });

  it.each(rainPresetNames)('%s: varied, it keeps its label, and adds as much light within a third', (preset) => {
    let [plain, richer] = [0, 0];
    for (let i = 0; i < 40; i++) {
      const recipe = sampleRecipe(preset, randomFromSeed(80).split(i));
      const varied = sampleRecipe(preset, randomFromSeed(80).split(i), { vary: true });
      expect(varied.direction).toBe(recipe.direction);
      const light = varied.layers.map(({ density, length, width, strength }) => density * length * width * strength);
      expect(directionIndex(varied.layers[light.indexOf(Math.max(...light))]!.angle)).toBe(varied.direction);
      expect(Math.abs(varied.bend!.degrees)).toBeLessThanOrEqual(4);
      plain += drawRain(recipe, 64, 64).reduce((a, b) => a + b, 0);
      richer += drawRain(varied, 64, 64).reduce((a, b) => a + b, 0);
    }
    expect(richer / plain).toBeGreaterThan(0.67);
    expect(richer / plain).toBeLessThan(1.5);
  });

  it('reach from fine to wide and from short to long over the scales, and stay within the sizes that scaling may reach', () => {
    const sizes = rainPresetNames.flatMap((preset) =>
      [0.3, 0.5, 1, 3, 9].flatMap((scale) =>
        Array.from(
          { length: 20 },
          (_, i) => sampleRecipe(preset, randomFromSeed(81).split(i), { scale }).layers,
        ).flat(),
      ),
    );
    const widths = sizes.map(({ width }) => width);
    const lengths = sizes.map(({ length }) => length);
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(0.99);
    expect(Math.min(...widths)).toBeLessThan(1.2);
    expect(Math.max(...widths)).toBeGreaterThan(12);
    expect(Math.max(...widths)).toBeLessThan(14.1);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(7.99);
    expect(Math.max(...lengths)).toBeGreaterThan(150);
    expect(Math.max(...lengths)).toBeLessThan(251);
  });

  it('veil: faint, over nearly the whole image', () => {
    const veil = levels('veil');
    expect(share(veil, (level) => level > 2)).toBeGreaterThan(0.85);
    expect(veil[Math.floor(0.99 * veil.length)]).toBeLessThan(130);
  });

  it('fall within 55° to 124°, about the vertical', () => {
    const angles = Array.from(
      { length: 300 },
      (_, i) => sampleRecipe('light', randomFromSeed(5).split(i)).layers[0]!.angle,
    );
    expect(Math.min(...angles)).toBeGreaterThanOrEqual(55);
    expect(Math.max(...angles)).toBeLessThanOrEqual(124);
    expect(Math.abs(mean(angles) - 91)).toBeLessThan(4);
  });

  it('carry the label of the layer that adds most light', () => {
    for (let i = 0; i < 20; i++) {
      const { layers, direction } = sampleRecipe('crossing', randomFromSeed(6).split(i));
      const light = layers.map(({ density, length, width, strength }) => density * length * width * strength);
      expect(direction).toBe(directionIndex(layers[light.indexOf(Math.max(...light))]!.angle));
    }
  });
});
