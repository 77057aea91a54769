import { ByteCursor } from './byteCursor.ts';
import { ForeignFileError } from './foreignFile.ts';

/**
 * The bytes of a Snappy block: their number as a varint, then literals and copies of what came before. Throws
 * ForeignFileError where they are more than `limit` or do not add up.
 */
export function decodeSnappy(block: Uint8Array, limit: number): Uint8Array {
  const cursor = new ByteCursor(block, 0, 'compressed block');
  const length = cursor.varint();
  if (!(length >= 0 && length <= limit))
    throw new ForeignFileError(`A compressed block claims ${length} bytes, more than a file of this size holds.`);
  const result = new Uint8Array(length);
  let at = 0;
  const room = (count: number): void => {
    if (at + count > length) throw new ForeignFileError('A compressed block holds more than it says.');
  };
  while (cursor.left > 0) {
    const tag = cursor.u8();
    if ((tag & 3) === 0) {
      const count = literalLength(tag >> 2, cursor);
      room(count);
      result.set(cursor.take(count), at);
      at += count;
      continue;
    }
    const [count, distance] = copyOf(tag, cursor);
    room(count);
    if (distance === 0 || distance > at) throw new ForeignFileError('A compressed block copies from before its start.');
    for (let i = 0; i < count; i++, at++) result[at] = result[at - distance]!; // may overlap
  }
  if (at !== length) throw new ForeignFileError('A compressed block holds less than it says.');
  return result;
}

function literalLength(code: number, cursor: ByteCursor): number {
  if (code < 60) return code + 1;
  let count = 0;
  for (let i = 0; i < code - 59; i++) count += cursor.u8() * 256 ** i;
  return count + 1;
}

function copyOf(tag: number, cursor: ByteCursor): [count: number, distance: number] {
  if ((tag & 3) === 1) return [4 + ((tag >> 2) & 7), ((tag >> 5) << 8) | cursor.u8()];
  return [1 + (tag >> 2), (tag & 3) === 2 ? cursor.u16() : cursor.u32()];
}
