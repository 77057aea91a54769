export type BackendName = 'webgpu' | 'wasm' | 'webgl' | 'cpu';
/**
 * 'auto': WebGPU on real hardware, else WASM, else WebGL. A software WebGPU adapter is used only when asked for by name.
 * 'webgpu-half': WebGPU whose kernels may hold their tiles in half precision, where that is faster.
 */
export type BackendPreference = 'auto' | 'webgpu-half' | BackendName;

/** What is computing, in words for the device chip. */
export interface BackendReport {
  readonly backend: BackendName;
  /** E.g. 'Apple M3', 'SwiftShader (software)', '8 threads, SIMD'. */
  readonly description: string;
  readonly software: boolean;
  /** Threads that compute (WASM), else 1. */
  readonly threads: number;
  /** Why a preferred backend was not taken; null when it was. */
  readonly fellBack: string | null;
}
