import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../random.ts';
import { asymmetricGaussian, gamma } from './asymmetricGaussian.ts';

describe('asymmetricGaussian', () => {
  const random = randomFromSeed(7);
  const samples = (draw: () => number): Float64Array => Float64Array.from({ length: 60_000 }, draw);

  it('finds the shape of Gaussian and Laplacian samples', () => {
    const gaussian = asymmetricGaussian(samples(() => random.normal()));
    expect(gaussian.alpha).toBeCloseTo(2, 1);
    expect(gaussian.left).toBeCloseTo(Math.SQRT2, 1);
    const laplacian = asymmetricGaussian(
      samples(() => Math.log(1 - random.uniform()) * (random.uniform() < 0.5 ? 1 : -1)),
    );
    expect(laplacian.alpha).toBeCloseTo(1, 1);
    expect(laplacian.right).toBeCloseTo(1, 1);
  });

  it('finds the scale on either side', () => {
    const { left, right } = asymmetricGaussian(
      samples(() => {
        const x = random.normal();
        return x < 0 ? x : 3 * x;
      }),
    );
    expect(right / left).toBeCloseTo(3, 1);
  });

  it('is NaN where there is nothing to fit', () => {
    expect(asymmetricGaussian(new Float64Array(100))).toEqual({
      alpha: Number.NaN,
      left: Number.NaN,
      right: Number.NaN,
    });
  });

  it('has a gamma function that is the factorial, and √π at one half', () => {
    expect(gamma(5)).toBeCloseTo(24, 10);
    expect(gamma(0.5)).toBeCloseTo(Math.sqrt(Math.PI), 12);
    expect(gamma(0.1)).toBeCloseTo(9.513507698668732, 10);
  });
});
