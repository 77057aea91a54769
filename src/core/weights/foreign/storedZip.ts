/** Zip files whose entries are stored, not compressed, as PyTorch writes them. */
import { decodeUtf8 } from '../utf8.ts';
import { ByteCursor } from './byteCursor.ts';
import { crc32 } from './crc.ts';
import { ForeignFileError, quoted } from './foreignFile.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** Entries by name, as views; their checksums fit. Throws ForeignFileError. */
export function readStoredZip(bytes: Uint8Array): Map<string, Uint8Array> {
  const end = new ByteCursor(bytes, endRecord(bytes) + 10, 'zip file');
  const count = end.u16();
  const size = end.u32();
  const start = end.u32();
  if (count === 0xffff || start === 0xffffffff)
    throw new ForeignFileError('The zip file is larger than the 4 GB that can be read here.');
  if (start + size > bytes.length || count * 46 > size)
    throw new ForeignFileError(`The zip file’s list of ${count} entries does not fit into it.`);
  const list = new ByteCursor(bytes, start, 'zip file’s list');
  const entries = new Map<string, Uint8Array>();
  let unread = bytes.length;
  for (let i = 0; i < count; i++) {
    const { name, data } = readEntry(bytes, list);
    if (entries.has(name)) throw new ForeignFileError(`The zip file has ${quoted(name)} twice.`);
    if ((unread -= data.length) < 0) throw new ForeignFileError('The zip file’s entries overlap.');
    entries.set(name, data);
  }
  return entries;
}

function endRecord(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = bytes.length - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new ForeignFileError('The zip file is cut short: its list of entries is missing.');
}

function readEntry(bytes: Uint8Array, list: ByteCursor): { name: string; data: Uint8Array } {
  if (list.u32() !== CENTRAL) throw new ForeignFileError('The zip file’s list of entries is damaged.');
  list.take(6); // versions, flags
  const method = list.u16();
  list.take(4); // time, date
  const checksum = list.u32();
  const packed = list.u32();
  const size = list.u32();
  const [nameLength, extraLength, commentLength] = [list.u16(), list.u16(), list.u16()];
  list.take(8); // disk, attributes
  const offset = list.u32();
  const name = nameOf(list.take(nameLength));
  list.take(extraLength + commentLength);
  if (method !== 0 || packed !== size) {
    throw new ForeignFileError(
      `The zip file’s entry ${quoted(name)} is compressed (method ${method}); PyTorch stores its arrays as they are.`,
    );
  }
  const local = new ByteCursor(bytes, Math.min(offset, bytes.length), 'zip file');
  if (local.u32() !== LOCAL) throw new ForeignFileError(`The zip file’s entry ${quoted(name)} is not where it says.`);
  local.take(22);
  const [localName, localExtra] = [local.u16(), local.u16()];
  local.take(localName + localExtra);
  const data = local.take(size);
  if (crc32(data) !== checksum)
    throw new ForeignFileError(`The zip file’s entry ${quoted(name)} is damaged: its checksum does not fit.`);
  return { name, data };
}

function nameOf(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    throw new ForeignFileError('A name in the zip file is not readable text.', undefined, { cause: error });
  }
}
