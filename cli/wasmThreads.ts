import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { ThreadStart } from '../src/core/ops/wasm/engine.ts';
import type { WasmHost } from '../src/core/ops/wasm/register.ts';

/** The binaries from disk, and worker threads of Node; these do not keep the process alive. */
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
  // Without Node's options: '--import tsx' counts from the current folder, and nothing here is TypeScript.
  new Worker(new URL('wasmThread.mjs', import.meta.url), { workerData: start, execArgv: [] }).unref();
}
