import type { Pixels } from './pixels.ts';

/** An index continued beyond 0…length − 1 by reflection at the edges, the edge itself repeated: −1 → 0, length → length − 1. */
export function mirrored(index: number, length: number): number {
  const at = index < 0 ? -1 - index : index >= length ? 2 * length - 1 - index : index;
  return Math.min(length - 1, Math.max(0, at));
}

/** An image continued on the right and at the bottom by its mirror image, to a size that is not smaller. */
export function continuePixels(image: Pixels, width: number, height: number): Pixels {
  if (width === image.width && height === image.height) return image;
  const data = new Uint8ClampedArray(width * height * 4);
  const [from, to] = [new Uint32Array(image.data.buffer, image.data.byteOffset), new Uint32Array(data.buffer)];
  for (let y = 0; y < height; y++) {
    const row = mirrored(y, image.height) * image.width;
    to.set(from.subarray(row, row + image.width), y * width);
    for (let x = image.width; x < width; x++) to[y * width + x] = from[row + mirrored(x, image.width)]!;
  }
  return { width, height, data };
}
