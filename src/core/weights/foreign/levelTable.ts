/** LevelDB's sorted table, in which TensorFlow keeps the index of a checkpoint. */
import { ByteCursor } from './byteCursor.ts';
import { crc32c } from './crc.ts';
import { ForeignFileError } from './foreignFile.ts';
import { decodeSnappy } from './snappy.ts';

const FOOTER_BYTES = 48;
const magic = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
const TRAILER_BYTES = 5;
const MAX_KEY = 1024;

export function isLevelTable(bytes: Uint8Array): boolean {
  return bytes.length > FOOTER_BYTES && magic.every((byte, i) => bytes[bytes.length - 8 + i] === byte);
}

/** Keys and values in their order; checksums fit. Throws ForeignFileError. */
export function readLevelTable(bytes: Uint8Array): Map<string, Uint8Array> {
  const footer = new ByteCursor(bytes, bytes.length - FOOTER_BYTES, 'index');
  handle(footer); // of the metaindex, which holds nothing
  const entries = new Map<string, Uint8Array>();
  let last: string | null = null;
  let keyBytes = 4 * bytes.length;
  for (const [, place] of blockEntries(readBlock(bytes, handle(footer)))) {
    for (const [key, value] of blockEntries(readBlock(bytes, handle(new ByteCursor(place, 0, 'index'))))) {
      if (last !== null && key <= last) throw new ForeignFileError('The index is not sorted.');
      if ((keyBytes -= key.length) < 0) throw new ForeignFileError('The names in the index are too long for its size.');
      entries.set(key, value);
      last = key;
    }
  }
  return entries;
}

function handle(cursor: ByteCursor): { offset: number; size: number } {
  return { offset: cursor.varint(), size: cursor.varint() };
}

/** A block without its trailer: a byte that says how it is compressed, and a masked checksum of all before. */
function readBlock(bytes: Uint8Array, { offset, size }: { offset: number; size: number }): Uint8Array {
  const cursor = new ByteCursor(bytes, 0, 'index');
  cursor.take(offset);
  const whole = cursor.take(size + TRAILER_BYTES).subarray(0, size + 1);
  cursor.at -= 4;
  if (maskedCrc(whole) !== cursor.u32())
    throw new ForeignFileError('The index is damaged: the checksum of a block does not fit.');
  const compression = whole[size];
  if (compression === 0) return whole.subarray(0, size);
  if (compression === 1) return decodeSnappy(whole.subarray(0, size), 4 * bytes.length);
  throw new ForeignFileError(`A block of the index is compressed in the unknown way ${compression}.`);
}

/** LevelDB's form of a checksum, in which a checksum of checksums keeps its strength. */
export function maskedCrc(bytes: Uint8Array): number {
  const value = crc32c(bytes);
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}

/** Entries (shared, unshared and value lengths, key suffix, value), then restart points and their number. */
function* blockEntries(block: Uint8Array): Generator<[string, Uint8Array]> {
  if (block.length < 4) throw new ForeignFileError('A block of the index is empty.');
  const restarts = new ByteCursor(block, block.length - 4, 'index').u32();
  const end = block.length - 4 - 4 * restarts;
  if (end < 0) throw new ForeignFileError(`A block of the index claims ${restarts} restart points.`);
  const cursor = new ByteCursor(block.subarray(0, end), 0, 'index');
  let key = '';
  while (cursor.left > 0) {
    const [shared, unshared, length] = [cursor.varint(), cursor.varint(), cursor.varint()];
    if (shared > key.length || unshared + shared > MAX_KEY)
      throw new ForeignFileError('A name in the index does not continue the one before it.');
    key = key.slice(0, shared) + String.fromCharCode(...cursor.take(unshared));
    yield [key, cursor.take(length)];
  }
}
