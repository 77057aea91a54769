import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../random.ts';
import { directionIndex, estimateDirection, flippedIndex, rotatedIndex } from './direction.ts';
import { rainPresetNames, sampleRecipe } from './presets.ts';
import type { RainPresetName } from './presets.ts';
import { makeRainyPair } from './rainyPair.ts';
import { drawRain } from './streaks.ts';
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

  it('turn with the picture', () => {
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

  it('falls as densely at the border as in the middle, and in a small picture as in a large one', () => {
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

  it('lies over a clean picture so that xSyn = yGt + zGt to the last bit, within 0..1', () => {
    const random = randomFromSeed(3);
    for (const preset of rainPresetNames) {
      const recipe = sampleRecipe(preset, random.split(preset));
      const clean = Float32Array.from({ length: 64 * 64 * 3 }, () => random.uniform());
      const { rainy, rainMap } = makeRainyPair(clean, drawRain(recipe, 64, 64), recipe.veil);
      rainy.forEach((x, i) => {
        if (x !== Math.fround(clean[i]! + rainMap[i]!) || x < 0 || x > 1) throw new Error(`${preset}: ${x} at ${i}`);
      });
      expect(Math.max(...rainMap)).toBeGreaterThan(0);
    }
  });

  it('refuses a picture of another size', () => {
    expect(() => makeRainyPair(new Float32Array(30), new Float32Array(9), { amount: 0, grey: 0 })).toThrow(
      'Rain of 9 pixels does not fit a picture of 10.',
    );
  });
});

/** Levels of 255 over a mid-grey picture, from many recipes of a preset. */
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

  it('veil: faint, over nearly the whole picture', () => {
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
