import { createPixels, type Pixels } from '../../../core/images/pixels.ts';

/** |a − b| of every channel times `gain`, on black; images of equal size. */
export function difference(a: Pixels, b: Pixels, gain: number): Pixels {
  const result = createPixels(a.width, a.height);
  for (let i = 0; i < result.data.length; i++) {
    result.data[i] = i % 4 === 3 ? 255 : Math.min(255, gain * Math.abs(a.data[i]! - b.data[i]!));
  }
  return result;
}

/** A dark image times `gain`. */
export function brightened(image: Pixels, gain: number): Pixels {
  return difference(image, createPixels(image.width, image.height), gain);
}
