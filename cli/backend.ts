import { availableParallelism, totalmem } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { registerReferenceKernels } from '../src/core/ops/reference.ts';
import { openWebgpuDevice } from '../src/core/ops/webgpu/device.ts';
import { registerWebgpuKernels } from '../src/core/ops/webgpu/register.ts';
import { isSoftwareAdapter } from '../src/core/ops/webgpu/softwareAdapter.ts';
import { useWasm as startThreads } from './wasmThreads.ts';

/**
 * 'auto': a graphics card by WebGPU, else WASM. 'webgpu-software' takes whatever adapter there is, SwiftShader included; it
 * is far slower than WASM. 'webgpu-half' is a graphics card whose kernels may hold tiles in half precision where that is
 * faster. 'cpu' is plain JavaScript with the reference kernels.
 */
export const backendChoices = ['auto', 'webgpu', 'webgpu-half', 'webgpu-software', 'wasm', 'cpu'] as const;
export type BackendChoice = (typeof backendChoices)[number];

/** Hears of a lost device and of WebGPU errors that nothing else reports: after one, results cannot be trusted. */
export type DeviceTrouble = (reason: string) => void;

/** Makes tfjs compute as chosen, with our kernels. Resolves with what is computing, in words. Rejects with an Error that says why it cannot. */
export async function startBackend(
  choice: BackendChoice,
  threads: number | undefined,
  onTrouble: DeviceTrouble,
): Promise<string> {
  switch (choice) {
    case 'auto':
      return (await startWebgpu({}, onTrouble)) ?? startWasm(threads);
    case 'webgpu':
    case 'webgpu-half': {
      const words = await startWebgpu({ half: choice === 'webgpu-half' }, onTrouble);
      if (words) return words;
      throw new Error(
        'No graphics card answers by WebGPU here. Take --backend wasm, or --backend webgpu-software to compute on a software adapter.',
      );
    }
    case 'webgpu-software': {
      const words = await startWebgpu({ software: true }, onTrouble);
      if (words) return words;
      throw new Error(
        'No WebGPU adapter at all was found; VK_ICD_FILENAMES can name a software one. Take --backend wasm.',
      );
    }
    case 'wasm':
      return startWasm(threads);
    case 'cpu':
      await tf.setBackend('cpu');
      registerReferenceKernels('cpu');
      return 'plain JavaScript';
    default:
      return choice satisfies never;
  }
}

/** What a training step may take, bytes: half of this machine's memory, at most 4 GB; the largest tensor as the backend has it. */
export function stepMemory(): { readonly bytes: number; readonly largestTensor: number } {
  const backend = tf.getBackend() === 'webgpu' ? (tf.backend() as unknown as { device: GPUDevice }) : undefined;
  const limits = backend?.device.limits;
  return {
    bytes: Math.min(4e9, totalmem() / 2),
    largestTensor: limits ? Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize) : Infinity,
  };
}

async function startWasm(threads: number | undefined): Promise<string> {
  const facts = await startThreads(threads ?? availableParallelism());
  return `WASM, ${facts.threads} ${facts.threads === 1 ? 'thread' : 'threads'}${facts.relaxedSimd ? ', relaxed SIMD' : ''}`;
}

/** What is computing; null when there is no adapter, or only a software one that was not asked for. */
async function startWebgpu({ software = false, half = false }, onTrouble: DeviceTrouble): Promise<string | null> {
  const { create, globals } = await import('webgpu');
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  const { description, vendor, architecture } = adapter.info;
  const name = description || `${vendor} ${architecture}`;
  const isSoftware = isSoftwareAdapter(adapter.info);
  if (isSoftware && !software) return null;
  if (half && !adapter.features.has('shader-f16'))
    throw new Error(`${name} has no half precision (shader-f16). Take --backend webgpu.`);
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true });
  const device = await openWebgpuDevice(gpu);
  if (!(await tf.setBackend('webgpu'))) throw new Error(`The WebGPU device of ${name} could not be opened.`);
  device.addEventListener('uncapturederror', (event) => onTrouble(event.error.message));
  void device.lost.then(
    ({ reason, message }) => reason !== 'destroyed' && onTrouble(message || 'The graphics device was lost.'),
  );
  await registerWebgpuKernels({ half });
  return `WebGPU, ${name}${isSoftware ? ' (software)' : ''}${half ? ', half precision' : ''}`;
}
