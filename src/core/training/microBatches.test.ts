import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeWasmHost } from '../../../cli/wasmThreads.ts';
import { registerWasmBackend, removeWasmBackend } from '../ops/wasm/register.ts';
import { createAdam } from '../paper/adam.ts';
import { createNetworks, disposeNetwork, networkShapes } from '../architectures/networks.ts';
import { networkNames } from '../paper/networks.ts';
import type { Images } from '../paper/notation.ts';
import { inMicroBatches } from './gradientAccumulation.ts';
import { trainingStep, variablesOf } from '../paper/trainingStep.ts';
import { randomFromSeed } from '../random.ts';
import { checkConfig, presets } from './config.ts';
import type { TrainingConfig } from './config.ts';
import { microBatchCount, roomProblem, stepBytes, usualStepMemory, waitingBytes } from './microBatches.ts';
import { startProblem } from './startProblem.ts';

const { quick, small, paper } = presets;
const withRun = (config: TrainingConfig, run: Partial<TrainingConfig['run']>): TrainingConfig => ({
  ...config,
  run: { ...config.run, ...run },
});
const joint = (config: TrainingConfig): TrainingConfig => ({
  ...config,
  hyperparameters: { ...config.hyperparameters, mode: 'joint' },
});

describe('microBatches', () => {
  it('cuts the paper’s batch so that it fits into 4 GB, and leaves smaller presets whole', () => {
    expect([quick, small, paper, joint(paper)].map((config) => microBatchCount(config))).toEqual([1, 1, 2, 3]);
    expect(stepBytes(paper, 1)).toBeGreaterThan(4e9);
    expect(stepBytes(paper, 2)).toBeLessThan(4e9);
  });

  it('cuts finer with less memory, in equal parts only, down to one image', () => {
    const microBatches = [2.7e9, 1.6e9, 1e9, 1e8].map((bytes) => microBatchCount(paper, { ...usualStepMemory, bytes }));
    expect(microBatches).toEqual([3, 6, 12, 12]);
    expect(microBatchCount(withRun(paper, { batch: 7 }), { ...usualStepMemory, bytes: 3e9 })).toBe(7);
  });

  it('cuts where a layer would not fit into one buffer of the device', () => {
    expect(microBatchCount(withRun(quick, { batch: 16, crop: 256 }), { bytes: 1e12, largestTensor: 2 ** 26 })).toBe(2);
  });

  it('does as it is told, and refuses parts that would not be equal', () => {
    expect(checkConfig(withRun(paper, { microBatches: -4 })).map(({ path }) => path)).toEqual(['run.microBatches']);
    expect(microBatchCount(withRun(paper, { microBatches: 4 }))).toBe(4);
    expect(checkConfig(withRun(paper, { microBatches: 4 }))).toEqual([]);
    expect(checkConfig(withRun(paper, { microBatches: 5 }))).toEqual([
      { path: 'run.microBatches', message: 'must divide the 12 images of a step evenly, or be 0 to be chosen, not 5' },
    ]);
  });
});

describe('what is told before a run begins', () => {
  it('is that networks, or one crop alone, have no room; and nothing where they have', () => {
    for (const config of [quick, small, paper, joint(paper)]) expect(roomProblem(config)).toBeNull();
    const wide = { ...paper, networks: { ...paper.networks, blocks: 64, filters: { f1: 256, f2: 256, f3: 256 } } };
    expect(roomProblem(wide)).toContain('million parameters');
    expect(roomProblem(withRun(paper, { crop: 512 }), { bytes: 1e9, largestTensor: Infinity })).toContain(
      'A step with one crop of 512 × 512 takes over',
    );
  });

  it('is that there is no such architecture, names of JavaScript’s own included', () => {
    for (const architecture of ['nothing', '__proto__', 'constructor']) {
      const networks = { ...quick.networks, architecture } as TrainingConfig['networks'];
      expect(startProblem({ ...quick, networks }, {}, undefined, {})?.reason).toMatch(
        /which this version does not know\.$/,
      );
    }
    expect(startProblem(quick, {}, undefined, {})).toBeNull();
  });
});

describe('the estimate', () => {
  beforeAll(async () => {
    await registerWasmBackend(nodeWasmHost(1));
    await tf.setBackend('wasm');
  });
  afterAll(removeWasmBackend);

  const config = {
    ...withRun(quick, { batch: 4, crop: 32 }),
    networks: { ...quick.networks, filters: { f1: 16, f2: 16, f3: 24 } },
  };

  it.each([
    ['alternating', 1, config],
    ['alternating', 2, config],
    ['alternating', 4, config],
    ['joint', 1, joint(config)],
  ])(
    'is what a step takes, or up to twice as much (nothing waits on WASM): %s, %i parts',
    async (_, microBatches, { networks, hyperparameters, run }) => {
      const peak = await peakBytes(config, hyperparameters, microBatches);
      const estimate = stepBytes({ networks, hyperparameters, run }, microBatches) - waitingBytes;
      expect(peak).toBeLessThan(estimate);
      expect(peak).toBeGreaterThan(estimate / 2);
    },
  );
});

/** Bytes of all tensors at their most during a second step. */
async function peakBytes(
  config: TrainingConfig,
  h: TrainingConfig['hyperparameters'],
  microBatches: number,
): Promise<number> {
  const { batch, crop } = config.run;
  const networks = createNetworks(networkShapes(config.networks), randomFromSeed(1));
  const adam = createAdam(variablesOf(networks, networkNames));
  const images = (): Images => tf.fill([batch, crop, crop, 3], 0.5);
  const drawn = {
    xSyn: images(),
    yGt: images(),
    zGt: images(),
    xReal: images(),
    direction: Array.from({ length: batch }, () => 9),
  };
  const step = (): tf.Tensor =>
    inMicroBatches(drawn, microBatches, (accumulateGradients) =>
      trainingStep(networks, adam, drawn, h, 1e-3, { accumulateGradients }),
    );
  step().dispose();
  const { peakBytes: most } = await tf.profile(() => {
    step().dispose();
    return tf.scalar(0);
  });
  adam.dispose();
  for (const name of networkNames) disposeNetwork(networks[name]);
  tf.dispose([drawn.xSyn, drawn.yGt, drawn.zGt, drawn.xReal]);
  return most;
}
