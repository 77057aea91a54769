import { describe, expect, it } from 'vitest';
import { nodeWasmHost } from '../../../../cli/wasmThreads.ts';
import { withSharedMemory } from './sharedMemory.ts';

const { tfjs, kernels } = nodeWasmHost(1);

describe('withSharedMemory', () => {
  it('makes the memory of tfjs shareable, by one byte', () => {
    const shared = withSharedMemory(tfjs, true);
    expect(WebAssembly.validate(shared as BufferSource)).toBe(true);
    expect(differences(tfjs, shared)).toBe(1);
    expect(differences(tfjs, withSharedMemory(shared, false))).toBe(0);
  });

  it('finds an imported memory too, so that our kernels fit either kind', () => {
    for (const shared of [true, false]) {
      const module = new WebAssembly.Module(withSharedMemory(kernels, shared) as BufferSource);
      const memory = (kind: boolean) => new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: kind });
      expect(() => new WebAssembly.Instance(module, { env: { memory: memory(shared) } })).not.toThrow();
      expect(() => new WebAssembly.Instance(module, { env: { memory: memory(!shared) } })).toThrow(
        WebAssembly.LinkError,
      );
    }
  });

  it('refuses a binary without a memory', () => {
    const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    expect(() => withSharedMemory(empty, true)).toThrow('no memory with a maximum');
  });
});

function differences(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((count, byte, i) => count + (byte === b[i] ? 0 : 1), 0);
}
