import type { ImageFileErrorKind } from '../../protocol/importEvents.ts';
import { ImageFileError } from '../imageFileError.ts';
import type { ImageHeader } from '../imageHeader.ts';
import type { DeepPixels } from './decodeHeic.ts';

/** What the worker is asked, once. */
export interface HeicQuestion {
  readonly file: Blob;
  readonly header: ImageHeader;
  /** The file's RGB profile. */
  readonly icc: Uint8Array | null;
  /** 'file' leaves the numbers of a file with a profile as they are stored. */
  readonly colors: 'file' | 'sRGB';
  /** Bits a channel: a bitmap of 8, or pixels of 16 in the colours of the file. */
  readonly depth: 8 | 16;
}

/** What it answers, once. */
export type HeicAnswer =
  | { readonly bitmap: ImageBitmap }
  | { readonly deep: DeepPixels }
  | { readonly refused: { readonly kind: ImageFileErrorKind; readonly reason: string; readonly hint: string } }
  | { readonly failed: string };

/** The one before is awaited: a large photo takes several times its pixels while it is decoded. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Decodes a HEIC file where the browser cannot, by libheif in a worker of its own, which is loaded when it is first needed.
 * Throws ImageFileError.
 */
export async function decodeHeicInWorker(question: Omit<HeicQuestion, 'depth'>): Promise<ImageBitmap> {
  const answer = await inTurn({ ...question, depth: 8 });
  if ('bitmap' in answer) return answer.bitmap;
  throw new Error('The decoder of HEIC images gave no bitmap.');
}

/** The same with all bits of its channels, in the colours of the file's profile, or else in sRGB. Throws ImageFileError. */
export async function decodeDeepHeicInWorker(question: Omit<HeicQuestion, 'depth' | 'colors'>): Promise<DeepPixels> {
  const answer = await inTurn({ ...question, colors: 'file', depth: 16 });
  if ('deep' in answer) return answer.deep;
  throw new Error('The decoder of HEIC images gave no pixels.');
}

function inTurn(question: HeicQuestion): ReturnType<typeof ask> {
  const decoding = last.then(() => ask(question));
  last = decoding.catch(() => undefined);
  return decoding;
}

async function ask(question: HeicQuestion): Promise<Extract<HeicAnswer, { bitmap: unknown } | { deep: unknown }>> {
  const worker = new Worker(new URL('./heic.worker.ts', import.meta.url), { type: 'module', name: 'heic' });
  try {
    const answer = await new Promise<HeicAnswer>((resolve) => {
      worker.addEventListener('message', ({ data }: MessageEvent<HeicAnswer>) => resolve(data));
      worker.addEventListener('error', ({ message }) => resolve({ failed: message }));
      worker.postMessage(question);
    });
    if ('bitmap' in answer || 'deep' in answer) return answer;
    if ('refused' in answer) throw new ImageFileError(answer.refused.kind, answer.refused.reason, answer.refused.hint);
    throw new ImageFileError(
      'unsupported',
      'The decoder of HEIC images could not be loaded.',
      'Connect to the network once and open the photo again, or share it from the phone as JPEG.',
    );
  } finally {
    worker.terminate();
  }
}
