import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerReferenceKernels } from '../ops/reference.ts';
import { randomFromSeed } from '../random.ts';
import { createAdam } from '../paper/adam.ts';
import { paperHyperparameters, trainingModes } from '../paper/hyperparameters.ts';
import { createNetworks, disposeNetwork, networkShapes } from '../architectures/networks.ts';
import { networkNames } from '../paper/networks.ts';
import type { Batch, Images } from '../paper/notation.ts';
import { inMicroBatches, accumulateGradients, splitBatch } from './gradientAccumulation.ts';
import { trainingStep, variablesOf } from '../paper/trainingStep.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

/** Images of one pixel each, so that every value can be followed by hand. */
const pixels = (...values: number[]): Images =>
  tf.tensor4d(
    values.flatMap((value) => [value, value, value]),
    [values.length, 1, 1, 3],
  );

describe('a batch in parts', () => {
  it('keeps every image together with what belongs to it', () => {
    const batch = {
      xSyn: pixels(11, 12, 13, 14),
      yGt: pixels(1, 2, 3, 4),
      zGt: pixels(10, 10, 10, 10),
      xReal: pixels(5, 6, 7, 8),
      direction: [0, 5, 9, 17],
      onReal: { z: pixels(1, 2, 3, 4), y: pixels(4, 4, 4, 4) },
    };
    const [first, second] = splitBatch(batch, 2);
    expect([...first!.xSyn.dataSync()]).toEqual([11, 11, 11, 12, 12, 12]);
    expect([...second!.yGt.dataSync()]).toEqual([3, 3, 3, 4, 4, 4]);
    expect([...second!.xReal.dataSync()]).toEqual([7, 7, 7, 8, 8, 8]);
    expect([...second!.onReal!.z.dataSync()]).toEqual([3, 3, 3, 4, 4, 4]);
    expect([first!.direction, second!.direction]).toEqual([
      [0, 5],
      [9, 17],
    ]);
    expect(splitBatch(batch, 1)).toEqual([batch]);
    expect(() => splitBatch(batch, 3)).toThrow('A batch of 4 cannot be split into 3 equal parts.');
  });

  it('averages by name and frees what it added up', () => {
    const before = tf.memory().numTensors;
    const mean = accumulateGradients([1, 2, 6], (microBatch) => ({
      loss: tf.scalar(microBatch),
      slope: tf.tensor1d([microBatch, -microBatch]),
    }));
    expect(mean['loss']!.dataSync()[0]).toBe(3);
    expect([...mean['slope']!.dataSync()]).toEqual([3, -3]);
    tf.dispose(mean);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe.each(trainingModes)('an iteration in parts, %s', (mode) => {
  const h = { ...paperHyperparameters, mode };

  function images(seed: number): Images {
    const random = randomFromSeed(seed);
    return tf.tensor4d(
      Float32Array.from({ length: 4 * 9 * 9 * 3 }, () => random.uniform()),
      [4, 9, 9, 3],
    );
  }

  /** Losses of three steps, every weight and moment after them, and the tensors after each step. */
  function train(microBatches: number): {
    losses: number[];
    state: Map<string, Float32Array>;
    counts: unknown;
    tensors: number[];
  } {
    const networks = createNetworks(
      networkShapes({ blocks: 1, filters: { f1: 3, f2: 4, f3: 3 }, imageSkip: true }),
      randomFromSeed(7),
    );
    const variables = variablesOf(networks, networkNames);
    const adam = createAdam(variables);
    const [yGt, zGt, xReal] = [images(1), images(2), images(3)];
    const batch: Batch = { xSyn: tf.add(yGt, zGt), yGt, zGt, xReal, direction: [0, 5, 9, 17] };
    const losses: number[] = [];
    const tensors: number[] = [];
    for (let step = 0; step < 3; step++) {
      const values = inMicroBatches(batch, microBatches, (accumulateGradients) =>
        trainingStep(networks, adam, batch, h, 1e-3, { accumulateGradients }),
      );
      losses.push(...values.dataSync());
      values.dispose();
      tensors.push(tf.memory().numTensors);
    }
    const state = new Map(
      [...variables, ...adam.state().tensors].map(([name, tensor]) => [name, tensor.dataSync() as Float32Array]),
    );
    const { counts } = adam.state();
    adam.dispose();
    for (const name of networkNames) disposeNetwork(networks[name]);
    tf.dispose([batch.xSyn, yGt, zGt, xReal]);
    return { losses, state, counts, tensors };
  }

  const whole = (): ReturnType<typeof train> => train(1);

  it.each([2, 4])('takes the same step in %i parts: losses, weights, moments and number of updates', (microBatches) => {
    const expected = whole();
    const actual = train(microBatches);
    actual.losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected.losses[i]!, 5));
    expect([...actual.state.keys()]).toEqual([...expected.state.keys()]);
    for (const [name, values] of expected.state) {
      const worst = Math.max(...values.map((value, i) => Math.abs(value - actual.state.get(name)![i]!)));
      expect(worst, name).toBeLessThan(2e-6);
    }
    expect(actual.counts).toEqual(expected.counts);
  });

  it('keeps the number of tensors constant, and as it is in one part', () => {
    const before = tf.memory().numTensors;
    const { tensors } = train(4);
    expect(tensors[2]).toBe(tensors[1]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
