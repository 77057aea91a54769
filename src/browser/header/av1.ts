import type { Size } from '../../core/inference/tiles.ts';
import { BitReader } from './bitReader.ts';

const SEQUENCE_HEADER = 1;

/**
 * The largest frame that an AV1 stream announces in its sequence header (AV1 specification, 5.5): what a decoder makes room for.
 * Null when the bytes do not begin with one, delimiters aside.
 */
export function av1FrameSize(bytes: Uint8Array): Size | null {
  for (let at = 0; at < bytes.length;) {
    const header = bytes[at++]!;
    const type = (header >> 3) & 15;
    if (header & 0x04) at++;
    let length = bytes.length - at;
    if (header & 0x02) {
      const size = leb128(bytes, at);
      if (!size) return null;
      [length, at] = [size.value, size.end];
    }
    if (type === SEQUENCE_HEADER) return sizeOf(new BitReader(bytes.subarray(at, at + length)));
    at += length;
  }
  return null;
}

function leb128(bytes: Uint8Array, at: number): { value: number; end: number } | null {
  let value = 0;
  for (let i = 0; i < 8 && at + i < bytes.length; i++) {
    const byte = bytes[at + i]!;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if ((byte & 0x80) === 0) return { value, end: at + i + 1 };
  }
  return null;
}

function sizeOf(bits: BitReader): Size | null {
  bits.skip(3 + 1); // profile, still picture
  if (bits.read(1) === 1) bits.skip(5);
  else skipOperatingPoints(bits);
  const [widthBits, heightBits] = [bits.read(4) + 1, bits.read(4) + 1];
  const [width, height] = [bits.read(widthBits) + 1, bits.read(heightBits) + 1];
  return bits.isOver ? null : { width, height };
}

function skipOperatingPoints(bits: BitReader): void {
  let delayBits = 0;
  if (bits.read(1) === 1) {
    bits.skip(64);
    if (bits.read(1) === 1) bits.readUvlc();
    if (bits.read(1) === 1) {
      delayBits = bits.read(5) + 1;
      bits.skip(32 + 5 + 5);
    }
  }
  const hasDelays = bits.read(1) === 1;
  for (let count = bits.read(5); count >= 0; count--) {
    bits.skip(12);
    if (bits.read(5) > 7) bits.skip(1);
    if (delayBits > 0 && bits.read(1) === 1) bits.skip(2 * delayBits + 1);
    if (hasDelays && bits.read(1) === 1) bits.skip(4);
  }
}
