import * as tf from '@tensorflow/tfjs';
import { createAdam } from '../paper/adam.ts';
import { paperHyperparameters } from '../paper/hyperparameters.ts';
import { createNetworks, disposeNetwork, networkShapes } from '../architectures/networks.ts';
import { networkNames } from '../paper/networks.ts';
import type { NetworkName } from '../paper/networks.ts';
import type { Batch, Images } from '../paper/notation.ts';
import { inMicroBatches } from './gradientAccumulation.ts';
import { trainingStep, variablesOf } from '../paper/trainingStep.ts';
import { randomFromSeed } from '../random.ts';

/** What a short training gave, step by step. */
export interface ShortTraining {
  /** Sum of all losses. */
  readonly curve: readonly number[];
  /** What tfjs held after the step. */
  readonly tensors: readonly number[];
  readonly bytes: readonly number[];
}

/**
 * A small training from one seed, on tfjs' current backend with whatever kernels it has: one block, two images of
 * 10 × 11 pixels, the same at every step. Two sets of kernels must give the same curve, within rounding; so must the
 * batch in one part and in two.
 */
export async function shortTraining(
  steps: number,
  filters: Readonly<Record<NetworkName, number>>,
  microBatches = 1,
): Promise<ShortTraining> {
  const networks = createNetworks(networkShapes({ blocks: 1, filters, imageSkip: true }), randomFromSeed(1));
  const adam = createAdam(variablesOf(networks, networkNames));
  const batch = drawBatch();
  const [curve, tensors, bytes]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < steps; i++) {
    const losses = inMicroBatches(batch, microBatches, (accumulateGradients) =>
      trainingStep(networks, adam, batch, paperHyperparameters, 4e-3, { accumulateGradients }),
    );
    curve.push((await losses.data<'float32'>()).reduce((sum, loss) => sum + loss, 0));
    losses.dispose();
    tensors.push(tf.memory().numTensors);
    bytes.push(tf.memory().numBytes);
  }
  adam.dispose();
  for (const name of networkNames) disposeNetwork(networks[name]);
  tf.dispose([batch.xSyn, batch.yGt, batch.zGt, batch.xReal]);
  return { curve, tensors, bytes };
}

function drawBatch(): Batch {
  const random = randomFromSeed(2);
  const draw = (scale: number): Images =>
    tf.tensor(
      Float32Array.from({ length: 2 * 10 * 11 * 3 }, () => scale * random.uniform()),
      [2, 10, 11, 3],
    ) as Images;
  const [yGt, zGt, xReal] = [draw(1), draw(0.3), draw(1)];
  return { yGt, zGt, xReal, xSyn: tf.add(yGt, zGt), direction: [8, 11] };
}
