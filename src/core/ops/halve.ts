import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';

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
  return halveWithGradient(x) as Tensor4D;
}

/** Twice the size, each pixel repeated as a 2×2 block: [n,h,w,c] → [n,2h,2w,c]. */
export function double(x: Tensor4D): Tensor4D {
  return doubleWithGradient(x) as Tensor4D;
}

// Each is the other's gradient up to a factor. tfjs' own gradients of them have no kernel on WASM.
const halveWithGradient = tf.customGrad((x) => ({
  value: means(x as Tensor4D),
  gradFunc: (dy: Tensor) => tf.mul(repeated(dy as Tensor4D), 0.25),
}));
const doubleWithGradient = tf.customGrad((x) => ({
  value: repeated(x as Tensor4D),
  gradFunc: (dy: Tensor) => tf.mul(means(dy as Tensor4D), 4),
}));

function means(x: Tensor4D): Tensor4D {
  return tf.avgPool(x, 2, 2, 'valid');
}

function repeated(x: Tensor4D): Tensor4D {
  return tf.image.resizeNearestNeighbor(x, [2 * x.shape[1], 2 * x.shape[2]]);
}
