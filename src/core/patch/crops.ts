import { cropPlaces } from '../images/cropPlaces.ts';
import type { GreyImage } from '../images/grey.ts';
import type { Pixels } from '../images/pixels.ts';

/** zGt of a pair: the mean over the channels of rainy − clean, 0…1 as differences. Throws RangeError when their sizes differ. */
export function rainMapOfPair(rainy: Pixels, clean: Pixels): GreyImage {
  const { width, height } = rainy;
  if (clean.width !== width || clean.height !== height) {
    throw new RangeError(`The halves differ in size: ${width} × ${height} and ${clean.width} × ${clean.height}.`);
  }
  const values = new Float32Array(width * height);
  for (let i = 0; i < values.length; i++) {
    let sum = 0;
    for (let c = 4 * i; c < 4 * i + 3; c++) sum += rainy.data[c]! - clean.data[c]!;
    values[i] = sum / 765;
  }
  return { width, height, values };
}

/**
 * Square crops of an image, those that vary most first: at most `count` of them, half a side apart. An image that is too small
 * is continued by its edge pixels and has one.
 */
export function liveliestCrops(image: GreyImage, side: number, count: number): GreyImage[] {
  return cropPlaces(image.height, side)
    .flatMap((top) => cropPlaces(image.width, side).map((left) => greyCrop(image, left, top, side)))
    .map((crop) => ({ crop, spread: varianceOf(crop.values) }))
    .sort((a, b) => b.spread - a.spread)
    .slice(0, count)
    .map(({ crop }) => crop);
}

function greyCrop(image: GreyImage, left: number, top: number, side: number): GreyImage {
  const values = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    const row = Math.min(image.height - 1, top + y) * image.width;
    for (let x = 0; x < side; x++) values[y * side + x] = image.values[row + Math.min(image.width - 1, left + x)]!;
  }
  return { width: side, height: side, values };
}

function varianceOf(values: Float32Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return squares / values.length - (sum / values.length) ** 2;
}
