import type { GreyImage } from '../images/grey.ts';
import { greyDifference } from '../images/grey.ts';
import { kernelPair } from '../paper/directionKernels.ts';
import type { Kernel } from '../paper/directionKernels.ts';
import type { KernelSize } from '../paper/hyperparameters.ts';
import type { DirectionIndex } from '../paper/notation.ts';
import { filtered } from './responses.ts';

/** What the descent makes small:  |z − zGt| + λ · Σ_k |k ⊗ z − k ⊗ zGt|,  (4) and (5) over the pixels of z. */
export interface DescentObjective {
  readonly truth: GreyImage;
  readonly label: DirectionIndex;
  readonly kernelSize: KernelSize;
  /** 0: content alone. */
  readonly lambda: number;
}

/** Steps in which a descent would arrive if every pixel were equally far away. */
const STEPS_TO_TRUTH = 80;

/** Root mean square length of every step of a descent from `start`. */
export function stepLength(start: GreyImage, truth: GreyImage): number {
  let squares = 0;
  for (const value of greyDifference(start, truth).values) squares += value * value;
  return Math.sqrt(squares / start.values.length) / STEPS_TO_TRUTH;
}

/** The gradient of the objective with respect to every pixel of z. Where a difference is 0, that of |·| is taken as 0. */
export function objectiveGradient(z: GreyImage, { truth, label, kernelSize, lambda }: DescentObjective): Float32Array {
  const difference = greyDifference(z, truth);
  const gradient = difference.values.map((value) => Math.sign(value) / difference.values.length);
  if (lambda === 0) return gradient;
  const { parallel, perpendicular } = kernelPair(label, kernelSize);
  for (const kernel of [parallel, perpendicular]) {
    const responses = filtered(difference, kernel);
    addCorrelation(gradient, z.width, responses, kernel, lambda / responses.values.length);
  }
  return gradient;
}

/** Adds weight · kᵀ sign(r): every response hands its sign back to the pixels that it came from. */
function addCorrelation(
  gradient: Float32Array,
  width: number,
  responses: GreyImage,
  kernel: Kernel,
  weight: number,
): void {
  const size = Math.sqrt(kernel.length);
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      const share = weight * kernel[v * size + u]!;
      if (share === 0) continue;
      for (let y = 0; y < responses.height; y++) {
        const from = y * responses.width;
        const to = (y + v) * width + u;
        for (let x = 0; x < responses.width; x++) {
          gradient[to + x] = gradient[to + x]! + share * Math.sign(responses.values[from + x]!);
        }
      }
    }
  }
}

/**
 * One step of gradient descent over the pixels: against the gradient, `length` far in root mean square over the pixels. Equally
 * far whatever λ is, so that only the direction of the step tells two objectives apart.
 */
export function descentStep(z: GreyImage, objective: DescentObjective, length: number): GreyImage {
  const gradient = objectiveGradient(z, objective);
  let squares = 0;
  for (const value of gradient) squares += value * value;
  const scale = squares > 0 ? length / Math.sqrt(squares / gradient.length) : 0;
  return { ...z, values: z.values.map((value, i) => value - scale * gradient[i]!) };
}
