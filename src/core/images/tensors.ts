import * as tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';
import type { Pixels } from './pixels.ts';

/** An image's RGB as numbers in 0..1, [h · w · 3]: exactly the float32 nearest to byte / 255. Alpha is left out. */
export function rgbOf({ data }: Pixels): Float32Array {
  const rgb = new Float32Array((data.length / 4) * 3);
  writeRgb(data, rgb, 0);
  return rgb;
}

/** The opaque image of RGB numbers [h · w · 3]: 0..1 becomes 0..255, rounded and clipped. Throws RangeError for another length. */
export function imageOf(rgb: Float32Array, width: number, height: number): Pixels {
  if (rgb.length !== width * height * 3) {
    throw new RangeError(`An image of ${width} × ${height} needs ${width * height * 3} numbers, not ${rgb.length}.`);
  }
  const data = new Uint8ClampedArray(width * height * 4); // rounds and clips by itself
  for (let p = 0, i = 0; p < data.length; p += 4, i += 3) {
    data[p] = rgb[i]! * 255;
    data[p + 1] = rgb[i + 1]! * 255;
    data[p + 2] = rgb[i + 2]! * 255;
    data[p + 3] = 255;
  }
  return { width, height, data };
}

/** Images of one size as one tensor [n,h,w,3] in 0..1. Throws RangeError for unequal sizes, or no images. */
export function tensorOfImages(images: readonly Pixels[]): Tensor4D {
  const first = images[0];
  if (!first) throw new RangeError('There is not an image to make a tensor of.');
  const { width, height } = first;
  const values = new Float32Array(images.length * height * width * 3);
  images.forEach((image, n) => {
    if (image.width !== width || image.height !== height) {
      throw new RangeError(
        `A batch has one size: ${image.width} × ${image.height} does not join ${width} × ${height}.`,
      );
    }
    writeRgb(image.data, values, n * height * width * 3);
  });
  return tf.tensor4d(values, [images.length, height, width, 3]);
}

/** Squares of RGB numbers, [side · side · 3] each, as one tensor [n,side,side,3]. Throws RangeError for another length, or none. */
export function tensorOfSquares(squares: readonly Float32Array[], side: number): Tensor4D {
  if (squares.length === 0) throw new RangeError('There is no square to make a tensor of.');
  const size = side * side * 3;
  const values = new Float32Array(squares.length * size);
  squares.forEach((square, n) => {
    if (square.length !== size)
      throw new RangeError(`A square of side ${side} needs ${size} numbers, not ${square.length}.`);
    values.set(square, n * size);
  });
  return tf.tensor4d(values, [squares.length, side, side, 3]);
}

/** The images of a tensor [n,h,w,3]: 0..1 becomes 0..255, rounded and clipped, opaque. The tensor is left to its owner. */
export async function imagesOfTensor(images: Tensor4D): Promise<Pixels[]> {
  const [n, height, width] = images.shape;
  const values = (await images.data()) as Float32Array;
  const size = height * width * 3;
  return Array.from({ length: n }, (_, i) => imageOf(values.subarray(i * size, (i + 1) * size), width, height));
}

const unit = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

function writeRgb(rgba: Uint8ClampedArray, values: Float32Array, at: number): void {
  for (let p = 0; p < rgba.length; p += 4) {
    values[at++] = unit[rgba[p]!]!;
    values[at++] = unit[rgba[p + 1]!]!;
    values[at++] = unit[rgba[p + 2]!]!;
  }
}
