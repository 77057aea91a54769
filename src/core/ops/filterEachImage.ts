import * as tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';

/**
 * Filters every image of a batch with kernels of its own, each colour channel alone, without padding:
 * out[n, y, x, c, j] = Σ_{v,u} kernels[n, j, v, u] · x[n, y + v, x + u, c].
 *
 * x [n,h,w,c]; kernels [n][j] of size × size values, row by row; returns [1, h−size+1, w−size+1, n·c·j]: the batch lies
 * beside the channels, because a depthwise convolution wants it so. Differentiable in x; its gradient is composed of
 * forward operations, which every backend has.
 */
export function filterEachImage(x: Tensor4D, kernels: readonly (readonly Float32Array[])[], size: number): Tensor4D {
  const [n, h, w, c] = x.shape;
  const count = kernels[0]!.length;
  const filters = depthwiseFilters(kernels, c, size);
  return tf.tidy(() => {
    const side = tf.reshape(tf.transpose(x, [1, 2, 0, 3]), [1, h, w, n * c]) as Tensor4D;
    const filtered = tf.customGrad((input) => {
      const value = tf.depthwiseConv2d(input as Tensor4D, tf.tensor4d(filters, [size, size, n * c, count]), 1, 'valid');
      return { value, gradFunc: (dy) => inputGradient(dy as Tensor4D, filters, size, count) };
    });
    return filtered(side) as Tensor4D;
  });
}

/** The transposed operation: pad dy, filter it with every kernel rotated by 180°, and add up over the kernels. */
function inputGradient(dy: Tensor4D, filters: Float32Array, size: number, count: number): Tensor4D {
  const [, rows, columns, channels] = dy.shape;
  const rotated = new Float32Array(filters.length);
  for (let tap = 0; tap < size * size; tap++) {
    rotated.set(filters.subarray(tap * channels, (tap + 1) * channels), (size * size - 1 - tap) * channels);
  }
  const border = size - 1;
  const padded = tf.pad(dy, [
    [0, 0],
    [border, border],
    [border, border],
    [0, 0],
  ]) as Tensor4D;
  const spread = tf.depthwiseConv2d(padded, tf.tensor4d(rotated, [size, size, channels, 1]), 1, 'valid'); // [1,h,w,n·c·j]
  const [h, w, images] = [rows + border, columns + border, channels / count];
  return tf.reshape(tf.sum(tf.reshape(spread, [h * w * images, count]), 1), [1, h, w, images]) as Tensor4D;
}

/** [size, size, n·c, j] row-major: the filters of a depthwise convolution over n·c channels with j outputs each. */
function depthwiseFilters(kernels: readonly (readonly Float32Array[])[], channels: number, size: number): Float32Array {
  const values: number[] = [];
  for (let tap = 0; tap < size * size; tap++) {
    for (const kernelsOfOne of kernels) {
      for (let c = 0; c < channels; c++) {
        for (const kernel of kernelsOfOne) values.push(kernel[tap]!);
      }
    }
  }
  return Float32Array.from(values);
}
