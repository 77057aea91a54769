import * as tf from '@tensorflow/tfjs';
import type { Variable } from '@tensorflow/tfjs';
import type { Network, NetworkName, Networks } from '../paper/networks.ts';
import type { Random } from '../random.ts';
import type { NetworkShape } from './architecture.ts';
import {
  applyNetwork,
  defaultArchitecture,
  initialWeights,
  networkWeights,
  parseShape,
  shapeOfSize,
} from './registry.ts';

/** Shapes of the three networks. */
export type NetworkShapes = Readonly<Record<NetworkName, NetworkShape>>;

/** What the settings say of F1, F2 and F3. */
export interface NetworkSettings {
  /** Id of the architecture of F1 and F3; absent: EDSR, the paper's. */
  readonly architecture?: string;
  /** That of F1, where it differs. */
  readonly teacherArchitecture?: string;
  /** B of all three networks; of F3 alone where `teacherBlocks` says another for F1 and F2. */
  readonly blocks: number;
  readonly teacherBlocks?: number;
  /** B of F2, where it differs from F1's. */
  readonly f2Blocks?: number;
  readonly filters: Readonly<Record<NetworkName, number>>;
  /** Image-level skip of F2 and F3. */
  readonly imageSkip: boolean;
  /** Of a teacher that was trained elsewhere, in place of what the other settings say of F1 and F2. */
  readonly teacherShapes?: { readonly f1: NetworkShape; readonly f2: NetworkShape };
}

/**
 * Choice: F2 and F3, whose outputs resemble their input, have the image-level skip; F1, whose output is rain, has none.
 * Choice: F2 is an EDSR whatever F1 is: the map carries all scales of rain, and F2 mends what is left at the finest one.
 * Throws ShapeError where an architecture has no network of that size.
 */
export function networkShapes(settings: NetworkSettings): NetworkShapes {
  const { blocks, filters, imageSkip } = settings;
  const { architecture = defaultArchitecture, teacherArchitecture = architecture, teacherShapes } = settings;
  const { teacherBlocks = blocks, f2Blocks = teacherBlocks } = settings;
  const f3 = shapeOfSize(architecture, { blocks, filters: filters.f3, imageSkip });
  if (teacherShapes) return { f1: parseShape(teacherShapes.f1), f2: parseShape(teacherShapes.f2), f3 };
  return {
    f1: shapeOfSize(teacherArchitecture, { blocks: teacherBlocks, filters: filters.f1, imageSkip: false }),
    f2: shapeOfSize('edsr', { blocks: f2Blocks, filters: filters.f2, imageSkip }),
    f3,
  };
}

/** A network with fresh weights. Its variables live until `disposeNetwork`. */
export function createNetwork(shape: NetworkShape, random: Random): Network {
  const initial = initialWeights(shape, random);
  const variables = new Map<string, Variable>();
  for (const { name, shape: dims } of networkWeights(shape)) {
    variables.set(
      name,
      tf.tidy(() => tf.variable(tf.tensor(initial.get(name)!, [...dims]))),
    );
  }
  return { variables, apply: (x, weights = variables) => applyNetwork(x, weights, shape) };
}

/** F1, F2, F3, each from a stream of its own. */
export function createNetworks(shapes: NetworkShapes, random: Random): Networks {
  return {
    f1: createNetwork(shapes.f1, random.split('f1')),
    f2: createNetwork(shapes.f2, random.split('f2')),
    f3: createNetwork(shapes.f3, random.split('f3')),
  };
}

/** Frees a network's variables. */
export function disposeNetwork(network: Network): void {
  for (const variable of network.variables.values()) variable.dispose();
}
