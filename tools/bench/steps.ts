import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor4D, Variable } from '@tensorflow/tfjs';
import { createAdam } from '../../src/core/paper/adam.ts';
import { initialWeights, networkWeights } from '../../src/core/architectures/registry.ts';
import type { EdsrShape } from '../../src/core/architectures/edsr.ts';
import { paperHyperparameters } from '../../src/core/paper/hyperparameters.ts';
import { createNetworks, disposeNetwork } from '../../src/core/architectures/networks.ts';
import { networkNames } from '../../src/core/paper/networks.ts';
import type { Network, NetworkName, Networks } from '../../src/core/paper/networks.ts';
import type { Batch, Images, TeacherOutput } from '../../src/core/paper/notation.ts';
import {
  distillation,
  objective,
  runTeacher,
  computeTerms,
  trainingStep,
  variablesOf,
} from '../../src/core/paper/trainingStep.ts';
import { inMicroBatches } from '../../src/core/training/gradientAccumulation.ts';
import { randomFromSeed } from '../../src/core/random.ts';

/** What one training step is made of. */
export interface StepSize {
  readonly blocks: number;
  readonly filters: readonly [f1: number, f2: number, f3: number];
  readonly batch: number;
  readonly crop: number;
}

/** The step of the yardstick: 14.1 GFLOP. */
export const trialSize: StepSize = { blocks: 4, filters: [16, 16, 32], batch: 4, crop: 48 };
/** The step of the publication. */
export const paperSize: StepSize = { blocks: 16, filters: [64, 64, 128], batch: 12, crop: 64 };

/** Multiply-adds per pixel of one EDSR. */
export function edsrMacs({ blocks, filters: f }: Pick<EdsrShape, 'blocks' | 'filters'>): number {
  return 9 * (3 * f + (2 * blocks + 1) * f * f + 3 * f);
}

/** Operations of one step: convolutions only, backward = 2 × forward, each network applied to two batches. */
export function stepFlops({ blocks, filters, batch, crop }: StepSize): number {
  const macs = filters.reduce((sum, f) => sum + 2 * edsrMacs({ blocks, filters: f }), 0);
  return 2 * batch * crop * crop * 3 * macs;
}

/** A step that can be repeated, and what frees it. Each call returns the losses, read back. */
export interface Step {
  run(): Promise<ArrayLike<number>>;
  dispose(): void;
}

function edsrShapes({ blocks, filters: [f1, f2, f3] }: StepSize): Record<NetworkName, EdsrShape> {
  const shape = (filters: number, imageSkip: boolean): EdsrShape => ({
    architecture: 'edsr',
    blocks,
    filters,
    imageSkip,
  });
  return { f1: shape(f1, false), f2: shape(f2, true), f3: shape(f3, true) };
}

function randomBatch({ batch, crop }: StepSize): Batch {
  const random = randomFromSeed(2);
  const images = (scale: number): Images =>
    tf.tensor(
      Float32Array.from({ length: batch * crop * crop * 3 }, () => scale * random.uniform()),
      [batch, crop, crop, 3],
    ) as Images;
  const [yGt, zGt, xReal] = [images(1), images(0.3), images(1)];
  return { yGt, zGt, xReal, xSyn: tf.add(yGt, zGt), direction: Array.from({ length: batch }, (_, i) => i % 18) };
}

function disposeBatch({ yGt, zGt, xReal, xSyn }: Batch): void {
  tf.dispose([yGt, zGt, xReal, xSyn]);
}

/** The step as the app takes it: the method's own code, on whatever kernels the backend has for our operations; the batch in so many parts. */
export function ourStep(size: StepSize, microBatches = 1): Step {
  const networks = createNetworks(edsrShapes(size), randomFromSeed(1));
  const adam = createAdam(variablesOf(networks, networkNames));
  const batch = randomBatch(size);
  return {
    async run() {
      const { learningRate } = paperHyperparameters;
      const losses = inMicroBatches(batch, microBatches, (accumulateGradients) =>
        trainingStep(networks, adam, batch, paperHyperparameters, learningRate, { accumulateGradients }),
      );
      const values = await losses.data();
      losses.dispose();
      return values;
    },
    dispose() {
      adam.dispose();
      for (const name of networkNames) disposeNetwork(networks[name]);
      disposeBatch(batch);
    },
  };
}

/** The same three updates on stock tfjs alone: tf.conv2d and tf.relu with tfjs' gradients, and tf.train.adam. */
export function stockStep(size: StepSize): Step {
  const shapes = edsrShapes(size);
  const networks = Object.fromEntries(networkNames.map((name) => [name, stockNetwork(shapes[name])])) as Networks;
  const batch = randomBatch(size);
  const h = paperHyperparameters;
  const adams = ['synthetic', 'real', 'student'].map(() => tf.train.adam(h.learningRate, h.beta1, h.beta2, h.epsilon));
  let real: TeacherOutput;
  const realTerms = (): ReturnType<typeof computeTerms> => {
    const { z, y } = runTeacher(networks, batch.xReal);
    real = { z: tf.keep(z), y: tf.keep(y) };
    return computeTerms('real', { z, y, batch }, h);
  };
  const updates = [
    { names: ['f1', 'f2'], terms: () => computeTerms('synthetic', { ...runTeacher(networks, batch.xSyn), batch }, h) },
    { names: ['f1', 'f2'], terms: realTerms },
    { names: ['f3'], terms: () => distillation(networks.f3.apply, batch, real, h) },
  ] as const;
  return {
    async run() {
      const losses = updates.map(({ names, terms }, i) => {
        const variables = [...variablesOf(networks, names).values()];
        return adams[i]!.minimize(() => objective(terms(), h)!, true, variables)!;
      });
      const values = await Promise.all(losses.map(async (loss) => (await loss.data())[0]!));
      tf.dispose([...losses, real.z, real.y]);
      return values;
    },
    dispose() {
      for (const adam of adams) adam.dispose();
      for (const name of networkNames) disposeNetwork(networks[name]);
      disposeBatch(batch);
    },
  };
}

function stockNetwork(shape: EdsrShape): Network {
  const initial = initialWeights(shape, randomFromSeed(1));
  const variables = new Map<string, Variable>();
  for (const { name, shape: dims } of networkWeights(shape)) {
    variables.set(
      name,
      tf.tidy(() => tf.variable(tf.tensor(initial.get(name)!, [...dims]))),
    );
  }
  return { variables, apply: (x, weights = variables) => stockEdsr(x, weights, shape) };
}

/** EDSR of stock operations. */
export function stockEdsr(x: Images, weights: ReadonlyMap<string, Tensor>, { blocks, imageSkip }: EdsrShape): Images {
  const convolution = (name: string, input: Tensor4D): Tensor4D =>
    tf.add(tf.conv2d(input, weights.get(`${name}.weight`) as Tensor4D, 1, 'same'), weights.get(`${name}.bias`)!);
  return tf.tidy(() => {
    const head = convolution('head', x);
    let features = head;
    for (let i = 0; i < blocks; i++) {
      features = tf.add(features, convolution(`block${i}.conv2`, tf.relu(convolution(`block${i}.conv1`, features))));
    }
    const output = convolution('tail', tf.add(convolution('body', features), head));
    return imageSkip ? tf.add(output, x) : output;
  });
}
