import type { Pixels } from '../../../core/images/pixels.ts';
import { directionCount, directionKernel } from '../../../core/paper/directionKernels.ts';
import type { Kernel } from '../../../core/paper/directionKernels.ts';

/** A grey image as numbers, row by row, 0…1. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** The mean of R, G and B in the central square of at most `side` pixels. */
export function greyOf(pixels: Pixels, side: number): Grey {
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

/** |k ⊗ z| without padding: smaller than z by the kernel's side less one. Empty when z is smaller than the kernel. */
export function response(z: Grey, kernel: Kernel): Grey {
  const size = Math.sqrt(kernel.length);
  const width = Math.max(0, z.width - size + 1);
  const height = Math.max(0, z.height - size + 1);
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let v = 0; v < size; v++) {
        const row = (y + v) * z.width + x;
        for (let u = 0; u < size; u++) sum += kernel[v * size + u]! * z.values[row + u]!;
      }
      values[y * width + x] = Math.abs(sum);
    }
  }
  return { width, height, values };
}

/** The mean of all values; 0 for none. */
export function meanOf({ values }: Grey): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean response of z to the kernels of all 18 directions: least along its streaks, greatest across them. */
export function rose(z: Grey, size: 5 | 7): number[] {
  return Array.from({ length: directionCount }, (_, index) => meanOf(response(z, directionKernel(index, size))));
}

/** The direction, 0…17, with the least response: that of the streaks. */
export function quietest(responses: readonly number[]): number {
  return responses.indexOf(Math.min(...responses));
}

/** A grey image as pixels, white at `white`. */
export function greyPixels({ width, height, values }: Grey, white: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  values.forEach((value, index) => {
    const shade = white > 0 ? (255 * value) / white : 0;
    data.set([shade, shade, shade, 255], index * 4);
  });
  return { width, height, data };
}
