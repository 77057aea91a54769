import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { conv3x3 } from '../ops/conv3x3.ts';
import type { Images } from '../paper/notation.ts';
import type { Random } from '../random.ts';
import { ShapeError } from './architecture.ts';
import type { Architecture, NetworkShape, NetworkSize, WeightShape, Weights } from './architecture.ts';
import { weightNamed } from './weights.ts';

const MAX_BLOCKS = 64;
const MAX_FILTERS = 256;

/**
 * EDSR without upsampler, the network of the paper:  head conv 3→f · B × [conv, ReLU, conv, + input] · conv f→f, + head ·
 * tail conv f→3. All 3×3, stride 1, same size, with bias; no batch norm, residual scale 1.
 */
export interface EdsrShape extends NetworkShape, NetworkSize {
  readonly architecture: 'edsr';
}

export const edsr: Architecture<EdsrShape> = {
  id: 'edsr',
  title: 'EDSR',
  usual: { blocks: 16, filters: 64 },
  parse: parseShape,
  ofSize: (size) => parseShape({ ...size }),
  sizeOf: ({ blocks, filters, imageSkip }) => ({ blocks, filters, imageSkip }),
  weights: edsrWeights,
  init: initialWeights,
  apply: applyEdsr,
  radius: ({ blocks }) => 2 * blocks + 3,
  multiple: () => 1,
  footprint: ({ blocks, filters }) => ({
    alive: 4 * filters + 6, // input, output and four layers of features
    kept: (2 * blocks + 2) * filters,
    widest: filters,
  }),
  multiplyAdds: ({ blocks, filters: f }) => 9 * (6 * f + (2 * blocks + 1) * f * f),
  studentFromRainMap: (weights, f1) => ({
    shape: { ...f1, imageSkip: true },
    weights: new Map(
      [...weights].map(([name, values]) => [name, name.startsWith('tail.') ? values.map((value) => -value) : values]),
    ),
  }),
};

/** True for the shape of an EDSR. */
export function isEdsr(shape: NetworkShape): shape is EdsrShape {
  return shape.architecture === 'edsr';
}

function parseShape(json: Readonly<Record<string, unknown>>): EdsrShape {
  const { blocks, filters, imageSkip } = json;
  const whole = (number: unknown, low: number, high: number): number => {
    if (Number.isInteger(number) && (number as number) >= low && (number as number) <= high) return number as number;
    throw new ShapeError(`is not one this page can run (blocks 0–${MAX_BLOCKS}, filters 1–${MAX_FILTERS})`);
  };
  if (typeof imageSkip !== 'boolean') throw new ShapeError('does not say whether it has the image-level skip');
  return {
    architecture: 'edsr',
    blocks: whole(blocks, 0, MAX_BLOCKS),
    filters: whole(filters, 1, MAX_FILTERS),
    imageSkip,
  };
}

/** The weights of a network in the order in which it uses them. */
function edsrWeights({ blocks, filters: f }: EdsrShape): WeightShape[] {
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

/**
 * Choice: He-normal filters and zero biases. The second filter of each block × 1/√(2B), because B residual branches of full
 * size would multiply the features' variance by 3ᴮ (16 blocks: outputs in the hundreds); the tail × 0.1, so that a new
 * network starts near the identity (or near zero).
 */
function initialWeights(shape: EdsrShape, random: Random): Map<string, Float32Array> {
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

function applyEdsr(x: Images, weights: Weights, { blocks, imageSkip }: EdsrShape): Images {
  const convolution = (name: string, input: Tensor4D, options: { relu?: boolean; skip?: Tensor4D } = {}): Tensor4D =>
    conv3x3(
      input,
      weightNamed(weights, `${name}.weight`) as Tensor4D,
      weightNamed(weights, `${name}.bias`) as Tensor1D,
      options,
    );
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
