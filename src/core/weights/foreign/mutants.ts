/** Damaged copies of files, for tests and tools that check that a reader refuses what it cannot read. */
import { concatBytes } from '../protobufWriter.ts';

/** A random whole number from 0 to one less than `count`. */
type Below = (count: number) => number;

/** A copy with one to four changes: flipped bits, bytes and counts of extreme values, cuts, and parts that come twice or go. */
export function mutant(bytes: Uint8Array, below: Below): Uint8Array<ArrayBuffer> {
  let result = bytes.slice();
  for (let changes = 1 + below(4); changes > 0; changes--) result = changed(result, below);
  return result;
}

const extremes = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

function changed(bytes: Uint8Array<ArrayBuffer>, below: Below): Uint8Array<ArrayBuffer> {
  if (bytes.length === 0) return bytes;
  // half of all changes near the start or the end, where the formats keep their counts
  const near = Math.min(bytes.length, 256);
  const at = below(2) === 0 ? below(bytes.length) : below(2) === 0 ? below(near) : bytes.length - 1 - below(near);
  const count = Math.min(bytes.length - at, 1 + below(16));
  switch (below(6)) {
    case 0:
      bytes[at]! ^= 1 << below(8);
      return bytes;
    case 1:
      bytes[at] = below(256);
      return bytes;
    case 2: {
      const value = extremes[below(extremes.length)]!;
      for (let i = 0; i < 4 && at + i < bytes.length; i++) bytes[at + i] = (value >>> (8 * i)) & 255;
      return bytes;
    }
    case 3:
      return bytes.slice(0, at);
    case 4:
      return concatBytes([bytes.subarray(0, at), bytes.subarray(at + count)]);
    default:
      return concatBytes([bytes.subarray(0, at + count), bytes.subarray(at)]);
  }
}
