/** What networks of 3×3 convolutions share: the check of a size, and the names, fresh values and use of their weights. */
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { conv3x3 } from '../ops/conv3x3.ts';
import type { Random } from '../random.ts';
import { ShapeError } from './architecture.ts';
import type { NetworkSize, WeightShape, Weights } from './architecture.ts';
import { weightNamed } from './weights.ts';

const MAX_FILTERS = 256;

/** The size in a stored JSON value. Throws ShapeError for one that cannot be run. */
export function parseSize(json: Readonly<Record<string, unknown>>, maxBlocks: number): NetworkSize {
  const { blocks, filters, imageSkip } = json;
  const whole = (number: unknown, low: number, high: number): number => {
    if (Number.isInteger(number) && (number as number) >= low && (number as number) <= high) return number as number;
    throw new ShapeError(`is not one this page can run (blocks 0–${maxBlocks}, filters 1–${MAX_FILTERS})`);
  };
  if (typeof imageSkip !== 'boolean') throw new ShapeError('does not say whether it has the image-level skip');
  return { blocks: whole(blocks, 0, maxBlocks), filters: whole(filters, 1, MAX_FILTERS), imageSkip };
}

/** Filter [3,3,cin,cout] and bias [cout] of a convolution. */
export function convolutionWeights(name: string, cin: number, cout: number): WeightShape[] {
  return [
    { name: `${name}.weight`, shape: [3, 3, cin, cout] },
    { name: `${name}.bias`, shape: [cout] },
  ];
}

/** The two convolutions of a residual block. */
export function blockWeights(name: string, width: number): WeightShape[] {
  return [...convolutionWeights(`${name}.conv1`, width, width), ...convolutionWeights(`${name}.conv2`, width, width)];
}

/**
 * Choice: He-normal filters and zero biases. The second filter of each of `blocks` residual blocks × 1/√(2B), because B branches
 * of full size would multiply the features' variance by 3ᴮ (16 blocks: outputs in the hundreds); the tail × 0.1, so that a new
 * network starts near the identity (or near zero).
 */
export function initialValues(
  weights: readonly WeightShape[],
  blocks: number,
  random: Random,
): Map<string, Float32Array> {
  return new Map(
    weights.map(({ name, shape }) => {
      const array = new Float32Array(shape.reduce((a, b) => a * b, 1));
      if (shape.length === 4) {
        const deviation = Math.sqrt(2 / (9 * shape[2]!)) * initialScale(name, blocks);
        const stream = random.split(name);
        for (let i = 0; i < array.length; i++) array[i] = deviation * stream.normal();
      }
      return [name, array];
    }),
  );
}

function initialScale(name: string, blocks: number): number {
  if (name === 'tail.weight') return 0.1;
  return name.endsWith('conv2.weight') ? 1 / Math.sqrt(2 * blocks) : 1;
}

/** Applies the convolution of a name: x [n,h,w,cin] → [n,h,w,cout]. */
export type Convolution = (name: string, x: Tensor4D, options?: { relu?: boolean; skip?: Tensor4D }) => Tensor4D;

/** The convolutions of a network by name. They throw Error when a weight is missing. */
export function convolutionsOf(weights: Weights): Convolution {
  return (name, x, options = {}) =>
    conv3x3(
      x,
      weightNamed(weights, `${name}.weight`) as Tensor4D,
      weightNamed(weights, `${name}.bias`) as Tensor1D,
      options,
    );
}
