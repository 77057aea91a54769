import { greyDifference, greyMagnitude } from '../images/grey.ts';
import type { GreyImage } from '../images/grey.ts';
import { kernelPair } from '../paper/directionKernels.ts';
import type { KernelSize } from '../paper/hyperparameters.ts';
import type { DirectionIndex } from '../paper/notation.ts';
import { filtered } from './responses.ts';

/** The rain-map losses of one patch; see `paper/losses.ts`, which computes the same on tensors. */
export interface PatchLosses {
  /** Eq. (4):  |z − zGt|. */
  readonly content: number;
  /** |k∥ ⊗ z − k∥ ⊗ zGt|, one half of (5). */
  readonly parallel: number;
  /** |k⊥ ⊗ z − k⊥ ⊗ zGt|, the other. */
  readonly perpendicular: number;
  /** Eq. (5): the sum of both halves. */
  readonly direction: number;
}

/** The losses, and where in the patch they arise. */
export interface PatchEvaluation {
  readonly losses: PatchLosses;
  /** z − zGt. */
  readonly difference: GreyImage;
  /** k∥ ⊗ (z − zGt), without padding. */
  readonly parallel: GreyImage;
  /** k⊥ ⊗ (z − zGt). */
  readonly perpendicular: GreyImage;
}

/**
 * Eqs. (4) and (5) of a grey estimate against the true rain map of the same size. Of a grey image all three channels are equal, so the
 * means are those of the paper's [1,h,w,3].
 */
export function evaluatePatch(
  estimate: GreyImage,
  truth: GreyImage,
  label: DirectionIndex,
  size: KernelSize,
): PatchEvaluation {
  const difference = greyDifference(estimate, truth);
  const kernels = kernelPair(label, size);
  const parallel = filtered(difference, kernels.parallel);
  const perpendicular = filtered(difference, kernels.perpendicular);
  const halves = { parallel: greyMagnitude(parallel), perpendicular: greyMagnitude(perpendicular) };
  return {
    losses: { content: greyMagnitude(difference), ...halves, direction: halves.parallel + halves.perpendicular },
    difference,
    parallel,
    perpendicular,
  };
}

/** An empty estimate, z = 0: what every loss is measured against. */
export function evaluateEmpty(truth: GreyImage, label: DirectionIndex, size: KernelSize): PatchEvaluation {
  const nothing = { ...truth, values: new Float32Array(truth.values.length) };
  return evaluatePatch(nothing, truth, label, size);
}

/** Each loss as a share of what an empty estimate costs; 0 where that costs nothing. */
export function relativeLosses(losses: PatchLosses, empty: PatchLosses): PatchLosses {
  const share = (name: keyof PatchLosses): number => (empty[name] > 0 ? losses[name] / empty[name] : 0);
  // The halves are shares of the whole of (5), so that they add up to it.
  const half = (name: 'parallel' | 'perpendicular'): number =>
    empty.direction > 0 ? losses[name] / empty.direction : 0;
  return {
    content: share('content'),
    parallel: half('parallel'),
    perpendicular: half('perpendicular'),
    direction: share('direction'),
  };
}
