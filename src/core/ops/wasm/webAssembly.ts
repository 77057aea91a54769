/**
 * The few parts of the WebAssembly interface that this room uses. Core code compiles without the Web's own types, and
 * this is the only Web interface that it needs.
 */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}
/** Opaque, and may be posted to another thread. */
export type WasmModule = object;

interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  validate(bytes: Uint8Array): boolean;
  /** What a trap throws. */
  readonly RuntimeError: new () => Error;
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: unknown };
}

export const webAssembly: WebAssemblyApi = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
