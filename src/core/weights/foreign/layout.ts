import type { ForeignArray } from './foreignFile.ts';
import { gatherStrided } from './numbers.ts';

/** A row-major array with its axes in another order: axis i of the result is axis `order[i]` of `array`. */
export function permuteAxes({ shape, data }: ForeignArray, order: readonly number[]): ForeignArray {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const permuted = order.map((axis) => shape[axis]!);
  return {
    shape: permuted,
    data: gatherStrided(
      data,
      0,
      permuted,
      order.map((axis) => strides[axis]!),
    ),
  };
}
