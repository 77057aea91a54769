import * as tf from '@tensorflow/tfjs';
import type { Rank, ShapeMap, Tensor } from '@tensorflow/tfjs';

/** Standard normal numbers from a seed. */
export function normal<R extends Rank>(shape: ShapeMap[R], seed: number): Tensor<R> {
  return tf.randomNormal(shape, 0, 1, 'float32', seed);
}

/**
 * The largest error of an operation's gradients: for each input the derivative of a fixed random sum of the outputs along a
 * random direction, from the tape and from central differences, relative to the larger of it and 1. The operation should be
 * smooth, or be asked where it is.
 */
export function gradientError(
  operation: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  step = 1e-2,
): number {
  return tf.tidy(() => {
    const probe = normal(operation(...inputs).shape as never, 101);
    const loss = (...at: Tensor[]): Tensor => tf.sum(tf.mul(probe, operation(...at)));
    const gradients = tf.grads(loss)([...inputs]);
    const errors = inputs.map((input, i) => {
      const direction = normal(input.shape as never, 102 + i) as Tensor;
      const moved = (by: number): number => {
        const at = inputs.map((other, j) => (i === j ? tf.add(other, tf.mul(direction, by)) : other));
        return loss(...at).dataSync()[0]!;
      };
      const expected = (moved(step) - moved(-step)) / (2 * step);
      const actual = tf.sum(tf.mul(gradients[i]!, direction)).dataSync()[0]!;
      return Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
    });
    return Math.max(...errors);
  });
}
