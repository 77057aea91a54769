import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWebgpuDevice } from '../ops/webgpu/device.ts';
import { registerWebgpuVariants } from '../ops/webgpu/register.ts';
import { limitSubmissions } from '../ops/webgpu/shader.ts';
import { safeSelection } from '../ops/webgpu/variants.ts';
import { createAdam } from '../paper/adam.ts';
import { createNetworks, disposeNetwork, networkShapes } from '../architectures/networks.ts';
import { networkNames } from '../paper/networks.ts';
import type { Images } from '../paper/notation.ts';
import { inMicroBatches } from './gradientAccumulation.ts';
import { trainingStep, variablesOf } from '../paper/trainingStep.ts';
import { randomFromSeed } from '../random.ts';
import { presets } from './config.ts';
import type { TrainingConfig } from './config.ts';
import { stepBytes, waitingBytes } from './microBatches.ts';

const config: TrainingConfig = {
  ...presets.quick,
  networks: { blocks: 8, filters: { f1: 16, f2: 16, f3: 32 }, imageSkip: true },
  run: { ...presets.quick.run, batch: 4, crop: 64 },
};

describe('what a step allocates on WebGPU, buffers kept for later included', () => {
  beforeAll(() => {
    // Buffers are allocated as they are recorded; nothing needs to be computed for that, nor compiled.
    const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
    const { createShaderModule } = GPUDevice.prototype;
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function emptied(_x, y, z): undefined {
      return dispatchWorkgroups.call(this, 0, y, z) as undefined;
    };
    GPUDevice.prototype.createShaderModule = function emptied(descriptor): GPUShaderModule {
      return createShaderModule.call(this, { ...descriptor, code: withEmptyEntry(descriptor.code) });
    };
    return () => {
      Object.assign(GPUComputePassEncoder.prototype, { dispatchWorkgroups });
      Object.assign(GPUDevice.prototype, { createShaderModule });
    };
  });

  it.each([1, 4])(
    'is what the estimate says, what waits included: %i parts',
    { timeout: 120_000 },
    async (microBatches) => {
      await openWebgpuDevice(navigator.gpu); // a new device has an empty pool
      expect(await tf.setBackend('webgpu')).toBe(true);
      registerWebgpuVariants(safeSelection);
      limitSubmissions(tf.backend() as WebGPUBackend, Infinity);
      const allocated = await allocatedBytes(microBatches);
      expect(allocated).toBeLessThan(stepBytes(config, microBatches));
      expect(allocated).toBeGreaterThan(stepBytes(config, microBatches) - waitingBytes);
    },
  );
});

/** A compute shader whose entry, its last function, names its bindings and does nothing: the pipeline takes the same buffers. */
function withEmptyEntry(wgsl: string): string {
  const [entry] = /@compute[^{]*\{/.exec(wgsl)!;
  const bindings = [...wgsl.matchAll(/@binding\(\d+\)\s*var<[^>]*>\s*(\w+)/g)];
  const before = wgsl.slice(0, wgsl.indexOf(entry) + entry.length);
  return `${before}\n${bindings.map(([, name]) => `_ = &${name};`).join('\n')}\n}`;
}

async function allocatedBytes(microBatches: number): Promise<number> {
  const { batch, crop } = config.run;
  const networks = createNetworks(networkShapes(config.networks), randomFromSeed(1));
  const adam = createAdam(variablesOf(networks, networkNames));
  const images = (): Images => tf.zeros([batch, crop, crop, 3]);
  const drawn = {
    xSyn: images(),
    yGt: images(),
    zGt: images(),
    xReal: images(),
    direction: Array.from({ length: batch }, () => 9),
  };
  for (let i = 0; i < 2; i++) {
    const losses = inMicroBatches(drawn, microBatches, (accumulateGradients) =>
      trainingStep(networks, adam, drawn, config.hyperparameters, 1e-3, { accumulateGradients }),
    );
    await losses.data();
    losses.dispose();
  }
  const { numBytesAllocatedInGPU } = tf.memory() as unknown as { numBytesAllocatedInGPU: number };
  adam.dispose();
  for (const name of networkNames) disposeNetwork(networks[name]);
  tf.dispose([drawn.xSyn, drawn.yGt, drawn.zGt, drawn.xReal]);
  return numBytesAllocatedInGPU;
}
