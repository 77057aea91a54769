import type { KernelSize } from './hyperparameters.ts';
import type { DirectionIndex } from './notation.ts';

/** Number of labelled directions: 0°, 10°, … 170°. */
export const directionCount = 18;

/** A square kernel of size × size values, row by row from the top left; u counts to the right, v down, from its centre. */
export type Kernel = Float32Array;

/** The two kernels of the direction regularizer for one label. */
export interface KernelPair {
  /** k∥: derivative along the rain; a streak responds least to it. */
  readonly parallel: Kernel;
  /** k⊥: derivative across the rain; a streak responds most to it. */
  readonly perpendicular: Kernel;
}

/**
 * k_θ, the local derivative along θ = 10° · index (section 3.2).
 * Choice: k_θ[u,v] ∝ (u cos θ − v sin θ) · exp(−(u² + v²) / 2σ²), σ = size / 4, with one scale for all θ, by which
 * Σ|k| = 2 at 0° and 90°. So k_θ = cos θ · k_0 + sin θ · k_90, all kernels have the same Σk², and a streak responds most
 * to the kernel across it. (Scaled to Σ|k| = 2 one by one, k_10 would be 4 % weaker than k_0, and a streak at 100° would
 * respond more to k_0 than to its own k_10.)
 *
 * Any whole index is accepted: k_(θ+180) = −k_θ. Size 5 or 7. Sums to zero.
 */
export function directionKernel(index: DirectionIndex, size: 5 | 7): Kernel {
  const theta = (index * Math.PI) / directionCount;
  const [cos, sin] = [Math.cos(theta), Math.sin(theta)];
  const radius = (size - 1) / 2;
  const sigma = size / 4;
  const kernel = new Float32Array(size * size);
  let magnitude = 0; // Σ|k_0|
  for (let v = -radius; v <= radius; v++) {
    for (let u = -radius; u <= radius; u++) {
      const weight = Math.exp(-(u * u + v * v) / (2 * sigma * sigma));
      kernel[(v + radius) * size + u + radius] = (u * cos - v * sin) * weight;
      magnitude += Math.abs(u) * weight;
    }
  }
  return kernel.map((value) => (2 * value) / magnitude);
}

/** First differences to the right (θ = 0) and upwards (θ = 90): the paper's own baseline with 3 × 3 kernels (section 5.1). */
export const imageGradients: KernelPair = {
  parallel: Float32Array.of(0, 0, 0, 0, -1, 1, 0, 0, 0),
  perpendicular: Float32Array.of(0, 1, 0, 0, -1, 0, 0, 0, 0),
};

/** k∥ = k_θ and k⊥ = k_(θ+90); with size 3 the two image gradients, whatever θ is. */
export function kernelPair(index: DirectionIndex, size: KernelSize): KernelPair {
  if (size === 3) return imageGradients;
  return { parallel: directionKernel(index, size), perpendicular: directionKernel(index + directionCount / 2, size) };
}
