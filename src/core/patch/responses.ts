import { greyMagnitude } from '../images/grey.ts';
import type { GreyImage } from '../images/grey.ts';
import { directionCount, directionKernel } from '../paper/directionKernels.ts';
import type { Kernel } from '../paper/directionKernels.ts';

/** k ⊗ z without padding: smaller than z by the kernel's side less one. Empty when z is smaller than the kernel. */
export function filtered(z: GreyImage, kernel: Kernel): GreyImage {
  const size = Math.sqrt(kernel.length);
  const width = Math.max(0, z.width - size + 1);
  const height = Math.max(0, z.height - size + 1);
  const values = new Float32Array(width * height);
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      const weight = kernel[v * size + u]!;
      if (weight !== 0) addShifted(values, width, height, z, u, v, weight);
    }
  }
  return { width, height, values };
}

function addShifted(
  values: Float32Array,
  width: number,
  height: number,
  z: GreyImage,
  u: number,
  v: number,
  weight: number,
): void {
  for (let y = 0; y < height; y++) {
    const from = (y + v) * z.width + u;
    const to = y * width;
    for (let x = 0; x < width; x++) values[to + x] = values[to + x]! + weight * z.values[from + x]!;
  }
}

/**
 * Mean |k_θ ⊗ z| of the kernels of all 18 directions: least along the streaks, greatest across them. Filters twice, because
 * k_θ = cos θ · k_0 + sin θ · k_90.
 */
export function responsesByDirection(z: GreyImage, size: 5 | 7): number[] {
  const right = filtered(z, directionKernel(0, size));
  const up = filtered(z, directionKernel(directionCount / 2, size));
  const { width, height } = right;
  return Array.from({ length: directionCount }, (_, index) => {
    const theta = (index * Math.PI) / directionCount;
    const [cos, sin] = [Math.cos(theta), Math.sin(theta)];
    const values = right.values.map((value, i) => cos * value + sin * up.values[i]!);
    return greyMagnitude({ width, height, values });
  });
}

/** The direction, 0…17, with the least response: that of the streaks. */
export function quietestDirection(responses: readonly number[]): number {
  return responses.indexOf(Math.min(...responses));
}
