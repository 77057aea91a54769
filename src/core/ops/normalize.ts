import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';

/**
 * Normalization by the statistics of each image itself:  (x − mean) / √(variance + ε) · scale + offset, mean and biased
 * variance over its pixels, channel by channel. x [n,h,w,c], scale and offset [c].
 */
export function normalizeByImage(x: Tensor4D, scale: Tensor1D, offset: Tensor1D, epsilon: number): Tensor4D {
  return tf.tidy(() => {
    const centred = tf.sub(x, imageMean(x)) as Tensor4D;
    const variance = imageMean(tf.square(centred));
    const factor = tf.mul(tf.rsqrt(tf.add(variance, epsilon)), scale); // [n,1,1,c]
    return tf.add(tf.mul(centred, factor), offset) as Tensor4D;
  });
}

/**
 * Normalization by statistics that were stored:  (x − mean) / √(variance + ε) · scale + offset; all [c]. The stored
 * statistics are constants: their gradient is 0.
 */
export function normalizeByStored(
  x: Tensor4D,
  stored: { readonly mean: Tensor1D; readonly variance: Tensor1D },
  scale: Tensor1D,
  offset: Tensor1D,
  epsilon: number,
): Tensor4D {
  return tf.tidy(() => {
    const factor = tf.mul(tf.rsqrt(tf.add(constant(stored.variance), epsilon)), scale);
    return tf.add(tf.mul(tf.sub(x, constant(stored.mean)), factor), offset) as Tensor4D;
  });
}

/** Row by row first: a running float32 sum over a whole image would lose digits. [n,h,w,c] → [n,1,1,c]. */
function imageMean(x: Tensor4D): Tensor {
  return tf.mean(tf.mean(x, 2, true), 1, true);
}

function constant(x: Tensor1D): Tensor1D {
  const withoutGradient = tf.customGrad((value) => ({
    value: tf.clone(value as Tensor),
    gradFunc: (dy: Tensor) => tf.zerosLike(dy),
  }));
  return withoutGradient(x) as Tensor1D;
}
