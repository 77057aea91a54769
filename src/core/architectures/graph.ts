import type { Border, BorderMode } from '../ops/border.ts';

/** A convolution: 3×3 with bias and zero padding to the same size unless said otherwise. */
export interface ConvolutionOptions {
  /** Side of the filter, odd where the size is kept; 3 by default. */
  readonly size?: number;
  /** Distance of the taps (3×3 only). */
  readonly dilation?: number;
  /** Groups of channels that see only themselves (3×3 without bias only). */
  readonly groups?: number;
  readonly bias?: boolean;
  readonly relu?: boolean;
  readonly padding?: 'same' | 'valid';
  /** In files of its authors it is a transposed convolution. */
  readonly transposed?: boolean;
  /** Standard deviation of fresh filters relative to He's; 1 by default. */
  readonly scale?: number;
  /** [c][filters], added to the middle tap of fresh filters, for a network that starts near the identity (without groups only). */
  readonly middle?: readonly (readonly number[])[];
}

/** Batch normalization by the statistics of the image at hand or by stored ones. */
export interface NormalizationOptions {
  readonly statistics: Statistics;
  readonly epsilon: number;
  /** The scale at first; 1 by default. */
  readonly initialScale?: number;
}

export interface DictionaryOptions {
  readonly size: number;
  /** Convolves by the transpose: the weights are those of a convolution from `filters` channels to those of x. */
  readonly adjoint?: boolean;
  /** Fresh weights: standard deviation relative to He's, or one value for all. */
  readonly initial?: { readonly scale: number } | { readonly value: number };
}

export type Statistics = 'image' | 'stored';

/**
 * What networks are made of. A network is written once, as a function of a graph and its input; run on tensors it is the
 * network, and run on descriptions it tells its weights, cost and radius. Values `V` are [n,h,w,c] and may be smaller than the
 * image by factors of two.
 */
export interface Graph<V> {
  /** Weights `name.weight` [k,k,c/groups,filters] and `name.bias` [filters]. */
  convolution(name: string, x: V, filters: number, options?: ConvolutionOptions): V;
  /** Weights `name.weight` and `name.bias` [c]; stored statistics `name.running_mean` and `name.running_var` [c]. */
  normalization(name: string, x: V, options: NormalizationOptions): V;
  /** Convolution, size kept, no bias, with weights under `name` itself. */
  dictionary(name: string, x: V, filters: number, options: DictionaryOptions): V;
  /** x − w, w being one number (`channels` false) or one per channel, `initial` at first. */
  minusWeight(name: string, x: V, initial: number, options?: { channels?: boolean }): V;
  /** x · w · factor, w being one number of an array of `count`, all `initial` at first. */
  timesWeight(name: string, x: V, initial: number, options: { index: number; count: number; factor: number }): V;
  relu(x: V): V;
  /** max(x, 0.2 x). */
  leakyRelu(x: V): V;
  sigmoid(x: V): V;
  tanh(x: V): V;
  add(a: V, b: V): V;
  subtract(a: V, b: V): V;
  multiply(a: V, b: V): V;
  /** scale · x + offset. */
  linear(x: V, scale: number, offset?: number): V;
  /** Fixed sums of channels: matrix [c][filters]. */
  mix(x: V, matrix: readonly (readonly number[])[]): V;
  concat(...values: V[]): V;
  /** `count` channels from number `first`. */
  channels(x: V, first: number, count: number): V;
  /** As large as x, with so many channels of one value. */
  constant(x: V, channels: number, value: number): V;
  /** Half the size by means of 2×2 pixels; sides are even. */
  halve(x: V): V;
  /** Twice the size by repetition. */
  double(x: V): V;
  /** x continued beyond its edges. */
  extend(x: V, border: Border, mode: BorderMode): V;
  /** x continued on the right and at the bottom until its sides are multiples of so many pixels. */
  extendToMultiple(x: V, multiple: number, mode: BorderMode): V;
  /** x without so many pixels on each side. */
  crop(x: V, border: Border): V;
  /** The upper left part of x, as large as `like`. */
  cropLike(x: V, like: V): V;
  /** The smooth part of an image, see `guidedFilter`; with a step, `fastGuidedFilter`. */
  guidedFilter(x: V, radius: number, epsilon: number, step?: number): V;
  /** Values made inside and not returned are freed at its end. */
  scope<Result extends V | readonly V[]>(compute: () => Result): Result;
}

/** The same number of pixels on every side. */
export function evenBorder(pixels: number): Border {
  return { top: pixels, bottom: pixels, left: pixels, right: pixels };
}
