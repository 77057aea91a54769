import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { conv3x3 } from '../ops/conv3x3.ts';
import type { Random } from '../random.ts';
import type { Images } from './notation.ts';

/**
 * EDSR without upsampler:  head conv 3→f · B × [conv, ReLU, conv, + input] · conv f→f, + head · tail conv f→3.
 * All 3×3, stride 1, same size, with bias; no batch norm, residual scale 1.
 */
export interface EdsrShape {
  /** B, residual blocks, ≥ 0. */
  readonly blocks: number;
  /** f, filters, ≥ 1. */
  readonly filters: number;
  /** Choice: add the input picture to the output (F2 and F3; no parameters). */
  readonly imageSkip: boolean;
}

/** Name and shape of one array of weights; filters are [3,3,cin,cout], biases [cout]. */
export interface WeightShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Weights by name, as tensors (or variables). */
export type Weights = ReadonlyMap<string, Tensor>;

/** Pixels that an output pixel sees in each direction: 2B + 3. */
export function receptiveRadius(shape: EdsrShape): number {
  return 2 * shape.blocks + 3;
}

/** The weights of a network in the order in which it uses them. */
export function edsrWeights({ blocks, filters: f }: EdsrShape): WeightShape[] {
  const convolution = (name: string, cin: number, cout: number): WeightShape[] => [
    { name: `${name}.weight`, shape: [3, 3, cin, cout] },
    { name: `${name}.bias`, shape: [cout] },
  ];
  const body = Array.from({ length: blocks }, (_, i) => [
    ...convolution(`block${i}.conv1`, f, f),
    ...convolution(`block${i}.conv2`, f, f),
  ]);
  return [...convolution('head', 3, f), ...body.flat(), ...convolution('body', f, f), ...convolution('tail', f, 3)];
}

/** Number of trainable numbers: 1,222,147 for B = 16, f = 64; 4,877,315 for B = 16, f = 128. */
export function parameterCount(shape: EdsrShape): number {
  return edsrWeights(shape).reduce((sum, weight) => sum + weight.shape.reduce((a, b) => a * b, 1), 0);
}

/**
 * Choice: He-normal filters and zero biases. The second filter of each block × 1/√(2B), because B residual branches of full
 * size would multiply the features' variance by 3ᴮ (16 blocks: outputs in the hundreds); the tail × 0.1, so that a new
 * network starts near the identity (or near zero).
 */
export function initialWeights(shape: EdsrShape, random: Random): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const { name, shape: dims } of edsrWeights(shape)) {
    const array = new Float32Array(dims.reduce((a, b) => a * b, 1));
    if (dims.length === 4) {
      const deviation = Math.sqrt(2 / (9 * dims[2]!)) * initialScale(name, shape.blocks);
      const stream = random.split(name);
      for (let i = 0; i < array.length; i++) array[i] = deviation * stream.normal();
    }
    values.set(name, array);
  }
  return values;
}

function initialScale(name: string, blocks: number): number {
  if (name === 'tail.weight') return 0.1;
  return name.endsWith('conv2.weight') ? 1 / Math.sqrt(2 * blocks) : 1;
}

/** The network itself: x [n,h,w,3] → [n,h,w,3]. Throws Error when a weight is missing. */
export function edsr(x: Images, weights: Weights, { blocks, imageSkip }: EdsrShape): Images {
  const convolution = (name: string, input: Tensor4D, options: { relu?: boolean; skip?: Tensor4D } = {}): Tensor4D =>
    conv3x3(input, take(weights, `${name}.weight`) as Tensor4D, take(weights, `${name}.bias`) as Tensor1D, options);
  return tf.tidy(() => {
    const head = convolution('head', x); // [n,h,w,f]
    let features = head;
    for (let i = 0; i < blocks; i++) {
      const inner = convolution(`block${i}.conv1`, features, { relu: true });
      features = convolution(`block${i}.conv2`, inner, { skip: features });
    }
    const body = convolution('body', features, { skip: head });
    return convolution('tail', body, imageSkip ? { skip: x } : {}); // [n,h,w,3]
  });
}

function take(weights: Weights, name: string): Tensor {
  const tensor = weights.get(name);
  if (!tensor) throw new Error(`EDSR: there is no weight named ${name}.`);
  return tensor;
}
