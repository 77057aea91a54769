/**
 * A checksum inside a safetensors file that covers every byte of it: its metadata's entry `checksum`, eight hexadecimal digits,
 * is the hash of the file in which those digits are zeros.
 */
import { encodeSafetensors } from './safetensors.ts';
import { encodeUtf8 } from './utf8.ts';

const NO_CHECKSUM = '00000000';
/** Within texts of the metadata quotes are escaped, so this stands before the digits and nowhere else. */
const MARK = encodeUtf8('"checksum":"');

/** Like `encodeSafetensors`, with the checksum in the metadata. */
export function encodeWithChecksum(
  tensors: Parameters<typeof encodeSafetensors>[0],
  metadata: Readonly<Record<string, string>>,
  options: Parameters<typeof encodeSafetensors>[2] = {},
): Uint8Array<ArrayBuffer> {
  const bytes = encodeSafetensors(tensors, { ...metadata, checksum: NO_CHECKSUM }, options);
  const header = headerOf(bytes);
  const start = digitsIn(header)!;
  header.set(encodeUtf8(hashOf(bytes, header, start)), start);
  return bytes;
}

/** Whether the checksum of a safetensors file that can be decoded fits its bytes; null when it holds none. */
export function checksumFits(bytes: Uint8Array): boolean | null {
  const header = headerOf(bytes);
  const start = digitsIn(header);
  if (start === null) return null;
  const digits = header.subarray(start, start + NO_CHECKSUM.length);
  return String.fromCharCode(...digits) === hashOf(bytes, header, start);
}

/** Hash of the header without its digits, and from there on of the data, which is not copied. */
function hashOf(bytes: Uint8Array, header: Uint8Array, start: number): string {
  const blank = header.slice();
  blank.set(encodeUtf8(NO_CHECKSUM), start);
  const hash = murmurHash3(bytes.subarray(header.length), murmurHash3(blank, 0));
  return hash.toString(16).padStart(NO_CHECKSUM.length, '0');
}

/** The header with the eight bytes of its length, as a view. */
function headerOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, 8 + new DataView(bytes.buffer, bytes.byteOffset, 8).getUint32(0, true));
}

/** Where in a header the digits begin; null when it holds none. */
function digitsIn(header: Uint8Array): number | null {
  const last = header.length - MARK.length - NO_CHECKSUM.length;
  for (let i = header.indexOf(MARK[0]!, 8); i >= 0 && i <= last; i = header.indexOf(MARK[0]!, i + 1)) {
    if (MARK.every((byte, k) => header[i + k] === byte)) return i + MARK.length;
  }
  return null;
}

/**
 * MurmurHash3 (x86, 32 bits), 0…2³² − 1. Every change within one word of four bytes changes it, as each word and each state is
 * mapped one to one. FNV-1a over words would not see two flips of a word's highest bit, the sign of a number.
 */
export function murmurHash3(bytes: Uint8Array, seed: number): number {
  const count = bytes.length >>> 2;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, count);
  let hash = seed | 0;
  for (let i = 0; i < count; i++) {
    hash ^= scrambled(words[i]!);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let i = bytes.length - 1; i >= count * 4; i--) rest = (rest << 8) | bytes[i]!;
  hash ^= scrambled(rest) ^ bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** What the bytes are, in 16 hexadecimal digits: equal for equal bytes, and for others by a chance of 2⁻⁶⁴. */
export function contentHash(...parts: readonly Uint8Array[]): string {
  const digits = [0, 0x9e3779b9].map((seed) => parts.reduce((hash, part) => murmurHash3(part, hash), seed));
  return digits.map((hash) => hash.toString(16).padStart(8, '0')).join('');
}

function scrambled(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}
