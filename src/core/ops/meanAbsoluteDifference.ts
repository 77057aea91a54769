import * as tf from '@tensorflow/tfjs';
import type { GradFunc, NamedTensorMap, Scalar, Tensor } from '@tensorflow/tfjs';

/** Kernel of ours: a, b of one shape → scale · their mean absolute difference, a scalar. */
export const MEAN_ABSOLUTE_DIFFERENCE = 'MeanAbsoluteDifference';
/** The same of a alone, as if b were 0. */
export const MEAN_ABSOLUTE = 'MeanAbsolute';
/** The gradient of both: a, b (or none), dy (scalar) → da = scale · dy · sign(a − b) / size; the sign of 0 is −1, as tf.abs has it. */
export const MEAN_ABSOLUTE_DIFFERENCE_GRAD = 'MeanAbsoluteDifferenceGrad';

/** a, b [any one shape]; dy only for the gradient. */
export interface MeanAbsoluteDifferenceInputs {
  a: Tensor;
  b?: Tensor;
  dy?: Tensor;
}

export interface MeanAbsoluteDifferenceAttrs {
  readonly scale: number;
}

/**
 * scale · |a − b|, the mean of absolute differences; without b, of a itself. Differentiable in both. One dispatch forward
 * and one backward on a backend that has the kernel; elsewhere the same of stock operations.
 */
export function meanAbsoluteDifference(a: Tensor, b?: Tensor, scale = 1): Scalar {
  if (b) tf.util.assertShapesMatch(a.shape, b.shape, 'meanAbsoluteDifference: ');
  if (!tf.getKernel(MEAN_ABSOLUTE_DIFFERENCE, tf.getBackend())) {
    return tf.tidy(() => {
      const mean = tf.mean(tf.abs(b ? tf.sub(a, b) : a)) as Scalar;
      return scale === 1 ? mean : (tf.mul(scale, mean) as Scalar);
    });
  }
  return (b ? run(MEAN_ABSOLUTE_DIFFERENCE, { a, b }, { scale }) : run(MEAN_ABSOLUTE, { a }, { scale })) as Scalar;
}

function run(kernelName: string, inputs: MeanAbsoluteDifferenceInputs, attrs: MeanAbsoluteDifferenceAttrs): Tensor {
  return tf
    .engine()
    .runKernel(kernelName, inputs as unknown as NamedTensorMap, attrs as unknown as tf.NamedAttrMap) as Tensor;
}

const gradFunc: GradFunc = (dy, saved, attrs) => {
  const [a, b] = saved as [Tensor, Tensor | undefined];
  const inputs = b ? { a, b, dy: dy as Tensor } : { a, dy: dy as Tensor };
  // Taken here rather than inside a or b, because the tape tidies up after each of those.
  const da = run(MEAN_ABSOLUTE_DIFFERENCE_GRAD, inputs, attrs as unknown as MeanAbsoluteDifferenceAttrs);
  return { a: () => tf.clone(da), b: () => tf.neg(da) };
};
tf.registerGradient({ kernelName: MEAN_ABSOLUTE_DIFFERENCE, inputsToSave: ['a', 'b'], gradFunc });
tf.registerGradient({ kernelName: MEAN_ABSOLUTE, inputsToSave: ['a'], gradFunc });
