import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../random.ts';
import { fitMixture } from './fitMixture.ts';
import { conjugateGradients, roundEstimators, separateLayers } from './layers.ts';
import type { Layers } from './layers.ts';
import { densityOf, logDensity } from './mixture.ts';
import type { Mixture } from './mixture.ts';
import { gatherPatches, patchGrid, patchOperator, takePatch } from './patches.ts';
import { createLayerPriors, lumaOf, usualSettings } from './removeRain.ts';
import { flattestRegion } from './rainyRegion.ts';

const random = randomFromSeed(2);
const noise = (length: number): Float32Array => Float32Array.from({ length }, () => random.uniform());

describe('patches', () => {
  it('begin at every second pixel, and the last ones touch the edges', () => {
    const { lefts, tops } = patchGrid(13, 12, 4, 2);
    expect(lefts).toEqual([0, 2, 4, 6, 8, 9]);
    expect(tops).toEqual([0, 2, 4, 6, 8]);
  });

  it('taken without their means and put back are what the operator says', () => {
    const grid = patchGrid(13, 12, 4, 2);
    const x = noise(13 * 12);
    const expected = new Float32Array(x.length);
    gatherPatches(grid, expected, (left, top, patch) => void takePatch(x, grid, left, top, patch));
    const actual = new Float32Array(x.length);
    patchOperator(grid)(x, actual);
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  });
});

it('conjugate gradients solve a system, worked by hand', () => {
  const apply = ([a, b]: Float32Array, into: Float32Array): void => into.set([4 * a! + b!, a! + 3 * b!]);
  const x = new Float32Array(2);
  conjugateGradients(apply, x, Float32Array.of(1, 2), 2);
  expect(x[0]).toBeCloseTo(1 / 11, 5);
  expect(x[1]).toBeCloseTo(7 / 11, 5);
});

/** 48 × 48: a smooth scene with an edge below a flat sky; bright vertical streaks over all. */
const side = 48;
function scene(): { clean: Float32Array; rainy: Float32Array } {
  const clean = new Float32Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      clean[y * side + x] = y < 24 ? 0.4 : 0.3 + 0.2 * Math.sin(y / 5) + (x > 30 ? 0.2 : 0);
  const rainy = clean.slice();
  const own = randomFromSeed(8);
  for (let streak = 0; streak < 60; streak++) {
    const [left, top] = [own.below(side), own.below(side) - 4];
    for (let y = Math.max(0, top); y < Math.min(side, top + 9); y++)
      rainy[y * side + left] = Math.min(1, rainy[y * side + left]! + 0.15);
  }
  return { clean, rainy };
}

/** Of smooth patches: waves of all directions and some edges. */
function smoothPrior(): Mixture {
  const own = randomFromSeed(4);
  const vectors = new Float32Array(1500 * 64);
  const plane = { width: 8, side: 8 };
  for (let i = 0; i < 1500; i++) {
    const [angle, pace, phase, edge] = [own.between(0, 7), own.between(0, 0.4), own.between(0, 7), own.between(-4, 12)];
    const along = (k: number): number => (k % 8) * Math.cos(angle) + (k >> 3) * Math.sin(angle);
    const patch = Float32Array.from({ length: 64 }, (_, k) =>
      i % 3 === 0
        ? Math.abs(Math.cos(angle)) > 0.7 && k % 8 < edge
          ? 0.2
          : 0
        : 0.15 * Math.sin(pace * along(k) + phase),
    );
    takePatch(patch, plane, 0, 0, vectors.subarray(i * 64, i * 64 + 64));
  }
  return fitMixture(vectors, 64, own, { components: 6, iterations: 5, floor: 1e-6 });
}

