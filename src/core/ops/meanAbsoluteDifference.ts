import * as tf from '@tensorflow/tfjs';
import type { NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs';

/** Kernel of ours: a, b of one shape → their mean absolute difference, a scalar. */
export const MEAN_ABSOLUTE_DIFFERENCE = 'MeanAbsoluteDifference';
/** Its gradient: a, b, dy (scalar) → da = dy · sign(a − b) / size; the sign of 0 is −1, as tf.abs has it. */
export const MEAN_ABSOLUTE_DIFFERENCE_GRAD = 'MeanAbsoluteDifferenceGrad';

/** a, b [any one shape]; dy only for the gradient. */
export interface MeanAbsoluteDifferenceInputs {
  a: Tensor;
  b: Tensor;
  dy?: Tensor;
}

/**
 * |a − b|: the mean of absolute differences, differentiable in both. One dispatch forward and one backward on a backend
 * that has the kernel; elsewhere the same of stock operations.
 */
export function meanAbsoluteDifference(a: Tensor, b: Tensor): Scalar {
  tf.util.assertShapesMatch(a.shape, b.shape, 'meanAbsoluteDifference: ');
  if (!tf.getKernel(MEAN_ABSOLUTE_DIFFERENCE, tf.getBackend())) return tf.tidy(() => tf.mean(tf.abs(tf.sub(a, b))) as Scalar);
  return tf.engine().runKernel(MEAN_ABSOLUTE_DIFFERENCE, { a, b } as unknown as NamedTensorMap) as Scalar;
}

tf.registerGradient({
  kernelName: MEAN_ABSOLUTE_DIFFERENCE,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy: Tensor | Tensor[], saved: Tensor[]) => {
    const [a, b] = saved as [Tensor, Tensor];
    const da = (): Tensor =>
      tf.engine().runKernel(MEAN_ABSOLUTE_DIFFERENCE_GRAD, { a, b, dy } as unknown as NamedTensorMap) as Tensor;
    return { a: da, b: () => tf.neg(da()) };
  },
});
