import type { Plane } from '../images/luma.ts';
import { assertComparable } from './psnr.ts';

const WINDOW = 11;
const SIGMA = 1.5;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/**
 * Structural similarity (Wang et al. 2004):  mean of (2μaμb + C₁)(2σab + C₂) / ((μa² + μb² + C₁)(σa² + σb² + C₂)),
 * C₁ = (0.01·255)², C₂ = (0.03·255)², local moments under an 11×11 Gaussian of σ 1.5, where the window fits (valid region).
 *
 * a, b: equally many planes of equal size, 0…255; the mean over planes. Returns −1…1, 1 for equal images.
 * Throws RangeError when they differ in size or number, or are smaller than the window.
 */
export function ssim(a: readonly Plane[], b: readonly Plane[]): number {
  assertComparable(a, b);
  return a.reduce((sum, plane, p) => sum + ssimOfPlanes(plane, b[p]!), 0) / a.length;
}

/** Local moments of one row of windows: Gaussian-weighted sums down the columns. */
interface Moments {
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly aa: Float64Array;
  readonly bb: Float64Array;
  readonly ab: Float64Array;
}

/** Rows of windows one after another, so that only a few rows of sums are ever held. */
function ssimOfPlanes(a: Plane, b: Plane): number {
  const { width, height } = a;
  if (width < WINDOW || height < WINDOW) {
    throw new RangeError(`SSIM needs at least ${WINDOW} × ${WINDOW} pixels, not ${width} × ${height}.`);
  }
  const row = (): Float64Array => new Float64Array(width);
  const columns: Moments = { a: row(), b: row(), aa: row(), bb: row(), ab: row() };
  let sum = 0;
  for (let y = 0; y + WINDOW <= height; y++) {
    sumColumns(a.data, b.data, width, y, columns);
    for (let x = 0; x + WINDOW <= width; x++) sum += similarityAt(columns, x);
  }
  return sum / ((width - WINDOW + 1) * (height - WINDOW + 1));
}

function sumColumns(a: Float32Array, b: Float32Array, width: number, top: number, into: Moments): void {
  const { a: sumA, b: sumB, aa: sumAA, bb: sumBB, ab: sumAB } = into;
  for (const sums of [sumA, sumB, sumAA, sumBB, sumAB]) sums.fill(0);
  for (let k = 0; k < WINDOW; k++) {
    const g = gaussian[k]!;
    const start = (top + k) * width;
    for (let x = 0; x < width; x++) {
      const va = a[start + x]!;
      const vb = b[start + x]!;
      const weightedA = g * va;
      const weightedB = g * vb;
      sumA[x]! += weightedA;
      sumB[x]! += weightedB;
      sumAA[x]! += weightedA * va;
      sumBB[x]! += weightedB * vb;
      sumAB[x]! += weightedA * vb;
    }
  }
}

function similarityAt({ a, b, aa, bb, ab }: Moments, x: number): number {
  let meanA = 0;
  let meanB = 0;
  let squareA = 0;
  let squareB = 0;
  let product = 0;
  for (let k = 0; k < WINDOW; k++) {
    const g = gaussian[k]!;
    meanA += g * a[x + k]!;
    meanB += g * b[x + k]!;
    squareA += g * aa[x + k]!;
    squareB += g * bb[x + k]!;
    product += g * ab[x + k]!;
  }
  const means = meanA * meanB;
  const squares = meanA * meanA + meanB * meanB;
  return ((2 * means + C1) * (2 * (product - means) + C2)) / ((squares + C1) * (squareA + squareB - squares + C2));
}

const gaussian = ((): Float64Array => {
  const weights = Float64Array.from({ length: WINDOW }, (_, i) =>
    Math.exp(-((i - (WINDOW - 1) / 2) ** 2) / (2 * SIGMA ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
})();
