import { tensorOfSquares } from '../images/tensors.ts';
import type { DirectionIndex, RealBatch, SyntheticBatch } from '../paper/notation.ts';

/** What a batch is made of: squares of RGB numbers in 0..1, [side · side · 3] each, where xSyn = yGt + zGt. */
export interface BatchSquares {
  readonly xSyn: readonly Float32Array[];
  readonly yGt: readonly Float32Array[];
  readonly zGt: readonly Float32Array[];
  readonly direction: readonly DirectionIndex[];
  readonly xReal: readonly Float32Array[];
}

/** Draws what batch number `index`, from 0, is made of: the same squares each time it is asked. */
export interface SquareSource {
  squares(index: number): Promise<BatchSquares>;
}

/** The batch of such squares of `side` × `side` pixels. The caller disposes its tensors. */
export function batchOf({ xSyn, yGt, zGt, direction, xReal }: BatchSquares, side: number): SyntheticBatch & RealBatch {
  return {
    xSyn: tensorOfSquares(xSyn, side),
    yGt: tensorOfSquares(yGt, side),
    zGt: tensorOfSquares(zGt, side),
    direction,
    xReal: tensorOfSquares(xReal, side),
  };
}
