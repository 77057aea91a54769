import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { conv3x3 } from './conv3x3.ts';

/**
 * y = x ∗ w, stride 1, for filters of any size. x [n,h,w,cin], w [k,l,cin,cout]; 'same' pads with zeros to [n,h,w,cout] (odd
 * sizes), 'valid' gives [n,h−k+1,w−l+1,cout].
 *
 * Its gradients are convolutions too: tfjs' own have no kernel on WASM. 3×3 filters have a faster operation, `conv3x3`.
 */
export function convolve(x: Tensor4D, w: Tensor4D, padding: 'same' | 'valid'): Tensor4D {
  if (w.shape[0] === 1 && w.shape[1] === 1) return pointwise(x, w);
  const convolution = tf.customGrad((...args) => {
    const [input, filter, save] = args as unknown as [Tensor4D, Tensor4D, (tensors: Tensor[]) => void];
    save([input, filter]);
    return {
      value: tf.conv2d(input, filter, 1, padding),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [inputs, filters] = saved as [Tensor4D, Tensor4D];
        return [
          tf.tidy(() => inputGradient(dy as Tensor4D, filters, padding)),
          tf.tidy(() => filterGradient(inputs, dy as Tensor4D, filters, padding)),
        ];
      },
    };
  });
  return convolution(x, w) as Tensor4D;
}

/** A 1×1 convolution is a matrix product per pixel. */
function pointwise(x: Tensor4D, w: Tensor4D): Tensor4D {
  const [n, h, width, cin] = x.shape;
  const cout = w.shape[3];
  return tf.tidy(() => {
    const product = matrixProduct(tf.reshape(x, [n * h * width, cin]), tf.reshape(w, [cin, cout]));
    return tf.reshape(product, [n, h, width, cout]);
  });
}

/** a · b. Its gradients transpose before they multiply: a product that transposes runs in a scalar loop on WASM. */
function matrixProduct(a: Tensor2D, b: Tensor2D): Tensor2D {
  const product = tf.customGrad((...args) => {
    const [left, right, save] = args as unknown as [Tensor2D, Tensor2D, (tensors: Tensor[]) => void];
    save([left, right]);
    return {
      value: tf.matMul(left, right),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [l, r] = saved as [Tensor2D, Tensor2D];
        return [
          tf.tidy(() => tf.matMul(dy as Tensor2D, tf.transpose(r))),
          tf.tidy(() => tf.matMul(tf.transpose(l), dy as Tensor2D)),
        ];
      },
    };
  });
  return product(a, b) as Tensor2D;
}

/** The filter rotated by 180° with its channel axes swapped, over dy. */
function inputGradient(dy: Tensor4D, w: Tensor4D, padding: 'same' | 'valid'): Tensor4D {
  const rotated = rotatedFilter(w);
  if (padding === 'same') return tf.conv2d(dy, rotated, 1, 'same');
  return tf.conv2d(bordered(dy, w.shape[0] - 1, w.shape[1] - 1), rotated, 1, 'valid');
}

/** Channels of x take the batch's place, and dy is the filter. */
function filterGradient(x: Tensor4D, dy: Tensor4D, w: Tensor4D, padding: 'same' | 'valid'): Tensor4D {
  const whole = padding === 'same' ? bordered(x, (w.shape[0] - 1) / 2, (w.shape[1] - 1) / 2) : x;
  const image = tf.transpose(whole, [3, 1, 2, 0]); // [cin,h+k−1,w+l−1,n]
  const filter = tf.transpose(dy, [1, 2, 0, 3]); // [h,w,n,cout]
  return tf.transpose(tf.conv2d(image, filter, 1, 'valid'), [1, 2, 0, 3]); // [k,l,cin,cout]
}

function bordered(x: Tensor4D, rows: number, columns: number): Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [rows, rows],
    [columns, columns],
    [0, 0],
  ]) as Tensor4D;
}

/** The filter of the adjoint convolution: [k,l,cin,cout] → [k,l,cout,cin], rotated by 180°. */
export function rotatedFilter(w: Tensor4D): Tensor4D {
  return tf.tidy(() => tf.transpose(tf.reverse(w, [0, 1]), [0, 1, 3, 2]));
}

/**
 * A 3×3 convolution whose taps lie `dilation` pixels apart, zero padding to the same size: `conv3x3` over each of the
 * dilation² images that every dilation-th pixel makes. Shapes as for `conv3x3`.
 */
export function dilatedConv3x3(
  x: Tensor4D,
  w: Tensor4D,
  b: Tensor1D,
  dilation: number,
  options: { readonly relu?: boolean } = {},
): Tensor4D {
  const [, height, width] = x.shape;
  return tf.tidy(() => {
    const rows = Math.ceil(height / dilation) * dilation;
    const columns = Math.ceil(width / dilation) * dilation;
    const whole = tf.pad(x, [
      [0, 0],
      [0, rows - height],
      [0, columns - width],
      [0, 0],
    ]) as Tensor4D;
    const phases = conv3x3(toPhases(whole, dilation), w, b, options);
    const y = fromPhases(phases, dilation);
    return tf.slice(y, [0, 0, 0, 0], [-1, height, width, -1]);
  });
}

/** [n,h,w,c] → [d·d·n,h/d,w/d,c]: every d-th pixel of every d-th row makes an image. */
function toPhases(x: Tensor4D, d: number): Tensor4D {
  const [n, h, w, c] = x.shape;
  const byRow = tf.transpose(tf.reshape(x, [n * (h / d), d, 1, w * c]), [1, 0, 2, 3]); // [d,n·h/d,1,w·c]
  const byColumn = tf.transpose(tf.reshape(byRow, [d * n * (h / d), w / d, d, c]), [2, 0, 1, 3]); // [d,d·n·h/d,w/d,c]
  return tf.reshape(byColumn, [d * d * n, h / d, w / d, c]);
}

/** The reverse of `toPhases`. */
function fromPhases(x: Tensor4D, d: number): Tensor4D {
  const [phases, h, w, c] = x.shape;
  const n = phases / (d * d);
  const rows = tf.transpose(tf.reshape(x, [d, d * n * h, w, c]), [1, 2, 0, 3]); // [d·n·h,w,d,c]
  const images = tf.transpose(tf.reshape(rows, [d, n * h, 1, w * d * c]), [1, 0, 2, 3]); // [n·h,d,1,w·d·c]
  return tf.reshape(images, [n, h * d, w * d, c]);
}

/** Groups of channels, each convolved alone: x [n,h,w,g·cin], w [3,3,cin,g·cout], no bias → [n,h,w,g·cout]. */
export function groupedConv3x3(x: Tensor4D, w: Tensor4D, groups: number): Tensor4D {
  const [cin, cout] = [x.shape[3] / groups, w.shape[3] / groups];
  return tf.tidy(() => {
    const parts = Array.from({ length: groups }, (_, g) =>
      conv3x3(
        tf.slice(x, [0, 0, 0, g * cin], [-1, -1, -1, cin]),
        tf.slice(w, [0, 0, 0, g * cout], [-1, -1, -1, cout]),
        tf.zeros([cout]),
      ),
    );
    return tf.concat(parts, 3);
  });
}
