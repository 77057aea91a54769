import { hasText, joined, littleEndian } from './metadata/byteWriting.ts';
import { chunk, chunks, pixelChunks, webpFile, webpFlags } from './metadata/webpChunks.ts';
import type { WebpChunk } from './metadata/webpChunks.ts';

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

/** The frame replaces what was there, instead of being blended with it. */
const NO_BLENDING = 0x02;
const MAX_24 = 0xffffff;
/** Background colour and number of rounds, 0 for endless ones. */
const ENDLESS = new Uint8Array(6);

/** Frames of one size, shown one after another for ever. Throws RangeError without frames, or for one that is no still WebP. */
export function animatedWebp(frames: readonly Frame[], width: number, height: number): Uint8Array<ArrayBuffer> {
  if (frames.length === 0) throw new RangeError('An animation needs at least one frame.');
  const images = frames.map(({ file }) => stillImage(file));
  const hasAlpha = images.some((parts) => parts.some(({ name }) => name === 'ALPH' || name === 'VP8L'));
  const size = [littleEndian(width - 1, 3), littleEndian(height - 1, 3)];
  const header = [Uint8Array.of(webpFlags.animation | (hasAlpha ? webpFlags.alpha : 0), 0, 0, 0), ...size];
  return webpFile([
    chunk('VP8X', joined(header)),
    chunk('ANIM', ENDLESS),
    ...images.map((parts, i) => {
      const ms = Math.min(MAX_24, Math.max(0, Math.round(frames[i]!.ms)));
      const atCorner = new Uint8Array(6);
      const frame = [atCorner, ...size, littleEndian(ms, 3), Uint8Array.of(NO_BLENDING)];
      return chunk('ANMF', joined([...frame, ...parts.map(({ name, body }) => chunk(name, body))]));
    }),
  ]);
}

/** The chunks of a still WebP that hold its pixels. */
function stillImage(file: Uint8Array): WebpChunk[] {
  if (!hasText(file, 0, 'RIFF') || !hasText(file, 8, 'WEBP')) throw new RangeError('A frame is no WebP file.');
  const parts = pixelChunks(chunks(file));
  if (!parts.some(({ name }) => name !== 'ALPH')) throw new RangeError('A frame holds no still image.');
  return parts;
}
