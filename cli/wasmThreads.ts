import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import type { ThreadStart } from '../src/core/ops/wasm/engine.ts';
import { registerWasmBackend } from '../src/core/ops/wasm/register.ts';
import type { WasmBackendFacts, WasmHost } from '../src/core/ops/wasm/register.ts';

/**
 * Makes tfjs compute on its `wasm` backend with our kernels, in Node, on `threads` threads (all cores when left out).
 * The helping threads do not keep the process alive.
 */
export async function useWasm(threads: number = availableParallelism()): Promise<WasmBackendFacts> {
  const facts = await registerWasmBackend(nodeWasmHost(threads));
  await tf.setBackend('wasm');
  return facts;
}

/** The binaries from disk, and worker threads of Node. */
export function nodeWasmHost(threads: number): WasmHost {
  const ours = new URL('../src/core/ops/wasm/', import.meta.url);
  const theirs = createRequire(import.meta.url).resolve(
    '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  );
  const relaxedKernels = readFileSync(new URL('kernels-relaxed.wasm', ours));
  // Node 20 has relaxed SIMD, but behind a flag.
  if (process.versions.v8.startsWith('11.') && !WebAssembly.validate(relaxedKernels))
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  return {
    tfjs: readFileSync(theirs),
    kernels: readFileSync(new URL('kernels.wasm', ours)),
    relaxedKernels,
    threads,
    spawn: spawnThread,
  };
}

function spawnThread(start: ThreadStart): void {
  new Worker(new URL('wasmThread.mjs', import.meta.url), { workerData: start }).unref();
}
