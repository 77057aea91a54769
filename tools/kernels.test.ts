import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileKernels, variants } from './kernels.ts';

describe('the WebAssembly kernels in the repository', () => {
  it.each(Object.entries(variants))(
    '%s is what its sources compile to',
    async (name, features) => {
      const kept = readFileSync(new URL(`../src/core/ops/wasm/${name}`, import.meta.url));
      const fresh = await compileKernels(features);
      expect(Buffer.compare(kept, fresh), 'run `npm run kernels` and commit the result').toBe(0);
    },
    120_000,
  );
});