describe('the layers of an image', () => {
  const { clean, rainy } = scene();
  const prior = smoothPrior();
  const distance = (a: Float32Array): number => a.reduce((sum, value, i) => sum + (value - clean[i]!) ** 2, 0);
  const rgb = {
    data: Float32Array.from({ length: side * side * 3 }, (_, i) => rainy[Math.floor(i / 3)]!),
    width: side,
    height: side,
  };

  it('are found where the scene is flat', () => {
    const { top } = flattestRegion({ data: rainy, width: side, height: side });
    expect(top).toBe(0);
  });

  it('bring the image nearer to the clean one, the same in all colours', () => {
    const { y, z } = createLayerPriors(prior).removeRain(rgb);
    const grey = lumaOf({ ...rgb, data: y }).data;
    expect(distance(grey)).toBeLessThan(0.6 * distance(rainy));
    expect(y[0]).toBe(y[2]);
    expect(Math.min(...z)).toBeGreaterThanOrEqual(0);
  });

  it('lower the objective, and stay between nothing and the image', () => {
    const rain: Mixture = { size: 64, weights: Float64Array.of(1), covariances: [columns()] };
    const [background, streaks] = [prior, rain].map((mixture) => roundEstimators(mixture, usualSettings));
    const layers = separateLayers(
      rainy,
      { width: side, height: side, side: 8 },
      background!.map((estimator, i) => ({ background: estimator, rain: streaks![i]! })),
      usualSettings,
    );
    const before = objective({ background: rainy, rain: new Float32Array(rainy.length) }, rainy, prior, rain);
    expect(objective(layers, rainy, prior, rain)).toBeLessThan(before);
    layers.background.forEach((value, i) => {
      expect(Math.min(value, layers.rain[i]!)).toBeGreaterThanOrEqual(0);
      expect(Math.max(value, layers.rain[i]!)).toBeLessThanOrEqual(rainy[i]!);
    });
  });

  it('are found part by part with the rain of the whole', () => {
    const priors = createLayerPriors(prior);
    priors.look(lumaOf(rgb));
    const whole = createLayerPriors(prior).removeRain(rgb);
    expect(priors.removeRain(rgb)).toEqual(whole);
  });

  it('leave an image without rain alone', () => {
    const flat = { data: new Float32Array(32 * 32 * 3).fill(0.5), width: 32, height: 32 };
    const { y, z } = createLayerPriors(prior).removeRain(flat);
    expect(y).toEqual(flat.data);
    expect(Math.max(...z)).toBe(0);
  });
});

/** Covariance of patches whose columns are bright, each by itself. */
function columns(): Float64Array {
  return Float64Array.from({ length: 64 * 64 }, (_, i) => {
    const [a, b] = [Math.floor(i / 64), i % 64];
    return (a % 8 === b % 8 ? 0.003 : 0) + (a === b ? 1e-4 : 0);
  });
}

/** What `separateLayers` brings down, over the patches that it looks at. */
function objective({ background, rain }: Layers, plane: Float32Array, priorB: Mixture, priorR: Mixture): number {
  const { smoothness, rainEnergy, prior, stride } = usualSettings;
  const densities = [priorB, priorR].map(({ covariances, weights }) =>
    covariances.map((covariance, k) => densityOf(covariance, 64, weights[k]!)),
  );
  let value = 0;
  for (let i = 0; i < plane.length; i++) {
    value += (plane[i]! - background[i]! - rain[i]!) ** 2 + rainEnergy * rain[i]! ** 2;
    if ((i + 1) % side !== 0) value += smoothness * Math.abs(background[i + 1]! - background[i]!);
    if (i + side < plane.length) value += smoothness * Math.abs(background[i + side]! - background[i]!);
  }
  const grid = patchGrid(side, side, 8, stride);
  const patch = new Float32Array(64);
  for (const top of grid.tops)
    for (const left of grid.lefts)
      [background, rain].forEach((layer, which) => {
        takePatch(layer, grid, left, top, patch);
        const logs = densities[which]!.map((density) => logDensity(density, patch, 64));
        const most = Math.max(...logs);
        const total = logs.reduce((sum, log) => sum + Math.exp(log - most), 0);
        value -= prior * stride ** 2 * (most + Math.log(total));
      });
  return value;
}
