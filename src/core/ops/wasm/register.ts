import * as tf from '@tensorflow/tfjs';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { WasmEngine } from './engine.ts';
import type { ThreadStart } from './engine.ts';
import { registerKernels } from './kernels.ts';
import { replaceSlowKernels } from './slowKernels.ts';
import { withSharedMemory } from './sharedMemory.ts';
import { startTfjs } from './tfjsModule.ts';
import { webAssembly } from './webAssembly.ts';

/** What the host (a browser's worker, Node) gives: three binaries, and threads if it has any. */
export interface WasmHost {
  /** tfjs' own `tfjs-backend-wasm-simd.wasm`. */
  readonly tfjs: Uint8Array;
  /** Our `kernels.wasm` and `kernels-relaxed.wasm`; the second is used where the machine has relaxed SIMD. */
  readonly kernels: Uint8Array;
  readonly relaxedKernels: Uint8Array;
  /** Threads to work with, the calling one included; 1 needs no shared memory. The calling thread must be allowed to wait. */
  readonly threads: number;
  /** Starts a thread that hands its start to `serveThread` and needs nothing else. Called `threads` − 1 times. */
  spawn?(start: ThreadStart): void;
  /** Hears of a lost thread, whose call throws: from then on this backend cannot be used, and another must be registered. */
  onError?(reason: string): void;
  /** Seconds without a sign of life after which a thread counts as lost; 20 when left out. */
  readonly patience?: number;
}

const USUAL_PATIENCE = 20;

/** What was registered. */
export interface WasmBackendFacts {
  readonly threads: number;
  readonly relaxedSimd: boolean;
}

const engines = new WeakMap<BackendWasm, WasmEngine>();
let current: WasmEngine | undefined;

/**
 * Registers tfjs' `wasm` backend with our kernels in its memory, in place of tfjs' own way to start it (and of an earlier
 * backend, whose tensors are lost). It is then up to the caller to `tf.setBackend('wasm')`.
 * Rejects when a binary cannot be compiled, for instance on a machine without SIMD.
 */
export async function registerWasmBackend(host: WasmHost): Promise<WasmBackendFacts> {
  const threads = host.spawn ? Math.max(1, Math.floor(host.threads)) : 1;
  const shared = threads > 1;
  const relaxed = withSharedMemory(host.relaxedKernels, shared);
  const relaxedSimd = webAssembly.validate(relaxed);
  const module = await webAssembly.compile(relaxedSimd ? relaxed : withSharedMemory(host.kernels, shared));
  const tfjs = await startTfjs(withSharedMemory(host.tfjs, shared));

  removeWasmBackend();
  const backend = new BackendWasm(tfjs.module as unknown as BackendWasm['wasm']);
  const engine = new WasmEngine(backend, tfjs, module, threads, host.patience ?? USUAL_PATIENCE, (reason) =>
    host.onError?.(reason),
  );
  engines.set(backend, engine);
  current = engine;
  for (let thread = 1; thread < threads; thread++) host.spawn?.(engine.threadStart(thread));
  registerKernels((from) => engines.get(from)!);
  replaceSlowKernels((from) => engines.get(from)!);
  tf.registerBackend('wasm', () => backend, 2);
  return { threads, relaxedSimd };
}

/** Removes the backend and lets its threads end. */
export function removeWasmBackend(): void {
  current?.dismiss();
  current = undefined;
  if (tf.findBackendFactory('wasm')) tf.removeBackend('wasm');
}
