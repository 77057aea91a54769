import * as tf from '@tensorflow/tfjs';
import type { Images } from '../paper/notation.ts';
import type { Architecture, NetworkShape, NetworkSize, WeightShape, Weights } from './architecture.ts';
import { blockWeights, convolutionsOf, convolutionWeights, initialValues, parseSize } from './convolutions.ts';

const MAX_BLOCKS = 64;

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
  parse: (json) => ({ architecture: 'edsr', ...parseSize(json, MAX_BLOCKS) }),
  ofSize: (size) => ({ architecture: 'edsr', ...parseSize({ ...size }, MAX_BLOCKS) }),
  sizeOf: ({ blocks, filters, imageSkip }) => ({ blocks, filters, imageSkip }),
  weights: edsrWeights,
  init: (shape, random) => initialValues(edsrWeights(shape), shape.blocks, random),
  apply: applyEdsr,
  radius: ({ blocks }) => 2 * blocks + 3,
  multiple: () => 1,
  footprint: ({ blocks, filters }) => ({
    alive: 4 * filters + 6, // input, output and four layers of features
    kept: (2 * blocks + 2) * filters,
    widest: filters,
  }),
  multiplyAdds: ({ blocks, filters: f }) => 9 * (6 * f + (2 * blocks + 1) * f * f),
  complement: (weights) =>
    new Map(
      [...weights].map(([name, values]) => [name, name.startsWith('tail.') ? values.map((value) => -value) : values]),
    ),
};

/** True for the shape of an EDSR. */
export function isEdsr(shape: NetworkShape): shape is EdsrShape {
  return shape.architecture === 'edsr';
}

/** The weights of a network in the order in which it uses them. */
function edsrWeights({ blocks, filters: f }: EdsrShape): WeightShape[] {
  return [
    ...convolutionWeights('head', 3, f),
    ...Array.from({ length: blocks }, (_, i) => blockWeights(`block${i}`, f)).flat(),
    ...convolutionWeights('body', f, f),
    ...convolutionWeights('tail', f, 3),
  ];
}

function applyEdsr(x: Images, weights: Weights, { blocks, imageSkip }: EdsrShape): Images {
  const convolution = convolutionsOf(weights);
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
