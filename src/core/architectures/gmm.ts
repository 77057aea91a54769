import * as tf from '@tensorflow/tfjs';
import { createLayerPriors, PATCH, usualSettings } from '../gmm/removeRain.ts';
import type { LayerPriors } from '../gmm/removeRain.ts';
import type { Mixture } from '../gmm/mixture.ts';
import type { Images } from '../paper/notation.ts';
import { ShapeError } from './architecture.ts';
import type { Architecture, NetworkShape, Weights } from './architecture.ts';
import { weightNamed } from './weights.ts';

/** A prior of clean patches of 8 × 8 pixels. */
export interface GmmShape extends NetworkShape {
  readonly components: number;
  /** Always: it gives the image, not the rain map. */
  readonly imageSkip: true;
}

const SIZE = PATCH * PATCH;
/** Numbers of a covariance: its lower half, row by row. */
const HALF = (SIZE * (SIZE + 1)) / 2;
const MOST_COMPONENTS = 256;
/** Choice: tiles overlap by two patches; what lies further changes a pixel by less than a level. */
const RADIUS = 2 * PATCH;

/**
 * GMM, layer priors (Li et al. 2016): no network, but a mixture of Gaussians fitted on patches of clean images (`npm run gmm:fit`),
 * another fitted on the rain of the image at hand, and an optimization. Its weights are the first mixture. No gradient goes through
 * it, so it is not trained as networks are.
 */
export const gmm: Architecture<GmmShape> = {
  id: 'gmm',
  title: 'GMM',
  usual: { blocks: 1, filters: 48 },
  isFitted: true,
  isRainAdditive: true,
  parse: ({ components, imageSkip }) => {
    if (!Number.isInteger(components) || (components as number) < 1 || (components as number) > MOST_COMPONENTS)
      throw new ShapeError(`is not one this page can run (components 1–${MOST_COMPONENTS})`);
    if (imageSkip !== true) throw new ShapeError('is a GMM, which gives no rain map alone');
    return { architecture: 'gmm', components: components as number, imageSkip };
  },
  ofSize: () => {
    throw new ShapeError('is a GMM, which is fitted (npm run gmm:fit) and not trained');
  },
  sizeOf: ({ components }) => ({ blocks: 1, filters: components, imageSkip: true }),
  describe: ({ components }) => `${components} components`,
  weights: ({ components }) => [
    { name: 'weights', shape: [components] },
    { name: 'covariances', shape: [components, HALF] },
  ],
  init: ({ components }) => {
    const isotropic = new Float32Array(components * HALF);
    for (let k = 0; k < components; k++)
      for (let i = 0; i < SIZE; i++) isotropic[k * HALF + (i * (i + 3)) / 2] = 0.01 * 2 ** -k;
    return new Map([
      ['weights', new Float32Array(components).fill(1 / components)],
      ['covariances', isotropic],
    ]);
  },
  apply: (x, weights, shape) => {
    const [count, height, width] = x.shape;
    const priors = priorsOf(weights, shape);
    const values = x.dataSync();
    const size = height * width * 3;
    const results = new Float32Array(values.length);
    for (let n = 0; n < count; n++) {
      const data = values.slice(n * size, (n + 1) * size) as Float32Array;
      results.set(priors.removeRain({ data, width, height }).y, n * size);
    }
    return tf.tensor4d(results, [count, height, width, 3]) as Images;
  },
  radius: () => RADIUS,
  multiple: () => 1,
  footprint: () => ({ alive: 40, kept: 40, widest: 6 }),
  multiplyAdds: ({ components }) => {
    const { rounds, stride } = usualSettings;
    const close = 16 * SIZE + (4 * SIZE * SIZE) / 2 + SIZE * SIZE;
    return (rounds * (2 * close + ((components + 10) * 16 * 17) / 2)) / stride ** 2;
  },
};

/** The mixture of a shape's weights by name. */
export function mixtureOf(weights: ReadonlyMap<string, Float32Array>, { components }: GmmShape): Mixture {
  const halves = weights.get('covariances')!;
  const covariances = Array.from({ length: components }, (_, k) => {
    const covariance = new Float64Array(SIZE * SIZE);
    for (let i = 0, at = k * HALF; i < SIZE; i++)
      for (let j = 0; j <= i; j++, at++) covariance[i * SIZE + j] = covariance[j * SIZE + i] = halves[at]!;
    return covariance;
  });
  return { size: SIZE, weights: Float64Array.from(weights.get('weights')!), covariances };
}

/** Weights by name of a mixture over patches of 8 × 8. */
export function weightsOfMixture({ weights, covariances }: Mixture): Map<string, Float32Array> {
  const halves = covariances.flatMap((covariance) =>
    Array.from({ length: SIZE }, (_, i) => [...covariance.subarray(i * SIZE, i * SIZE + i + 1)]).flat(),
  );
  return new Map([
    ['weights', Float32Array.from(weights)],
    ['covariances', Float32Array.from(halves)],
  ]);
}

const prepared = new WeakMap<Weights, LayerPriors>();

function priorsOf(weights: Weights, shape: GmmShape): LayerPriors {
  const known = prepared.get(weights);
  if (known) return known;
  const arrays = ['weights', 'covariances'].map((name): [string, Float32Array] => [
    name,
    weightNamed(weights, name).dataSync() as Float32Array,
  ]);
  const made = createLayerPriors(mixtureOf(new Map(arrays), shape));
  prepared.set(weights, made);
  return made;
}
