import * as tf from '@tensorflow/tfjs';
import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Random } from '../random.ts';
import { edsr, edsrWeights, initialWeights } from './edsr.ts';
import type { EdsrShape } from './edsr.ts';
import type { Images } from './notation.ts';

/**
 * Any trainable function from pictures to pictures of the same size. The paper allows F1…F3 to be any CNN, so the
 * training step knows no more than this.
 */
export interface Network {
  /** Trainable arrays by name. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** x [n,h,w,3] → [n,h,w,3]. With `weights`, those take the place of the variables (a moving average, say). */
  apply(x: Images, weights?: ReadonlyMap<string, Tensor>): Images;
}

export type NetworkName = 'f1' | 'f2' | 'f3';
export const networkNames: readonly NetworkName[] = ['f1', 'f2', 'f3'];

/** F1: rain map z (2,3). F2: derained y (6,7). F1 and F2 are the teacher, F3 the student. */
export type Networks = Readonly<Record<NetworkName, Network>>;

/** Shapes of the three networks. */
export type NetworkShapes = Readonly<Record<NetworkName, EdsrShape>>;

/** Choice: F2 and F3, whose outputs resemble their input, have the image-level skip; F1, whose output is rain, has none. */
export function networkShapes(
  blocks: number,
  filters: Readonly<Record<NetworkName, number>>,
  imageSkip = true,
  teacherBlocks = blocks,
): NetworkShapes {
  return {
    f1: { blocks: teacherBlocks, filters: filters.f1, imageSkip: false },
    f2: { blocks: teacherBlocks, filters: filters.f2, imageSkip },
    f3: { blocks, filters: filters.f3, imageSkip },
  };
}

/** An EDSR with fresh weights. Its variables live until `disposeNetwork`. */
export function createEdsr(shape: EdsrShape, random: Random): Network {
  const initial = initialWeights(shape, random);
  const variables = new Map<string, Variable>();
  for (const { name, shape: dims } of edsrWeights(shape)) {
    variables.set(
      name,
      tf.tidy(() => tf.variable(tf.tensor(initial.get(name)!, [...dims]))),
    );
  }
  return { variables, apply: (x, weights = variables) => edsr(x, weights, shape) };
}

/** F1, F2, F3, each from a stream of its own. */
export function createNetworks(shapes: NetworkShapes, random: Random): Networks {
  return {
    f1: createEdsr(shapes.f1, random.split('f1')),
    f2: createEdsr(shapes.f2, random.split('f2')),
    f3: createEdsr(shapes.f3, random.split('f3')),
  };
}

/** Frees a network's variables. */
export function disposeNetwork(network: Network): void {
  for (const variable of network.variables.values()) variable.dispose();
}
