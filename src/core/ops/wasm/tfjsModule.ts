import createTfjsModule from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import { webAssembly } from './webAssembly.ts';
import type { WasmMemory } from './webAssembly.ts';

/** tfjs' compiled C++ half, and the memory that its tensors lie in. */
export interface Tfjs {
  readonly module: TfjsModule;
  readonly memory: WasmMemory;
  /** Address of so many bytes, or 0 when memory is full. Signed beyond 2 GiB. */
  malloc(bytes: number): number;
  free(address: number): void;
}

interface TfjsModule {
  cwrap(name: string, result: string | null, parameters: string[]): unknown;
  tfjs?: Record<string, unknown>;
}

type Instantiate = (imports: object, done: (instance: { readonly exports: unknown }) => void) => object;

/**
 * Starts tfjs' module from its bytes: what `init` in tfjs' backend_wasm.js does after finding a file.
 * Rejects when the binary does not compile.
 */
export async function startTfjs(binary: Uint8Array): Promise<Tfjs> {
  const compiled = await webAssembly.compile(binary);
  let exports: Omit<Tfjs, 'module'> | undefined;
  const instantiateWasm: Instantiate = (imports, done) => {
    const instance = new webAssembly.Instance(compiled, imports);
    exports = instance.exports as Omit<Tfjs, 'module'>;
    done(instance);
    return exports;
  };
  const create = createTfjsModule as unknown as (settings: object) => Promise<TfjsModule>;
  const module = await create({ instantiateWasm, locateFile: (name: string) => name });
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  };
  if (!exports) throw new Error('The WASM backend of tfjs did not start.');
  const { memory, malloc, free } = exports;
  return { module, memory, malloc, free };
}
