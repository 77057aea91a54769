import wasmUrl from 'libheif-js/libheif-wasm/libheif.wasm?url';
import { ImageFileError } from '../imageFileError.ts';
import { decodeDeepHeic, decodeHeic } from './decodeHeic.ts';
import type { HeicAnswer, HeicQuestion } from './heicDecoder.ts';
import { instantiate } from './libheif.ts';
import type { Libheif } from './libheif.ts';
import { bitmapOf } from './heicBitmap.ts';

/** Decodes one HEIC file, then ends: the decoder's memory is given back with it. */
addEventListener('message', async ({ data: { file, header, icc, colors, depth } }: MessageEvent<HeicQuestion>) => {
  const answer = (message: HeicAnswer, transfer: Transferable[] = []): void => postMessage(message, { transfer });
  try {
    // A file of its own, as its licence (LGPL) asks.
    const { default: factory } = await import('libheif-js/libheif-wasm/libheif.js');
    const module = await WebAssembly.compileStreaming(fetch(wasmUrl));
    const bytes = new Uint8Array(await file.arrayBuffer());
    const load = (): Libheif => instantiate(factory, module);
    if (depth === 16) {
      const deep = decodeDeepHeic(load, bytes, header, icc !== null);
      answer({ deep }, [deep.data.buffer]);
    } else {
      const bitmap = await bitmapOf(decodeHeic(load, bytes, header, icc !== null), icc, colors);
      answer({ bitmap }, [bitmap]);
    }
  } catch (error) {
    if (error instanceof ImageFileError) {
      const { kind, reason, hint } = error;
      answer({ refused: { kind, reason, hint } });
    } else answer({ failed: String(error) });
  }
  close();
});
