/** A zero-mode generalized Gaussian with a scale on either side: density ∝ exp(−(|x|/left)^α) for x < 0, likewise right. */
export interface AsymmetricGaussian {
  /** Shape: 2 is Gaussian, 1 Laplacian. */
  readonly alpha: number;
  readonly left: number;
  readonly right: number;
}

const lanczos: readonly number[] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

const FIRST = 0.2;
const STEP = 0.001;
const COUNT = 9801;

/**
 * Fits an asymmetric generalized Gaussian by matching moments (Lasmar et al. 2009): α from the ratio E|x|² / E x²
 * corrected for asymmetry, looked up at α = 0.2, 0.201 … 10; the scales from the mean squares on either side of zero.
 *
 * NaN in every field when all samples are zero or lie on one side.
 */
export function asymmetricGaussian(samples: Float64Array): AsymmetricGaussian {
  let below = 0;
  let above = 0;
  let belowSquares = 0;
  let aboveSquares = 0;
  let absolutes = 0;
  for (const x of samples) {
    absolutes += Math.abs(x);
    if (x < 0) {
      below++;
      belowSquares += x * x;
    } else if (x > 0) {
      above++;
      aboveSquares += x * x;
    }
  }
  const leftDeviation = Math.sqrt(belowSquares / below);
  const rightDeviation = Math.sqrt(aboveSquares / above);
  const ratio = leftDeviation / rightDeviation;
  const n = samples.length;
  const moments = (absolutes / n) ** 2 / ((belowSquares + aboveSquares) / n);
  const alpha = shapeOf((moments * (ratio ** 3 + 1) * (ratio + 1)) / (ratio ** 2 + 1) ** 2);
  const scale = Math.sqrt(gamma(1 / alpha) / gamma(3 / alpha));
  return { alpha, left: leftDeviation * scale, right: rightDeviation * scale };
}

/** Γ(2/α)² / (Γ(1/α) Γ(3/α)) at every α of the table; it grows with α. */
const ratios = Float64Array.from({ length: COUNT }, (_, i) => {
  const inverse = 1 / (FIRST + i * STEP);
  return Math.exp(2 * logGamma(2 * inverse) - logGamma(inverse) - logGamma(3 * inverse));
});

/** The α of the table whose ratio is nearest. */
function shapeOf(ratio: number): number {
  if (Number.isNaN(ratio)) return Number.NaN;
  let low = 0;
  let high = COUNT - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (ratios[middle]! < ratio) low = middle;
    else high = middle;
  }
  const nearest = Math.abs(ratios[low]! - ratio) <= Math.abs(ratios[high]! - ratio) ? low : high;
  return FIRST + nearest * STEP;
}

/** Γ(x) for x > 0. */
export function gamma(x: number): number {
  return Math.exp(logGamma(x));
}

/** ln Γ(x) for x > 0, by Lanczos' approximation (g = 7, nine terms), good to about 1e-14. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const t = z + 7.5;
  const sum = lanczos.reduce((total, coefficient, i) => (i === 0 ? coefficient : total + coefficient / (z + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}
