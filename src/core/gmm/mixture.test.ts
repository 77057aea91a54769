import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../random.ts';
import { fitMixture } from './fitMixture.ts';
import { createEstimator, densityOf, logDensity } from './mixture.ts';
import type { Mixture } from './mixture.ts';

/** Vectors of two numbers: 70 % with deviations 3 and 0.5 along x and y, 30 % with 0.2 and 1. */
function drawn(count: number): Float32Array {
  const random = randomFromSeed(3);
  const vectors = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const [x, y] = random.uniform() < 0.7 ? [3, 0.5] : [0.2, 1];
    vectors[2 * i] = x * random.normal();
    vectors[2 * i + 1] = y * random.normal();
  }
  return vectors;
}

describe('a fitted mixture', () => {
  it('finds the components that vectors were drawn from, and explains them better each time', () => {
    const likelihoods: number[] = [];
    const { weights, covariances } = fitMixture(drawn(8000), 2, randomFromSeed(1), {
      components: 2,
      iterations: 60,
      floor: 1e-6,
      onIteration: (_, value) => likelihoods.push(value),
    });
    const wide = covariances[0]![0]! > covariances[1]![0]! ? 0 : 1;
    expect(weights[wide]).toBeCloseTo(0.7, 1);
    expect(covariances[wide]![0]! / 9).toBeCloseTo(1, 1);
    expect(covariances[wide]![3]! / 0.25).toBeCloseTo(1, 0);
    expect(covariances[1 - wide]![0]!).toBeLessThan(0.08);
    expect(covariances[1 - wide]![3]!).toBeCloseTo(1, 0);
    for (let i = 1; i < likelihoods.length; i++) expect(likelihoods[i]).toBeGreaterThan(likelihoods[i - 1]! - 1e-3);
  });

  it('is the same from the same seed', () => {
    const fit = (): Mixture =>
      fitMixture(drawn(300), 2, randomFromSeed(5), { components: 3, iterations: 4, floor: 1e-6 });
    expect(fit()).toEqual(fit());
  });
});

describe('a density', () => {
  it('is that of the Gaussian, worked by hand', () => {
    const density = densityOf(Float64Array.of(4, 0, 0, 1), 2, 0.5);
    const expected = Math.log(0.5) - Math.log(2) - 0.5 * (2 ** 2 / 4 + 3 ** 2);
    expect(logDensity(density, Float32Array.of(2, 3), 2)).toBeCloseTo(expected, 6);
  });
});

describe('an estimate', () => {
  const mixture: Mixture = {
    size: 2,
    weights: Float64Array.of(0.5, 0.5),
    covariances: [Float64Array.of(9, 0, 0, 0.25), Float64Array.of(0.04, 0, 0, 1)],
  };

  it('is the vector shrunk by the component that explains it: variance / (variance + noise) along each axis', () => {
    const { estimate } = createEstimator(mixture, 0.5);
    const into = new Float32Array(2);
    expect(estimate(Float32Array.of(4, 0.3), into)).toBe(0);
    expect(into[0]).toBeCloseTo((4 * 9) / 9.5, 5);
    expect(into[1]).toBeCloseTo((0.3 * 0.25) / 0.75, 5);
    expect(estimate(Float32Array.of(0.1, 2), into)).toBe(1);
    expect(into[0]).toBeCloseTo((0.1 * 0.04) / 0.54, 5);
    expect(into[1]).toBeCloseTo((2 * 1) / 1.5, 5);
  });

  it('takes the component of the highest density among many, whatever was chosen first', () => {
    const random = randomFromSeed(9);
    const size = 20;
    const diagonal = (): Float64Array => {
      const covariance = new Float64Array(size * size);
      for (let i = 0; i < size; i++) covariance[i * size + i] = random.between(0.01, 2);
      return covariance;
    };
    const many = { size, weights: new Float64Array(4).fill(0.25), covariances: [1, 2, 3, 4].map(diagonal) };
    const { estimate } = createEstimator(many, 0.1);
    for (let trial = 0; trial < 20; trial++) {
      const y = Float32Array.from({ length: size }, () => random.normal());
      const densities = many.covariances.map((covariance) =>
        logDensity(
          densityOf(
            covariance.map((value, i) => value + (i % (size + 1) === 0 ? 0.1 : 0)),
            size,
            0.25,
          ),
          y,
          size,
        ),
      );
      expect(estimate(y, new Float32Array(size))).toBe(densities.indexOf(Math.max(...densities)));
    }
  });
});
