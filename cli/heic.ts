import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { instantiate } from '../src/browser/heic/libheif.ts';
import type { Libheif } from '../src/browser/heic/libheif.ts';

let loaded: Promise<() => Libheif> | null = null;

/** The page's HEIC decoder, loaded when it is first needed. */
export function loadLibheif(): Promise<() => Libheif> {
  return (loaded ??= load());
}

async function load(): Promise<() => Libheif> {
  const { default: factory } = await import('libheif-js/libheif-wasm/libheif.js');
  const binary = createRequire(import.meta.url).resolve('libheif-js/libheif-wasm/libheif.wasm');
  const module = await WebAssembly.compile(await readFile(binary));
  return () => instantiate(factory, module);
}
