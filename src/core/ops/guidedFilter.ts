import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { continueBorder } from './border.ts';

/**
 * The edge-preserving smooth part of an image, guided by itself, channel by channel:  a = v / (v + ε), b = m − a·m,
 * base = ā·I + b̄, with m, v mean and variance of I over a window and ā, b̄ means over it. I [n,h,w,c] → [n,h,w,c].
 * Windows have 2r + 1 pixels a side and end where the image does.
 */
export function guidedFilter(image: Tensor4D, radius: number, epsilon: number): Tensor4D {
  return tf.tidy(() => {
    const mean = windowMean(image.shape, radius);
    const { a, b } = coefficients(image, mean, epsilon);
    return tf.add(tf.mul(mean(a), image), mean(b)) as Tensor4D;
  });
}

/**
 * The same with ā and b̄ found on every step-th pixel (the one in the middle of each step) and enlarged bilinearly, with
 * windows of 2·⌊r/step⌋ + 1 of those.
 */
export function fastGuidedFilter(image: Tensor4D, radius: number, epsilon: number, step: number): Tensor4D {
  const [, height, width] = image.shape;
  return tf.tidy(() => {
    const small = everyNth(image, step);
    const mean = windowMean(small.shape, Math.floor(radius / step));
    const { a, b } = coefficients(small, mean, epsilon);
    const enlarged = (x: Tensor4D): Tensor4D => resizeBilinear(mean(x), height, width);
    return tf.add(tf.mul(enlarged(a), image), enlarged(b)) as Tensor4D;
  });
}

function coefficients(
  image: Tensor4D,
  mean: (x: Tensor4D) => Tensor4D,
  epsilon: number,
): { readonly a: Tensor4D; readonly b: Tensor4D } {
  const m = mean(image);
  const v = tf.sub(mean(tf.square(image)), tf.square(m));
  const a = tf.div(v, tf.add(v, epsilon)) as Tensor4D;
  return { a, b: tf.sub(m, tf.mul(a, m)) as Tensor4D };
}

/** Mean over the window around each pixel, as far as it lies inside an image of this shape. */
function windowMean([, h, w]: readonly number[], radius: number): (x: Tensor4D) => Tensor4D {
  const count = boxSum(tf.ones([1, h!, w!, 1]), radius);
  return (x) => tf.div(boxSum(x, radius), count) as Tensor4D;
}

/** Sums over windows of 2r + 1 pixels a side, zeros outside: [n,h,w,c] → [n,h,w,c]. It is its own adjoint. */
export function boxSum(x: Tensor4D, radius: number): Tensor4D {
  const withGradient = tf.customGrad((input) => ({
    value: sums(input as Tensor4D, radius),
    gradFunc: (dy: Tensor) => sums(dy as Tensor4D, radius),
  }));
  return withGradient(x) as Tensor4D;
}

function sums(x: Tensor4D, radius: number): Tensor4D {
  const [side, channels] = [2 * radius + 1, x.shape[3]];
  return tf.tidy(() => {
    const rows = tf.depthwiseConv2d(x, tf.ones([side, 1, channels, 1]), 1, 'same');
    return tf.depthwiseConv2d(rows, tf.ones([1, side, channels, 1]), 1, 'same');
  });
}

/** Pixels number n·i + ⌊n/2⌋ of rows and columns, the last one where there is no such: [n,h,w,c] → [n,⌈h/n⌉,⌈w/n⌉,c]. */
function everyNth(x: Tensor4D, step: number): Tensor4D {
  const [n, height, width, c] = x.shape;
  const [h, w] = [Math.ceil(height / step), Math.ceil(width / step)];
  const border = { top: 0, bottom: h * step - height, left: 0, right: w * step - width };
  const whole = continueBorder(x, border, 'replicate');
  const middle = Math.floor(step / 2);
  const rows = tf.slice(tf.reshape(whole, [n * h, step, w * step, c]), [0, middle, 0, 0], [-1, 1, -1, -1]);
  const pixels = tf.slice(tf.reshape(rows, [n * h, w, step, c]), [0, 0, middle, 0], [-1, -1, 1, -1]);
  return tf.reshape(pixels, [n, h, w, c]);
}

/** Bilinear enlargement by centres of pixels, clamped at the edges; as two matrix products, which every backend can differentiate. */
export function resizeBilinear(x: Tensor4D, height: number, width: number): Tensor4D {
  const [n, h, w, c] = x.shape;
  return tf.tidy(() => {
    const rows = tf.matMul(interpolation(h, height), tf.reshape(x, [n, h, w * c]));
    const columns = tf.matMul(interpolation(w, width), tf.reshape(rows, [n * height, w, c]));
    return tf.reshape(columns, [n, height, width, c]);
  });
}

/** [1,to,from]: the weights of the `from` samples in each of the `to` ones. */
function interpolation(from: number, to: number): tf.Tensor3D {
  const values = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const low = Math.floor(at);
    const high = Math.min(from - 1, low + 1);
    values[i * from + low]! += 1 - (at - low);
    values[i * from + high]! += at - low;
  }
  return tf.tensor3d(values, [1, to, from]);
}
