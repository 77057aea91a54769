import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { continueBorder, cropBorder } from '../ops/border.ts';
import { conv3x3 } from '../ops/conv3x3.ts';
import { convolve, dilatedConv3x3, groupedConv3x3, rotatedFilter } from '../ops/convolution.ts';
import { fastGuidedFilter, guidedFilter } from '../ops/guidedFilter.ts';
import { double, halve } from '../ops/halve.ts';
import { normalizeByImage, normalizeByStored } from '../ops/normalize.ts';
import type { Weights } from './architecture.ts';
import type { ConvolutionOptions, Graph, NormalizationOptions } from './graph.ts';
import { weightNamed } from './weights.ts';

/** A graph that computes, with these weights. Throws Error when one is missing. Everything it makes belongs to the caller's `tf.tidy`. */
export function tensorGraph(weights: Weights): Graph<Tensor4D> {
  const weight = <T extends Tensor>(name: string): T => weightNamed(weights, name) as T;
  return {
    ...plainOperations,
    convolution: (name, x, filters, options = {}) => convolution(weight, name, x, filters, options),
    normalization: (name, x, options) => normalization(weight, name, x, options),
    dictionary: (name, x, _filters, { adjoint = false }) =>
      tf.tidy(() => convolve(x, adjoint ? rotatedFilter(weight(name)) : weight(name), 'same')),
    minusWeight: (name, x) => tf.sub(x, weight(name)),
    timesWeight: (name, x, _initial, { index, factor }) =>
      tf.tidy(() => tf.mul(x, tf.mul(tf.slice(weight<Tensor1D>(name), index, 1), factor))),
  };
}

type WeightOf = <T extends Tensor>(name: string) => T;

function convolution(
  weight: WeightOf,
  name: string,
  x: Tensor4D,
  filters: number,
  options: ConvolutionOptions,
): Tensor4D {
  const { size = 3, dilation = 1, groups = 1, bias = true, relu = false, padding = 'same' } = options;
  const w = weight<Tensor4D>(`${name}.weight`);
  return tf.tidy(() => {
    const b = bias ? weight<Tensor1D>(`${name}.bias`) : null;
    if (groups > 1) return activated(groupedConv3x3(x, w, groups), relu);
    if (size === 3 && padding === 'same') {
      const offset = b ?? (tf.zeros([filters]) as Tensor1D);
      return dilation > 1 ? dilatedConv3x3(x, w, offset, dilation, { relu }) : conv3x3(x, w, offset, { relu });
    }
    const y = convolve(x, w, padding);
    return activated(b ? (tf.add(y, b) as Tensor4D) : y, relu);
  });
}

function activated(x: Tensor4D, relu: boolean): Tensor4D {
  return relu ? tf.relu(x) : x;
}

function normalization(
  weight: WeightOf,
  name: string,
  x: Tensor4D,
  { statistics, epsilon }: NormalizationOptions,
): Tensor4D {
  const [scale, offset] = [weight<Tensor1D>(`${name}.weight`), weight<Tensor1D>(`${name}.bias`)];
  if (statistics === 'image') return normalizeByImage(x, scale, offset, epsilon);
  const stored = { mean: weight<Tensor1D>(`${name}.running_mean`), variance: weight<Tensor1D>(`${name}.running_var`) };
  return normalizeByStored(x, stored, scale, offset, epsilon);
}

/** Everything without weights. */
const plainOperations = {
  relu: (x) => tf.relu(x),
  leakyRelu: (x) => tf.tidy(() => tf.maximum(x, tf.mul(x, 0.2))),
  sigmoid: (x) => tf.sigmoid(x),
  tanh: (x) => tf.tanh(x),
  add: (a, b) => tf.add(a, b),
  subtract: (a, b) => tf.sub(a, b),
  multiply: (a, b) => tf.mul(a, b),
  linear: (x, scale, offset = 0) =>
    tf.tidy(() => {
      const scaled = tf.mul(x, scale) as Tensor4D;
      return offset === 0 ? scaled : tf.add(scaled, offset);
    }),
  mix: (x, matrix) =>
    tf.tidy(() => convolve(x, tf.tensor4d(matrix.flat(), [1, 1, matrix.length, matrix[0]!.length]), 'same')),
  concat: (...values) => tf.concat(values, 3),
  channels: (x, first, count) => tf.slice(x, [0, 0, 0, first], [-1, -1, -1, count]),
  constant: (x, channels, value) => tf.fill([x.shape[0], x.shape[1], x.shape[2], channels], value),
  halve: (x) => halve(x),
  double: (x) => double(x),
  extend: (x, border, mode) => continueBorder(x, border, mode),
  extendToMultiple: (x, multiple, mode) => {
    const missing = (side: number): number => (multiple - (side % multiple)) % multiple;
    return continueBorder(x, { top: 0, bottom: missing(x.shape[1]), left: 0, right: missing(x.shape[2]) }, mode);
  },
  crop: (x, border) => cropBorder(x, border),
  cropLike: (x, like) => tf.slice(x, [0, 0, 0, 0], [-1, like.shape[1], like.shape[2], -1]),
  guidedFilter: (x, radius, epsilon, step = 1) =>
    step === 1 ? guidedFilter(x, radius, epsilon) : fastGuidedFilter(x, radius, epsilon, step),
  scope: (compute) => tf.tidy(compute as () => Tensor4D) as never,
} satisfies Partial<Graph<Tensor4D>>;
