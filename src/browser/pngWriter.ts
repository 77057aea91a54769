import type { Size } from '../core/inference/tiles.ts';
import type { Pixels } from '../core/images/pixels.ts';
import { joined } from './metadata/byteWriting.ts';
import type { PhotoMetadata } from './metadata/photoMetadata.ts';
import { pngChunk, pngMetadataChunks } from './metadata/pngChunks.ts';
import { PngRows } from './pngFilter.ts';

/** An image from top to bottom in bands of its full width, made as they are asked for. */
export interface ImageBands extends Size {
  /** No pixel is transparent. */
  readonly opaque: boolean;
  bands(): Iterable<Pixels> | AsyncIterable<Pixels>;
}

/** The same of 16 bits a channel, which only PNG holds; a band is RGBA of 0…65,535, of whole rows. */
export interface DeepBands extends Size {
  readonly opaque: boolean;
  deepBands(): AsyncIterable<Uint16Array>;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const [RGB, RGBA] = [2, 6];
/** Rows are packed in pieces of about this many bytes, so that no large copy of the image comes into being. */
const PIECE = 2 ** 20;

/** An image as a PNG, band by band: nothing but a band and the packed file is held. Every byte of the pixels is kept. */
export async function writePng(image: ImageBands | DeepBands, metadata: PhotoMetadata): Promise<Blob> {
  const packing = new CompressionStream('deflate');
  const file = collected(packing.readable, [SIGNATURE, headerChunk(image), ...pngMetadataChunks(metadata)]);
  const filled = fill(packing.writable.getWriter(), image);
  await Promise.all([file, filled]);
  return file;
}

async function fill(packer: WritableStreamDefaultWriter<BufferSource>, image: ImageBands | DeepBands): Promise<void> {
  try {
    const isDeep = 'deepBands' in image;
    const rows = new PngRows(image.width, isDeep ? (image.opaque ? 6 : 8) : image.opaque ? 3 : 4);
    const inRow = image.width * 4;
    const atOnce = Math.max(1, Math.floor(PIECE / (isDeep ? 2 * inRow : inRow))) * inRow;
    for await (const band of isDeep ? image.deepBands() : image.bands()) {
      const samples = 'data' in band ? band.data : band;
      for (let at = 0; at < samples.length; at += atOnce)
        await packer.write(rows.filtered(samples.subarray(at, Math.min(samples.length, at + atOnce))));
    }
    await packer.close();
  } catch (error) {
    await packer.abort(error).catch(() => undefined);
    throw error;
  }
}

/** The file from its first chunks and the packed rows. Parts go into a Blob as they come: the browser keeps those where there is room. */
async function collected(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
  head: readonly Uint8Array<ArrayBuffer>[],
): Promise<Blob> {
  let file = new Blob([...head]);
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let waiting = 0;
  const flush = (): void => {
    if (waiting === 0) return;
    file = new Blob([file, pngChunk('IDAT', parts)]);
    parts = [];
    waiting = 0;
  };
  const reader = packed.getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    parts.push(value!);
    waiting += value!.length;
    if (waiting >= PIECE) flush();
  }
  flush();
  return new Blob([file, pngChunk('IEND', [])], { type: 'image/png' });
}

function headerChunk(image: ImageBands | DeepBands): Uint8Array<ArrayBuffer> {
  const { width, height, opaque } = image;
  const sides = new DataView(new ArrayBuffer(8));
  sides.setUint32(0, width);
  sides.setUint32(4, height);
  const depth = 'deepBands' in image ? 16 : 8;
  return pngChunk('IHDR', [joined([new Uint8Array(sides.buffer), Uint8Array.of(depth, opaque ? RGB : RGBA, 0, 0, 0)])]);
}
