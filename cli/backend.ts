import { availableParallelism, totalmem } from 'node:os';
import type { BackendHost } from '../src/core/backend/backendHost.ts';
import { createBackend } from '../src/core/backend/chooseBackend.ts';
import type { Backend } from '../src/core/backend/chooseBackend.ts';
import { describeBackend } from '../src/core/backend/description.ts';
import { BackendError } from '../src/core/backend/starters.ts';
import type { DeviceErrorListener } from '../src/core/backend/starters.ts';
import { nodeWasmHost } from './wasmThreads.ts';

/**
 * 'auto': a graphics card by WebGPU, else WASM. 'webgpu-software' takes whatever adapter there is, SwiftShader included; it
 * is far slower than WASM. 'webgpu-half' is a graphics card whose kernels may hold tiles in half precision where that is
 * faster. 'cpu' is plain JavaScript with the reference kernels.
 */
export const backendChoices = ['auto', 'webgpu', 'webgpu-half', 'webgpu-software', 'wasm', 'cpu'] as const;
export type BackendChoice = (typeof backendChoices)[number];

let backend: Backend | null = null;
let onGraphicsCard = false;

/** Makes tfjs compute as chosen, with our kernels. Resolves with what is computing, in words. Rejects with an Error that says why it cannot. */
export async function startBackend(
  choice: BackendChoice,
  threads: number | undefined,
  onDeviceError: DeviceErrorListener,
): Promise<string> {
  backend = createBackend(nodeHost(threads ?? availableParallelism()));
  const software = choice === 'webgpu-software';
  try {
    const report = await backend.choose(software ? 'webgpu' : choice, { software, onDeviceError });
    onGraphicsCard = report.backend === 'webgpu' && !report.software;
    return describeBackend(report);
  } catch (error) {
    throw withHint(error, choice);
  }
}

/** Threads that should draw batches where nobody says how many: a graphics card leaves the processor free, and waits for it. */
export function samplerThreads(): number {
  return onGraphicsCard ? Math.min(4, availableParallelism() - 1) : 0;
}

/** What a training step may take on the backend that was started, bytes. */
export function stepMemory(): ReturnType<Backend['stepMemory']> {
  return (backend ?? createBackend(nodeHost(1))).stepMemory();
}

/** Node as a host of backends: WebGPU by Dawn, threads by worker_threads. */
export function nodeHost(threads: number): BackendHost {
  return {
    offers: new Set(['webgpu', 'wasm', 'cpu']),
    async gpu() {
      const { create, globals } = await import('webgpu');
      Object.assign(globalThis, globals);
      return create([]);
    },
    adoptGpu(gpu) {
      Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true });
    },
    wasm: async () => nodeWasmHost(threads),
    memoryBytes: totalmem(),
    now: () => performance.now(),
  };
}

/** What to type instead. */
function withHint(error: unknown, choice: BackendChoice): unknown {
  if (!(error instanceof BackendError)) return error;
  if (choice === 'webgpu-software' && error.kind === 'missing') {
    return new Error(
      'No WebGPU adapter at all was found; VK_ICD_FILENAMES can name a software one. Take --backend wasm.',
      { cause: error },
    );
  }
  if (error.kind === 'missing' || error.kind === 'software') {
    return new Error(
      'No graphics card answers by WebGPU here. Take --backend wasm, or --backend webgpu-software to compute on a software adapter.',
      { cause: error },
    );
  }
  return error.kind === 'half' ? new Error(`${error.message} Take --backend webgpu.`, { cause: error }) : error;
}
