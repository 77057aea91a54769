import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as asc from 'assemblyscript/asc';

/**
 * Compiles the WebAssembly kernels (`src/core/ops/wasm/assembly`) to the two binaries beside them:
 * `npm run kernels`. The binaries are kept in the repository, so that a fresh clone runs without this
 * step; a test compiles again and compares.
 */
const folder = new URL('../src/core/ops/wasm/', import.meta.url);

/** The binaries, by file name: the second one uses relaxed SIMD. */
export const variants = {
  'kernels.wasm': 'simd,threads',
  'kernels-relaxed.wasm': 'simd,threads,relaxed-simd',
} as const;

/** Compiles one binary. Throws Error with the compiler's messages when it refuses. */
export async function compileKernels(features: string): Promise<Uint8Array> {
  const root = fileURLToPath(new URL('assembly/', folder));
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'index.ts',
      '--outFile',
      'out.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      features,
      '--importMemory',
      '--sharedMemory',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '65536',
      '--noExportMemory',
    ],
    {
      readFile: (name) => readText(`${root}${name}`),
      writeFile: (_name, contents) => {
        binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`The kernels do not compile.\n${stderr.toString()}`);
  return binary;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, features] of Object.entries(variants))
    writeFileSync(new URL(name, folder), await compileKernels(features));
}
