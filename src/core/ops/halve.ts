import * as tf from '@tensorflow/tfjs';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';

/** [n,h,w,3] → [n,h/2,w/2,12]: the four pixels of each 2×2 block, row by row, in the channels. h and w are even. */
export function toBlocks(x: Tensor4D): Tensor4D {
  const [n, h, w, c] = x.shape;
  return tf.reshape(tf.transpose(tf.reshape(x, [n, h / 2, 2, w / 2, 2 * c]), [0, 1, 3, 2, 4]), [
    n,
    h / 2,
    w / 2,
    4 * c,
  ]);
}

/** The reverse of `toBlocks`: [n,h,w,12] → [n,2h,2w,3]. */
export function fromBlocks(blocks: Tensor4D): Tensor4D {
  const [n, h, w, channels] = blocks.shape;
  const c = channels / 4;
  return tf.reshape(tf.transpose(tf.reshape(blocks, [n, h, w, 2, 2 * c]), [0, 1, 3, 2, 4]), [n, 2 * h, 2 * w, c]);
}

/** Half the size, each pixel the mean of a 2×2 block: [n,h,w,c] → [n,h/2,w/2,c]. h and w are even. */
export function halve(x: Tensor4D): Tensor4D {
  return tf.tidy(() => meanOfBlocks(toBlocks(x)));
}

/** The mean of the four pixels of each block: [n,h,w,4c] → [n,h,w,c]. A product with a constant matrix: fast on every backend. */
export function meanOfBlocks(blocks: Tensor4D): Tensor4D {
  const [n, h, w, channels] = blocks.shape;
  const c = channels / 4;
  const quarter = tf.tensor2d(
    Array.from({ length: channels }, (_, i) => Array.from({ length: c }, (_, k) => (i % c === k ? 0.25 : 0))),
  );
  return tf.reshape(tf.matMul(tf.reshape(blocks, [n * h * w, channels]) as Tensor2D, quarter), [n, h, w, c]);
}
