import type { Plane } from '../images/luma.ts';
import { asymmetricGaussian, gamma } from './asymmetricGaussian.ts';

/** Side of the blocks that statistics are taken over, pixels at full resolution; half of it at the second scale. */
export const NIQE_BLOCK = 96;
/** Natural-scene statistics of a block: 18 at each of two scales. */
export const NIQE_FEATURES = 36;

/** What undisturbed photos look like: a multivariate Gaussian over block statistics. */
export interface NiqeModel {
  /** NIQE_FEATURES numbers. */
  readonly mean: readonly number[];
  /** NIQE_FEATURES × NIQE_FEATURES, symmetric: the lower triangle, row by row. */
  readonly covariance: readonly number[];
}

/** Statistics of the blocks of one image, in rows. */
export interface BlockFeatures {
  /** One row of NIQE_FEATURES per block. A block without variation has NaN in its row. */
  readonly rows: readonly Float64Array[];
  /** Mean local standard deviation of each block at full resolution, byte scale. */
  readonly sharpness: readonly number[];
}

/**
 * The natural-scene statistics of NIQE (Mittal, Soundararajan, Bovik 2013): luma, rounded, is divided by its local
 * contrast, (I − μ)/(σ + 1) under a 7×7 Gaussian of σ 7/6; every 96×96 block gives the shape of that and of the products
 * with its four neighbours; the same at half size (bicubic with antialiasing).
 *
 * y: luma, 0…255. Pixels right of and below the last whole block are left out. No blocks: no rows.
 */
export function blockFeatures(y: Plane): BlockFeatures {
  const columns = Math.floor(y.width / NIQE_BLOCK);
  const lines = Math.floor(y.height / NIQE_BLOCK);
  const rows = Array.from({ length: columns * lines }, () => new Float64Array(NIQE_FEATURES));
  if (rows.length === 0) return { rows, sharpness: [] };
  const full = croppedAndRounded(y, columns * NIQE_BLOCK, lines * NIQE_BLOCK);
  const sharpness: number[] = [];
  for (const scale of [1, 2]) {
    const size = NIQE_BLOCK / scale;
    const { normalized, deviation } = contrastNormalized(scale === 1 ? full : halved(full));
    rows.forEach((row, block) => {
      const left = (block % columns) * size;
      const top = Math.floor(block / columns) * size;
      row.set(shapeFeatures(blockOf(normalized, left, top, size), size), scale === 1 ? 0 : NIQE_FEATURES / 2);
      if (scale === 1) sharpness.push(meanOf(blockOf(deviation, left, top, size)));
    });
  }
  return { rows, sharpness };
}

/** 18 numbers: the shape of the block itself, then of its products with the right, lower and two diagonal neighbours. */
function shapeFeatures(block: Float64Array, size: number): number[] {
  const { alpha, left, right } = asymmetricGaussian(block);
  const features = [alpha, (left + right) / 2];
  const products = new Float64Array(block.length);
  for (const [down, across] of [
    [0, 1],
    [1, 0],
    [1, 1],
    [1, -1],
  ] as const) {
    for (let y = 0; y < size; y++) {
      const other = ((y - down + size) % size) * size;
      for (let x = 0; x < size; x++)
        products[y * size + x] = block[y * size + x]! * block[other + ((x - across + size) % size)]!;
    }
    const fit = asymmetricGaussian(products);
    features.push(
      fit.alpha,
      (fit.right - fit.left) * (gamma(2 / fit.alpha) / gamma(1 / fit.alpha)),
      fit.left,
      fit.right,
    );
  }
  return features;
}

/** (I − μ)/(σ + 1) and σ, with the border repeated outwards. */
function contrastNormalized({ width, height, data }: Plane): { normalized: Plane; deviation: Plane } {
  const mean = blurred(data, width, height);
  const squares = blurred(
    Float64Array.from(data, (value) => value * value),
    width,
    height,
  );
  const normalized = new Float32Array(data.length);
  const deviation = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const sigma = Math.sqrt(Math.abs(squares[i]! - mean[i]! * mean[i]!));
    normalized[i] = (data[i]! - mean[i]!) / (sigma + 1);
    deviation[i] = sigma;
  }
  return { normalized: { width, height, data: normalized }, deviation: { width, height, data: deviation } };
}

const blurWeights = ((): number[] => {
  const weights = [-3, -2, -1, 0, 1, 2, 3].map((d) => Math.exp(-(d * d) / (2 * (7 / 6) ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
})();

function blurred(data: Float32Array | Float64Array, width: number, height: number): Float64Array {
  const clamp = (value: number, last: number): number => Math.min(Math.max(value, 0), last);
  const across = new Float64Array(data.length);
  const down = new Float64Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < 7; k++) sum += blurWeights[k]! * data[y * width + clamp(x + k - 3, width - 1)]!;
      across[y * width + x] = sum;
    }
  }
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < 7; k++) {
      const from = clamp(y + k - 3, height - 1) * width;
      for (let x = 0; x < width; x++) down[y * width + x]! += blurWeights[k]! * across[from + x]!;
    }
  }
  return down;
}

/** Half the size, by the bicubic kernel (a = −1/2) stretched over two pixels, the border mirrored. */
function halved(plane: Plane): Plane {
  const across = halvedAcross(plane.data, plane.width, plane.height);
  const rotated = transposed(across, plane.width / 2, plane.height);
  const both = halvedAcross(rotated, plane.height, plane.width / 2);
  return {
    width: plane.width / 2,
    height: plane.height / 2,
    data: transposed(both, plane.height / 2, plane.width / 2),
  };
}

/** The kernel at −3.5, −2.5 … 3.5 pixels, that is cubic(±1.75), cubic(±1.25) … halved. */
const halvingWeights = [-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5].map((distance) => {
  const t = Math.abs(distance) / 2;
  return (t <= 1 ? 1.5 * t ** 3 - 2.5 * t ** 2 + 1 : -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2) / 2;
});

function halvedAcross(data: Float32Array, width: number, height: number): Float32Array {
  const mirrored = (x: number): number => (x < 0 ? -1 - x : x >= width ? 2 * width - 1 - x : x);
  const half = width / 2;
  const out = new Float32Array(half * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < half; x++) {
      let sum = 0;
      for (let k = 0; k < 8; k++) sum += halvingWeights[k]! * data[y * width + mirrored(2 * x - 3 + k)]!;
      out[y * half + x] = sum;
    }
  }
  return out;
}

function transposed(data: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out[x * height + y] = data[y * width + x]!;
  return out;
}

function croppedAndRounded(plane: Plane, width: number, height: number): Plane {
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = Math.round(plane.data[y * plane.width + x]!);
  }
  return { width, height, data };
}

function blockOf(plane: Plane, left: number, top: number, size: number): Float64Array {
  const block = new Float64Array(size * size);
  for (let y = 0; y < size; y++) {
    const start = (top + y) * plane.width + left;
    block.set(plane.data.subarray(start, start + size), y * size);
  }
  return block;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
