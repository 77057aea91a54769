import type { Size } from '../../core/inference/tiles.ts';
import { dataView, hasText, joined, latin1, littleEndian } from './byteWriting.ts';
import type { PhotoMetadata } from './photoMetadata.ts';

/** In the first byte of VP8X. */
export const webpFlags = { icc: 0x20, alpha: 0x10, exif: 0x08, xmp: 0x04, animation: 0x02 };

/** A part of a WebP file. */
export interface WebpChunk {
  readonly name: string;
  readonly body: Uint8Array;
}

/** EXIF, XMP and ICCP chunks (RFC 9649). Throws RangeError for chunks beyond the end. */
export function readWebpMetadata(bytes: Uint8Array): PhotoMetadata {
  const all = chunks(bytes);
  const body = (name: string): Uint8Array | null => all.find((chunk) => chunk.name === name)?.body ?? null;
  const exif = body('EXIF');
  return {
    exif: exif && hasText(exif, 0, 'Exif\0\0') ? exif.subarray(6) : exif,
    xmp: body('XMP '),
    iptc: null,
    icc: body('ICCP'),
  };
}

/** Puts the metadata into the extended format; its header is made where the encoder wrote the simple one. */
export function writeWebpMetadata(bytes: Uint8Array, { exif, xmp, icc }: PhotoMetadata): Uint8Array<ArrayBuffer> {
  const all = chunks(bytes);
  const pixels = pixelChunks(all);
  const extended = all.find(({ name }) => name === 'VP8X')?.body ?? extendedHeader(pixels);
  const header = new Uint8Array(extended);
  header[0] =
    (header[0]! & webpFlags.alpha) |
    (icc ? webpFlags.icc : 0) |
    (exif ? webpFlags.exif : 0) |
    (xmp ? webpFlags.xmp : 0);
  return webpFile([
    chunk('VP8X', header),
    ...(icc ? [chunk('ICCP', icc)] : []),
    ...pixels.map((part) => chunk(part.name, part.body)),
    ...(exif ? [chunk('EXIF', exif)] : []),
    ...(xmp ? [chunk('XMP ', xmp)] : []),
  ]);
}

/** A file of chunks that are written already. */
export function webpFile(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return chunk('RIFF', joined([latin1('WEBP'), ...parts]));
}

/** Those that hold the pixels of a still image. */
export function pixelChunks(all: readonly WebpChunk[]): WebpChunk[] {
  return all.filter(({ name }) => name === 'VP8 ' || name === 'VP8L' || name === 'ALPH');
}

/** The chunks of a WebP file, in order. Throws RangeError for one beyond the end. */
export function chunks(bytes: Uint8Array): WebpChunk[] {
  const view = dataView(bytes);
  const found: WebpChunk[] = [];
  const end = Math.min(bytes.length, 8 + view.getUint32(4, true));
  for (let at = 12; at + 8 <= end;) {
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > bytes.length) throw new RangeError('A chunk reaches beyond the file.');
    found.push({
      name: String.fromCharCode(...bytes.subarray(at, at + 4)),
      body: bytes.subarray(at + 8, at + 8 + length),
    });
    at += 8 + length + (length & 1);
  }
  return found;
}

/** Name, length, content, and a byte to an even length. */
export function chunk(name: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined([latin1(name), littleEndian(body.length, 4), body, new Uint8Array(body.length & 1)]);
}

function extendedHeader(pixels: readonly WebpChunk[]): Uint8Array {
  const image = pixels.find(({ name }) => name !== 'ALPH');
  if (!image) throw new RangeError('A WebP file holds an image.');
  const { width, height, alpha } =
    image.name === 'VP8L' ? losslessHeader(image.body) : { ...lossySize(image.body), alpha: false };
  return joined([
    Uint8Array.of(alpha ? webpFlags.alpha : 0, 0, 0, 0),
    littleEndian(width - 1, 3),
    littleEndian(height - 1, 3),
  ]);
}

/** RFC 6386, 9.1: three bytes of frame tag, the start code, then two 14-bit sides. */
function lossySize(body: Uint8Array): Size {
  const view = dataView(body);
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
}

/** A signature byte, both sides less one in 14 bits each, then whether alpha is used. */
function losslessHeader(body: Uint8Array): Size & { alpha: boolean } {
  const bits = dataView(body).getUint32(1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, alpha: ((bits >>> 28) & 1) === 1 };
}
