import tfjsUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { BackendHost } from '../../core/backend/backendHost.ts';
import { usableThreads } from '../../core/backend/limits.ts';
import relaxedKernelsUrl from '../../core/ops/wasm/kernels-relaxed.wasm?url';
import kernelsUrl from '../../core/ops/wasm/kernels.wasm?url';
import type { ThreadStart } from '../../core/ops/wasm/engine.ts';
import { autotuneCache } from '../autotuneCache.ts';

/**
 * A browser's worker, or a tab, as a host of backends.
 *
 * WASM threads need shared memory and a worker to be called from, because a tab itself may not wait for them; anywhere else
 * one thread computes. The helping threads are workers from this site's own files, so a content security policy of
 * `script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'` is enough.
 */
export const browserHost: BackendHost = {
  offers: new Set(['webgpu', 'wasm', 'webgl', 'cpu']),
  gpu: async () => navigator.gpu ?? null,
  async wasm() {
    const [tfjs, kernels, relaxedKernels] = await Promise.all([
      load(tfjsUrl),
      load(kernelsUrl),
      load(relaxedKernelsUrl),
    ]);
    const mayWait = !('document' in globalThis);
    const threads = mayWait ? usableThreads(navigator.hardwareConcurrency, globalThis) : 1;
    return { tfjs, kernels, relaxedKernels, threads, spawn: spawnThread };
  },
  memoryBytes: memoryBytes(),
  autotuneCache,
  now: () => performance.now(),
};

/** Browsers tell it in gibibytes, rounded, or not at all. */
function memoryBytes(): number | undefined {
  const { deviceMemory } = navigator as { readonly deviceMemory?: number };
  return deviceMemory === undefined ? undefined : deviceMemory * 1e9;
}

async function load(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} could not be loaded (${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

function spawnThread(start: ThreadStart): void {
  const worker = new Worker(new URL('./wasmThread.worker.ts', import.meta.url), {
    type: 'module',
    name: `wasm ${start.thread}`,
  });
  worker.postMessage(start);
}
