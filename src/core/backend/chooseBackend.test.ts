import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeWasmHost } from '../../../cli/wasmThreads.ts';
import { conv3x3 } from '../ops/conv3x3.ts';
import { removeWasmBackend } from '../ops/wasm/register.ts';
import type { BackendHost } from './backendHost.ts';
import { createBackend } from './chooseBackend.ts';

afterAll(removeWasmBackend);

const host: BackendHost = {
  offers: new Set(['webgpu', 'wasm', 'cpu']),
  gpu: async () => null,
  wasm: async () => nodeWasmHost(1),
  memoryBytes: 2e9,
  now: () => performance.now(),
};

/** WebGPU with one adapter, as far as it is asked before a device is opened. */
function gpuWith(info: Partial<GPUAdapterInfo>, features: readonly string[] = []): () => Promise<GPU> {
  const unnamed = { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false };
  const adapter = {
    info: { ...unnamed, ...info },
    features: new Set(features),
    limits: {},
    requestDevice: async () => Promise.reject(new Error('The driver refused.')),
  };
  return async () => ({ requestAdapter: async () => adapter }) as unknown as GPU;
}

/** Σ of 3×3 neighbours over a 4×4 image of ones: 4 corners × 4 + 8 edges × 6 + 4 inner × 9. */
function convolutionSum(): number {
  return tf.tidy(() => tf.sum(conv3x3(tf.ones([1, 4, 4, 1]), tf.ones([3, 3, 1, 1]), tf.zeros([1]))).dataSync()[0]!);
}

describe('the choice of a backend', () => {
  it('takes WASM where there is no WebGPU, says why, and computes', async () => {
    const report = await createBackend(host).choose('auto');
    expect(report).toMatchObject({
      backend: 'wasm',
      threads: 1,
      software: false,
      fellBack: 'There is no WebGPU adapter here.',
    });
    expect(report.description).toMatch(/^1 thread, (relaxed )?SIMD$/);
    expect(convolutionSum()).toBeCloseTo(100, 3);
  });

  it.each([
    ['that says so', { isFallbackAdapter: true }],
    ['of Mesa, which does not', { description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }],
  ])('never takes a software adapter %s by itself, nor where the host refuses it', async (_, info) => {
    const backend = createBackend({ ...host, gpu: gpuWith(info) });
    expect(await backend.choose('auto')).toMatchObject({
      backend: 'wasm',
      fellBack: expect.stringContaining('software adapter'),
    });
    await expect(backend.choose('webgpu', { software: false })).rejects.toMatchObject({ kind: 'software' });
  });

  it('refuses half precision where the adapter has none, by its name', async () => {
    const backend = createBackend({ ...host, gpu: gpuWith({ vendor: 'apple', architecture: 'metal-3' }) });
    await expect(backend.choose('webgpu-half')).rejects.toMatchObject({
      kind: 'half',
      message: 'Apple metal-3 has no half precision (shader-f16).',
    });
  });

  it('goes on with WASM when the driver opens no device', async () => {
    const gpu = gpuWith({ description: 'NVIDIA H200' }, ['shader-f16']);
    const backend = createBackend({ ...host, gpu });
    expect(await backend.choose('auto')).toMatchObject({ backend: 'wasm', fellBack: 'The driver refused.' });
    await expect(backend.choose('webgpu')).rejects.toThrow('The driver refused.');
  });

  it('computes on one thread when the host cannot hand memory to others', async () => {
    const refusing: BackendHost = {
      ...host,
      wasm: async () => ({
        ...nodeWasmHost(4),
        spawn: () => {
          throw new DOMException('The object can not be cloned.', 'DataCloneError');
        },
      }),
    };
    expect(await createBackend(refusing).choose('wasm')).toMatchObject({ backend: 'wasm', threads: 1 });
    expect(convolutionSum()).toBeCloseTo(100, 3);
  });

  it('falls back to plain JavaScript, which needs no more words, and reports every reason', async () => {
    const bare: BackendHost = { ...host, wasm: async () => Promise.reject(new Error('No file.')) };
    expect(await createBackend(bare).choose('auto')).toEqual({
      backend: 'cpu',
      description: '',
      software: true,
      threads: 1,
      fellBack: 'There is no WebGPU adapter here. WebAssembly could not be started: No file.',
    });
    expect(convolutionSum()).toBeCloseTo(100, 3);
  });

  it('rejects when a backend asked for by name fails or does not exist', async () => {
    const bare: BackendHost = {
      ...host,
      offers: new Set(['wasm']),
      wasm: async () => Promise.reject(new Error('No file.')),
    };
    const backend = createBackend(bare);
    await expect(backend.choose('wasm')).rejects.toMatchObject({ name: 'BackendError', kind: 'failed' });
    await expect(backend.choose('webgl')).rejects.toMatchObject({ kind: 'missing' });
    await expect(backend.choose('auto')).rejects.toThrow('No way to compute was found. WebAssembly');
  });

  it('lets a training step take half of the machine, and frees variables with a lost device', async () => {
    const backend = createBackend(host);
    await backend.choose('cpu');
    expect(backend.stepMemory()).toEqual({ bytes: 1e9, largestTensor: Infinity });
    const before = tf.memory().numTensors;
    tf.variable(tf.zeros([2]));
    backend.forget();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 1);
  });
});
