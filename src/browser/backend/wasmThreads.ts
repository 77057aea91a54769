import * as tf from '@tensorflow/tfjs';
import tfjsUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import relaxedKernelsUrl from '../../core/ops/wasm/kernels-relaxed.wasm?url';
import kernelsUrl from '../../core/ops/wasm/kernels.wasm?url';
import type { ThreadStart } from '../../core/ops/wasm/engine.ts';
import { registerWasmBackend } from '../../core/ops/wasm/register.ts';
import type { WasmBackendFacts } from '../../core/ops/wasm/register.ts';

/** More threads than this hardly help a picture of usual size, and each costs memory and a core that the page may want. */
const MOST_THREADS = 8;

/**
 * Makes tfjs compute on its `wasm` backend with our kernels; `tf.getBackend()` is then 'wasm'.
 *
 * Threads need a cross-origin isolated page and a worker to be called from, because a tab itself may not wait for them;
 * anywhere else one thread computes. The helping threads are workers from this site's own files, so a content security
 * policy of `script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'` is enough.
 * `onTrouble` hears of a thread that ended with work in its hands; the backend is of no use then.
 * Rejects when a file cannot be loaded or the browser has no WASM SIMD.
 */
export async function useWasm(
  onTrouble: (reason: string) => void = () => {},
  threads: number = navigator.hardwareConcurrency,
): Promise<WasmBackendFacts> {
  const [tfjs, kernels, relaxedKernels] = await Promise.all([tfjsUrl, kernelsUrl, relaxedKernelsUrl].map(load));
  const mayWait = crossOriginIsolated && !('document' in globalThis);
  const facts = await registerWasmBackend({
    tfjs: tfjs!,
    kernels: kernels!,
    relaxedKernels: relaxedKernels!,
    threads: mayWait ? Math.min(threads, MOST_THREADS) : 1,
    spawn: spawnThread,
    onTrouble,
  });
  if (!(await tf.setBackend('wasm'))) throw new Error('tfjs refused the WASM backend.');
  return facts;
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
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
  worker.postMessage(start);
}
