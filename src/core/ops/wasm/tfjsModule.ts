import createTfjsModule from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import { webAssembly } from './webAssembly.ts';
import type { WasmMemory } from './webAssembly.ts';

/** tfjs' compiled C++ half, and the memory that its tensors lie in. */
export interface Tfjs {
  readonly module: TfjsModule;
  readonly memory: WasmMemory;
}

interface TfjsModule {
  cwrap(name: string, result: string | null, parameters: string[]): unknown;
  _malloc(bytes: number): number;
  _free(address: number): void;
  tfjs?: Record<string, unknown>;
}

type Instantiate = (imports: object, done: (instance: { readonly exports: unknown }) => void) => object;

/**
 * Starts tfjs' module from its bytes: what `init` in tfjs' backend_wasm.js does after finding a file.
 * Rejects when the binary does not compile.
 */
export async function startTfjs(binary: Uint8Array): Promise<Tfjs> {
  const compiled = await webAssembly.compile(binary);
  let memory: WasmMemory | undefined;
  const instantiateWasm: Instantiate = (imports, done) => {
    const instance = new webAssembly.Instance(compiled, imports);
    memory = (instance.exports as { memory: WasmMemory }).memory;
    done(instance);
    return instance.exports as object;
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
  if (!memory) throw new Error('The WASM backend of tfjs started without a memory.');
  return { module, memory };
}
