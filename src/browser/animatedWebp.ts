/**
 * Animated WebP (RFC 9649) out of still ones, which the browser's own encoder makes: the image data of each goes into a frame of the
 * new file as it is.
 */

/** A still WebP and how long it is shown. */
export interface Frame {
  readonly file: Uint8Array;
  /** Milliseconds, up to 2²⁴ − 1. */
  readonly ms: number;
}

interface Chunk {
  readonly name: string;
  readonly data: Uint8Array;
}

/** Holds alpha, and holds an animation, in the flags of VP8X. */
const ALPHA = 0x10;
const ANIMATION = 0x02;
/** The frame replaces what was there, instead of being blended with it. */
const NO_BLENDING = 0x02;
const MAX_24 = 0xffffff;

/** Frames of one size, shown one after another for ever. Throws RangeError without frames, or for one that is no still WebP. */
export function animatedWebp(frames: readonly Frame[], width: number, height: number): Uint8Array<ArrayBuffer> {
  if (frames.length === 0) throw new RangeError('An animation needs at least one frame.');
  const images = frames.map(({ file }) => imageChunks(file));
  const hasAlpha = images.some((chunks) => chunks.some(({ name }) => name === 'ALPH' || name === 'VP8L'));
  const header = new Uint8Array(10);
  header[0] = ANIMATION | (hasAlpha ? ALPHA : 0);
  write24(header, 4, width - 1);
  write24(header, 7, height - 1);
  // Background colour and number of rounds, 0 for endless ones.
  const animation = new Uint8Array(6);
  const parts = images.map((chunks, i) => {
    const place = new Uint8Array(16);
    write24(place, 6, width - 1);
    write24(place, 9, height - 1);
    write24(place, 12, Math.min(MAX_24, Math.max(0, Math.round(frames[i]!.ms))));
    place[15] = NO_BLENDING;
    return chunkBytes('ANMF', joined([place, ...chunks.map(({ name, data }) => chunkBytes(name, data))]));
  });
  const body = joined([ascii('WEBP'), chunkBytes('VP8X', header), chunkBytes('ANIM', animation), ...parts]);
  return chunkBytes('RIFF', body);
}

/** The chunks of a still WebP that hold its pixels. */
function imageChunks(file: Uint8Array): Chunk[] {
  const text = (at: number): string => String.fromCharCode(...file.subarray(at, at + 4));
  if (text(0) !== 'RIFF' || text(8) !== 'WEBP') throw new RangeError('A frame is no WebP file.');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= file.length;) {
    const length = view.getUint32(at + 4, true);
    const name = text(at);
    if (at + 8 + length > file.length) throw new RangeError('A frame is cut short.');
    if (['ALPH', 'VP8 ', 'VP8L'].includes(name)) chunks.push({ name, data: file.subarray(at + 8, at + 8 + length) });
    at += 8 + length + (length % 2);
  }
  if (!chunks.some(({ name }) => name !== 'ALPH')) throw new RangeError('A frame holds no still image.');
  return chunks;
}

/** Name, length, content, and a byte to an even length. */
function chunkBytes(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + data.length + (data.length % 2));
  bytes.set(ascii(name));
  new DataView(bytes.buffer).setUint32(4, data.length, true);
  bytes.set(data, 8);
  return bytes;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function write24(bytes: Uint8Array, at: number, value: number): void {
  bytes.set([value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff], at);
}
