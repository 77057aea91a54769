import type { Tensor } from '@tensorflow/tfjs';
import type { Weights } from './architecture.ts';

/** A weight by its name. Throws Error when there is none. */
export function weightNamed(weights: Weights, name: string): Tensor {
  const tensor = weights.get(name);
  if (!tensor) throw new Error(`There is no weight named ${name}.`);
  return tensor;
}
