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

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const [RGB, RGBA] = [2, 6];
/** Rows are packed in pieces of about this many bytes, so that no large copy of the image comes into being. */
const PIECE = 2 ** 20;

/** An image as a PNG, band by band: nothing but a band and the packed file is held. Every byte of the pixels is kept. */
export async function writePng(image: ImageBands, metadata: PhotoMetadata): Promise<Blob> {
  const packing = new CompressionStream('deflate');
  const file = collected(packing.readable, [SIGNATURE, headerChunk(image), ...pngMetadataChunks(metadata)]);
  const filled = fill(packing.writable.getWriter(), image);
  await Promise.all([file, filled]);
  return file;
}

async function fill(packer: WritableStreamDefaultWriter<BufferSource>, image: ImageBands): Promise<void> {
  try {
    const rows = new PngRows(image.width, image.opaque);
    const atOnce = Math.max(1, Math.floor(PIECE / (image.width * 4)));
    for await (const { width, height, data } of image.bands()) {
      for (let top = 0; top < height; top += atOnce) {
        const count = Math.min(atOnce, height - top);
        await packer.write(
          rows.filtered({ width, height: count, data: data.subarray(top * width * 4, (top + count) * width * 4) }),
        );
      }
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

function headerChunk({ width, height, opaque }: ImageBands): Uint8Array<ArrayBuffer> {
  const sides = new DataView(new ArrayBuffer(8));
  sides.setUint32(0, width);
  sides.setUint32(4, height);
  return pngChunk('IHDR', [joined([new Uint8Array(sides.buffer), Uint8Array.of(8, opaque ? RGB : RGBA, 0, 0, 0)])]);
}
