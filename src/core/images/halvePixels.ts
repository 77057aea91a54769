import { mirrored } from './mirror.ts';
import type { Pixels } from './pixels.ts';

/**
 * Half an image: each pixel the mean of a 2×2 block, rounded. Sides are rounded up; the last block of an odd side repeats its
 * edge. Writes rows from `top` of `half`, the half of the whole image that `image` is a strip of (from row 2 · `top`).
 */
export function halvePixelsInto(half: Pixels, image: Pixels, top: number): void {
  const rows = Math.ceil(image.height / 2);
  for (let y = 0; y < rows; y++) {
    const above = 2 * y * image.width;
    const below = mirrored(2 * y + 1, image.height) * image.width;
    for (let x = 0; x < half.width; x++) {
      const [left, right] = [2 * x, mirrored(2 * x + 1, image.width)];
      const to = ((top + y) * half.width + x) * 4;
      for (let c = 0; c < 4; c++) {
        const sum =
          image.data[(above + left) * 4 + c]! +
          image.data[(above + right) * 4 + c]! +
          image.data[(below + left) * 4 + c]! +
          image.data[(below + right) * 4 + c]!;
        half.data[to + c] = (sum + 2) >> 2;
      }
    }
  }
}
