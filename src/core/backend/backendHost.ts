import type { StringStore } from '../ops/webgpu/autotune.ts';
import type { WasmHost } from '../ops/wasm/register.ts';
import type { BackendName } from './backendReport.ts';

/** What a host (a browser's worker, Node) plugs into the choice of a backend. */
export interface BackendHost {
  /** Backends that exist here, in any order. */
  readonly offers: ReadonlySet<BackendName>;
  /** WebGPU's entry point; null without it. */
  gpu(): Promise<GPU | null>;
  /** Puts WebGPU's globals in place where the host has none. Called before a device is opened. */
  adoptGpu?(gpu: GPU): void;
  /** Binaries and threads for WASM. `threads` is what the host may start at most: 1 where memory cannot be shared. */
  wasm(): Promise<Omit<WasmHost, 'onTrouble'>>;
  /** Memory of the machine, bytes; undefined where the host does not tell. */
  readonly memoryBytes: number | undefined;
  /** Remembers which kernels were fastest on which adapter. */
  readonly autotuneCache?: StringStore;
  /** A clock, milliseconds. */
  now(): number;
}
