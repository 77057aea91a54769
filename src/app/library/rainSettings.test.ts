import { describe, expect, it } from 'vitest';
import { rainPresetNames } from '../../core/rain/presets.ts';
import { drawRain } from '../../core/rain/streaks.ts';
import { estimateDirection } from '../../core/rain/direction.ts';
import { MAX_DENSITY, pairJobs, recipeOf, settingsOfKind } from './rainSettings.ts';

const settings = settingsOfKind('light', 7);

describe('recipeOf', () => {
  it('gives the label of its angle, and rain that runs that way', () => {
    for (const angle of [0, 40, 84, 130, 178]) {
      const recipe = recipeOf({ ...settings, angle });
      expect(recipe.direction).toBe(Math.round(angle / 10) % 18);
      expect(estimateDirection(drawRain(recipe, 128, 128), 128, 128, 1).index).toBe(recipe.direction);
    }
  });

  it('keeps the number of streaks whatever the number of layers', () => {
    for (const layers of [1, 3, 5]) {
      const recipe = recipeOf({ ...settings, layers });
      expect(recipe.layers).toHaveLength(layers);
      expect(recipe.layers.reduce((sum, layer) => sum + layer.density, 0)).toBeCloseTo(settings.density);
    }
  });
});

it('says every kind of rain within the sliders', () => {
  for (const kind of rainPresetNames) {
    for (let seed = 0; seed < 50; seed++) {
      const { angle, length, width, density, strength, layers, veil } = settingsOfKind(kind, seed);
      expect(angle).toBeGreaterThanOrEqual(35);
      expect(angle).toBeLessThanOrEqual(145);
      expect(length).toBeLessThanOrEqual(140);
      expect(width).toBeLessThanOrEqual(16);
      expect(density).toBeLessThanOrEqual(MAX_DENSITY);
      expect(strength).toBeLessThanOrEqual(0.6);
      expect(layers).toBeLessThanOrEqual(5);
      expect(veil).toBeLessThanOrEqual(0.5);
    }
  }
});

describe('pairJobs', () => {
  const images = ['a', 'b', 'c'].map((id) => ({ id, name: id }));

  it('uses every image before any again, each pair with rain of its own', () => {
    const jobs = pairJobs(settings, 6, 10, images);
    expect(new Set(jobs.slice(0, 3).map((job) => job.image))).toEqual(new Set(['a', 'b', 'c']));
    expect(new Set(jobs.map((job) => job.recipe.seed)).size).toBe(6);
    for (const { recipe } of jobs) expect(Math.abs(recipe.layers[0]!.angle - settings.angle)).toBeLessThanOrEqual(10);
  });

  it('gives the same pairs for the same seed, others for another', () => {
    expect(pairJobs(settings, 4, 10, images)).toEqual(pairJobs(settings, 4, 10, images));
    expect(pairJobs({ ...settings, seed: 8 }, 4, 10, images)).not.toEqual(pairJobs(settings, 4, 10, images));
  });
});
