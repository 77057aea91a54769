import * as tf from '@tensorflow/tfjs';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs';

/** Our Adam kernel: one call per variable, four tensors in one pass. */
export const ADAM_UPDATE = 'AdamUpdate';

/** All of one shape. `average` is the exponential moving average of `w`. */
export interface AdamUpdateInputs {
  w: Tensor;
  gradient: Tensor;
  m: Tensor;
  v: Tensor;
  average: Tensor;
}

/**
 * The numbers of one update. `step` counts updates from 1 (for the bias corrections); `averageDecay` is the weight kept
 * by the moving average, 0…1.
 */
export interface AdamUpdateAttrs {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly step: number;
  readonly averageDecay: number;
}

/** The results, in this order, each with the shape of `w`. */
export type AdamUpdateOutputs = [w: Tensor, m: Tensor, v: Tensor, average: Tensor];

/**
 * Adam:  m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²,  w ← w − rate · m̂ / (√v̂ + ε),  with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ);
 * then average ← d·average + (1−d)·w.
 *
 * All inputs and outputs have one shape; new tensors are returned, nothing is changed in place.
 */
export function adamUpdate(inputs: AdamUpdateInputs, attrs: AdamUpdateAttrs): AdamUpdateOutputs {
  return tf
    .engine()
    .runKernel(
      ADAM_UPDATE,
      inputs as unknown as NamedTensorMap,
      attrs as unknown as tf.NamedAttrMap,
    ) as unknown as AdamUpdateOutputs;
}
