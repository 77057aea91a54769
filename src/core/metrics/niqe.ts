import type { Plane } from '../images/luma.ts';
import { NIQE_BLOCK, NIQE_FEATURES, blockFeatures } from './niqeFeatures.ts';
import type { NiqeModel } from './niqeFeatures.ts';
import { niqeModel } from './niqeModel.ts';

/**
 * Naturalness without a reference (NIQE; Mittal, Soundararajan, Bovik 2013):
 * √((μ − ν)ᵀ ((Σ + T)/2)⁻¹ (μ − ν)), with mean ν and covariance T of the image's block statistics. Lower is better.
 *
 * y: luma, 0…255 (`luma`). Figures of two models differ by a scale: compare only figures taken with one model.
 * Throws RangeError when the image holds fewer than two 96×96 blocks with any variation.
 */
export function niqe(y: Plane, model: NiqeModel = niqeModel): number {
  const rows = usable(blockFeatures(y).rows);
  if (rows.length < 2) {
    throw new RangeError(
      `NIQE needs at least two ${NIQE_BLOCK} × ${NIQE_BLOCK} blocks that are not flat; this image (${y.width} × ${y.height}) has ${rows.length}.`,
    );
  }
  const { mean, covariance } = momentsOf(rows);
  const difference = Float64Array.from(model.mean, (value, i) => value - mean[i]!);
  const pooled = Float64Array.from(model.covariance, (value, i) => (value + covariance[i]!) / 2);
  return mahalanobis(difference, pooled);
}

/**
 * The pristine model of a collection of clean photos: mean and covariance of the statistics of their sharp blocks (those
 * with more than 0.75 of the sharpness of their photo's sharpest block). The order of the photos does not matter beyond
 * rounding. Rejects with RangeError when too few blocks remain for a covariance of full rank.
 */
export async function fitNiqeModel(
  photos: Iterable<Plane> | AsyncIterable<Plane>,
): Promise<NiqeModel & { readonly blocks: number }> {
  const rows: Float64Array[] = [];
  for await (const photo of photos) {
    const { rows: all, sharpness } = blockFeatures(photo);
    const sharpest = Math.max(...sharpness);
    rows.push(...usable(all.filter((_, i) => sharpness[i]! > 0.75 * sharpest)));
  }
  if (rows.length <= NIQE_FEATURES) {
    throw new RangeError(
      `A pristine model needs more than ${NIQE_FEATURES} sharp blocks; these photos have ${rows.length}.`,
    );
  }
  return { ...momentsOf(rows), blocks: rows.length };
}

function usable(rows: readonly Float64Array[]): Float64Array[] {
  return rows.filter((row) => row.every(Number.isFinite));
}

/** Mean, and the lower triangle of the covariance (divided by n − 1). */
function momentsOf(rows: readonly Float64Array[]): { mean: number[]; covariance: number[] } {
  const mean = Array.from(
    { length: NIQE_FEATURES },
    (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length,
  );
  const covariance: number[] = [];
  for (let i = 0; i < NIQE_FEATURES; i++) {
    for (let j = 0; j <= i; j++) {
      const products = rows.reduce((sum, row) => sum + (row[i]! - mean[i]!) * (row[j]! - mean[j]!), 0);
      covariance.push(products / (rows.length - 1));
    }
  }
  return { mean, covariance };
}

/** √(dᵀ A⁻¹ d) by Cholesky: A = L Lᵀ is positive definite, so this is |L⁻¹ d|. Both lie as lower triangles. */
function mahalanobis(d: Float64Array, a: Float64Array): number {
  const l = new Float64Array(a.length);
  const at = (i: number, j: number): number => (i * (i + 1)) / 2 + j;
  let squares = 0;
  const solved = new Float64Array(d.length);
  for (let i = 0; i < d.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[at(i, j)]!;
      for (let k = 0; k < j; k++) sum -= l[at(i, k)]! * l[at(j, k)]!;
      if (i === j && !(sum > 0)) throw new RangeError('The NIQE model has a covariance that is not positive definite.');
      l[at(i, j)] = i === j ? Math.sqrt(sum) : sum / l[at(j, j)]!;
    }
    let rest = d[i]!;
    for (let k = 0; k < i; k++) rest -= l[at(i, k)]! * solved[k]!;
    solved[i] = rest / l[at(i, i)]!;
    squares += solved[i]! ** 2;
  }
  return Math.sqrt(squares);
}
