import { cholesky, inverseFrom, invertLower, principalAxes } from './symmetric.ts';

/** A mixture of Gaussians of mean 0 over vectors of `size` numbers: Σ_k π_k N(0, Σ_k). */
export interface Mixture {
  readonly size: number;
  /** π_k, which add up to 1. */
  readonly weights: Float64Array;
  /** Σ_k [size·size] each. */
  readonly covariances: readonly Float64Array[];
}

/** Directions that choose the components worth a closer look. */
const AXES = 16;
/** Components that are looked at closely. */
const CLOSE = 4;

/**
 * The best estimate of a vector y that was seen with noise N(0, σ² I): of the component k that explains y best,
 *
 *   k = argmax_k log π_k + log N(y; 0, Σ_k + σ² I),   ŷ = Σ_k (Σ_k + σ² I)⁻¹ y.
 *
 * Choice: four components are chosen by their densities along the 16 principal axes of the whole mixture, and the best of these by
 * its full density.
 */
export interface Estimator {
  /** Writes ŷ of y [size] into `estimate`; returns k. */
  estimate(y: Float32Array, estimate: Float32Array): number;
}

/** What one density needs: −½ |L⁻¹ y|² + constant. */
interface Density {
  readonly lowerInverse: Float32Array;
  readonly constant: number;
}

/** The densities of Gaussians of mean 0, of which L⁻¹ was kept: log π + log N(y; 0, Σ), without the share of 2π. */
export function densityOf(
  covariance: Float64Array,
  size: number,
  weight: number,
): Density & { inverse(): Float64Array } {
  const lower = cholesky(covariance, size);
  const lowerInverse = invertLower(lower, size);
  let constant = Math.log(weight);
  for (let i = 0; i < size; i++) constant -= Math.log(lower[i * size + i]!);
  return { lowerInverse: Float32Array.from(lowerInverse), constant, inverse: () => inverseFrom(lowerInverse, size) };
}

/** log π + log N(y) of a density, without the share of 2π; stops early below `least`. */
export function logDensity(
  { lowerInverse, constant }: Density,
  y: Float32Array,
  size: number,
  least = -Infinity,
): number {
  let value = constant;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0, at = i * size; j <= i; j++, at++) sum += lowerInverse[at]! * y[j]!;
    value -= 0.5 * sum * sum;
    if (value < least) return value;
  }
  return value;
}

/** Estimates under noise of variance `noise` (σ²). */
export function createEstimator({ size, weights, covariances }: Mixture, noise: number): Estimator {
  const axes = axesOf({ size, weights, covariances });
  const count = axes.length / size;
  const full: Density[] = [];
  const short: Density[] = [];
  const filters = covariances.map((covariance, k) => {
    const noisy = covariance.slice();
    for (let i = 0; i < size; i++) noisy[i * size + i]! += noise;
    const density = densityOf(noisy, size, weights[k]!);
    full.push(density);
    short.push(densityOf(projected(noisy, axes, size, count), count, weights[k]!));
    return Float32Array.from(density.inverse(), (value, i) => (i % (size + 1) === 0 ? 1 : 0) - noise * value);
  });
  const axes32 = Float32Array.from(axes);
  const along = new Float32Array(count);
  const close = new Int32Array(CLOSE);
  const values = new Float64Array(CLOSE);
  return {
    estimate: (y, estimate) => {
      multiply(axes32, y, along, count, size);
      values.fill(-Infinity);
      for (let k = 0; k < short.length; k++) {
        const value = logDensity(short[k]!, along, count, values[CLOSE - 1]!);
        if (value <= values[CLOSE - 1]!) continue;
        let at = CLOSE - 1;
        for (; at > 0 && values[at - 1]! < value; at--) {
          values[at] = values[at - 1]!;
          close[at] = close[at - 1]!;
        }
        values[at] = value;
        close[at] = k;
      }
      let [best, most] = [close[0]!, -Infinity];
      for (let i = 0; i < Math.min(CLOSE, full.length); i++) {
        const value = logDensity(full[close[i]!]!, y, size, most);
        if (value > most) [best, most] = [close[i]!, value];
      }
      multiply(filters[best]!, y, estimate, size, size);
      return best;
    },
  };
}

/** The principal axes of Σ_k π_k Σ_k, one a row. */
function axesOf({ size, weights, covariances }: Mixture): Float64Array {
  const mean = new Float64Array(size * size);
  covariances.forEach((covariance, k) => covariance.forEach((value, i) => (mean[i]! += weights[k]! * value)));
  return principalAxes(mean, size, Math.min(AXES, size));
}

/** A Σ Aᵀ, A [count·size]. */
function projected(covariance: Float64Array, axes: Float64Array, size: number, count: number): Float64Array {
  const half = new Float64Array(count * size);
  for (let r = 0; r < count; r++) {
    for (let i = 0; i < size; i++) {
      const factor = axes[r * size + i]!;
      for (let j = 0; j < size; j++) half[r * size + j]! += factor * covariance[i * size + j]!;
    }
  }
  const result = new Float64Array(count * count);
  for (let r = 0; r < count; r++)
    for (let c = 0; c < count; c++)
      for (let j = 0; j < size; j++) result[r * count + c]! += half[r * size + j]! * axes[c * size + j]!;
  return result;
}

/** m y for a matrix [rows·columns]. */
function multiply(m: Float32Array, y: Float32Array, into: Float32Array, rows: number, columns: number): void {
  for (let r = 0, at = 0; r < rows; r++) {
    let sum = 0;
    for (let c = 0; c < columns; c++, at++) sum += m[at]! * y[c]!;
    into[r] = sum;
  }
}
