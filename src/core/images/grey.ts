import type { Pixels } from './pixels.ts';

/** A grey image as numbers, row by row from the top left; 0 is black, 1 white, and differences may leave that range. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  /** width × height. */
  readonly values: Float32Array;
}

/** The mean of R, G and B, 0…1, in the central rectangle of at most `side` × `side` pixels. */
export function greyOf(pixels: Pixels, side: number): GreyImage {
  const width = Math.min(side, pixels.width);
  const height = Math.min(side, pixels.height);
  const left = (pixels.width - width) >> 1;
  const top = (pixels.height - height) >> 1;
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = ((top + y) * pixels.width + left + x) * 4;
      values[y * width + x] = (pixels.data[at]! + pixels.data[at + 1]! + pixels.data[at + 2]!) / 765;
    }
  }
  return { width, height, values };
}

/** The central rectangle of at most `side` × `side` pixels. */
export function greyCentre(image: GreyImage, side: number): GreyImage {
  const width = Math.min(side, image.width);
  const height = Math.min(side, image.height);
  const start = ((image.height - height) >> 1) * image.width + ((image.width - width) >> 1);
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = start + y * image.width;
    values.set(image.values.subarray(row, row + width), y * width);
  }
  return { width, height, values };
}

/** The mean of all values; 0 for none. */
export function greyMean({ values }: GreyImage): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

/** The mean of |value|; 0 for none. */
export function greyMagnitude({ values }: GreyImage): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value);
  return values.length === 0 ? 0 : sum / values.length;
}

/** The largest |value|; 0 for none. */
export function greyPeak({ values }: GreyImage): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

/** a − b, of the same size. */
export function greyDifference(a: GreyImage, b: GreyImage): GreyImage {
  return { width: a.width, height: a.height, values: a.values.map((value, i) => value - b.values[i]!) };
}

/** A grey image as pixels: 0 black, |value| ≥ `white` white. */
export function greyPixels({ width, height, values }: GreyImage, white: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < values.length; i++) {
    const shade = white > 0 ? (255 * Math.abs(values[i]!)) / white : 0;
    data[4 * i] = data[4 * i + 1] = data[4 * i + 2] = shade;
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}
