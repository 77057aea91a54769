import type { Random } from '../random.ts';
import { densityOf, logDensity } from './mixture.ts';
import type { Mixture } from './mixture.ts';

export interface FitOptions {
  readonly components: number;
  readonly iterations: number;
  /** Added to the diagonal of every covariance. */
  readonly floor: number;
  /** Hears of each iteration; the mean log density of a vector, without the share of 2π. */
  readonly onIteration?: (iteration: number, logLikelihood: number) => void;
}

/** Posteriors below this are left out of the sums. */
const NEGLIGIBLE = 1e-3;

/**
 * Expectation–maximization for a mixture of Gaussians of mean 0. Vectors are the rows of `vectors` [count·size]. It begins with
 * components that are stretched along vectors drawn at random. A component that explains next to nothing keeps its shape and is drawn
 * near the whole.
 */
export function fitMixture(vectors: Float32Array, size: number, random: Random, options: FitOptions): Mixture {
  const { components, iterations, floor, onIteration } = options;
  const count = vectors.length / size;
  const whole = covarianceOf(vectors, size, floor);
  let mixture = firstGuess(vectors, size, whole, random, components);
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const densities = mixture.covariances.map((covariance, k) => densityOf(covariance, size, mixture.weights[k]!));
    const sums = Array.from({ length: components }, () => new Float64Array(size * size));
    const masses = new Float64Array(components);
    const logs = new Float64Array(components);
    let logLikelihood = 0;
    for (let i = 0; i < count; i++) {
      const y = vectors.subarray(i * size, (i + 1) * size);
      let most = -Infinity;
      for (let k = 0; k < components; k++) {
        logs[k] = logDensity(densities[k]!, y, size, most - 20);
        most = Math.max(most, logs[k]!);
      }
      let total = 0;
      for (let k = 0; k < components; k++) total += logs[k] = Math.exp(logs[k]! - most);
      logLikelihood += most + Math.log(total);
      for (let k = 0; k < components; k++) {
        const posterior = logs[k]! / total;
        if (posterior > NEGLIGIBLE) addOuter(sums[k]!, y, size, posterior);
        if (posterior > NEGLIGIBLE) masses[k]! += posterior;
      }
    }
    mixture = maximized(sums, masses, whole, size, floor);
    onIteration?.(iteration, logLikelihood / count);
  }
  return mixture;
}

function firstGuess(
  vectors: Float32Array,
  size: number,
  whole: Float64Array,
  random: Random,
  components: number,
): Mixture {
  const count = vectors.length / size;
  let trace = 0;
  for (let i = 0; i < size; i++) trace += whole[i * size + i]!;
  const covariances = Array.from({ length: components }, () => {
    const at = random.below(count) * size;
    const seed = vectors.subarray(at, at + size);
    const energy = Math.max(
      seed.reduce((sum, value) => sum + value * value, 0),
      1e-3 * trace,
    );
    const covariance = whole.map((value) => (0.5 * value * energy) / trace);
    addOuter(covariance, seed, size, 0.5);
    return mirroredUp(covariance, size);
  });
  return { size, weights: new Float64Array(components).fill(1 / components), covariances };
}

function maximized(
  sums: readonly Float64Array[],
  masses: Float64Array,
  whole: Float64Array,
  size: number,
  floor: number,
): Mixture {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const covariances = sums.map((sum, k) => {
    const mass = masses[k]! + 1; // one vector's worth of the whole, so that a rare component stays invertible
    const covariance = sum.map((value, i) => (value + 1e-2 * whole[i]!) / mass);
    for (let i = 0; i < size; i++) covariance[i * size + i]! += floor;
    return mirroredUp(covariance, size);
  });
  const weights = masses.map((mass) => (mass + 1e-3) / (total + 1e-3 * masses.length));
  return { size, weights, covariances };
}

function covarianceOf(vectors: Float32Array, size: number, floor: number): Float64Array {
  const count = vectors.length / size;
  const sum = new Float64Array(size * size);
  for (let i = 0; i < count; i++) addOuter(sum, vectors.subarray(i * size, (i + 1) * size), size, 1 / count);
  for (let i = 0; i < size; i++) sum[i * size + i]! += floor;
  return mirroredUp(sum, size);
}

/** Lower half of sum += factor · y yᵀ. */
function addOuter(sum: Float64Array, y: Float32Array, size: number, factor: number): void {
  for (let i = 0; i < size; i++) {
    const left = factor * y[i]!;
    for (let j = 0, at = i * size; j <= i; j++, at++) sum[at]! += left * y[j]!;
  }
}

function mirroredUp(a: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) a[i * n + j] = a[j * n + i]!;
  return a;
}
