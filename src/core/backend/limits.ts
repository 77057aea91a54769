/** More threads than this hardly help an image of usual size, and each costs memory and a core that the page may want. */
const MAX_THREADS = 8;
/** Choice: a training step may take half of the machine's memory, and never more than this, bytes. */
const MAX_STEP_BYTES = 4e9;
/** What a machine is taken to have when it does not say, bytes. */
const USUAL_MEMORY = 8e9;

/** What tells whether a browser's threads can share memory: isolation, and the type itself, which some engines leave out. */
export interface ThreadScope {
  readonly crossOriginIsolated?: boolean;
  readonly SharedArrayBuffer?: unknown;
}

/** Whether WASM threads can share memory in a browser. */
export function canShareMemory({ crossOriginIsolated, SharedArrayBuffer }: ThreadScope): boolean {
  return crossOriginIsolated === true && SharedArrayBuffer !== undefined;
}

/** WASM threads to use in a browser with so many cores; 1 where memory cannot be shared. */
export function usableThreads(cores: number, scope: ThreadScope): number {
  return canShareMemory(scope) ? Math.max(1, Math.min(cores, MAX_THREADS)) : 1;
}

/**
 * What a training step may take, bytes: its tensors together, from the machine's memory (undefined: unknown), and the
 * largest of them, from the limits of the WebGPU device in use, if one is.
 */
export function stepMemory(
  machineBytes: number | undefined,
  device: Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'> | undefined,
): { readonly bytes: number; readonly largestTensor: number } {
  return {
    bytes: Math.min(MAX_STEP_BYTES, (machineBytes ?? USUAL_MEMORY) / 2),
    largestTensor: device ? Math.min(device.maxBufferSize, device.maxStorageBufferBindingSize) : Infinity,
  };
}
