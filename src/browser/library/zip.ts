/**
 * Zip files read from their directory (PKWARE APPNOTE 4.3, zip64 included), so that every name is known before anything is unpacked
 * and each file is unpacked alone, straight from its place in the archive.
 */
import { Inflate } from 'fflate';
import { ByteReader } from '../header/byteReader.ts';
import { ImageRefusal, damaged, unsupported } from '../imageRefusal.ts';
import { MAX_FILE_BYTES, fileTooLarge } from './fileLimits.ts';
import type { SourceFile } from './sourceFile.ts';

/** An archive may list this many files. */
export const MAX_ENTRIES = 50_000;
const MAX_DIRECTORY_BYTES = 64 << 20;

const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const MAX_COMMENT = 0xffff;

/** The files in an archive, folders left out; none unpacks beyond `maxBytes`. Throws ImageRefusal when it is no readable zip. */
export async function openZip(archive: Blob, archivePath: string, maxBytes = MAX_FILE_BYTES): Promise<SourceFile[]> {
  const { offset, bytes, entries } = await findDirectory(archive);
  if (entries > MAX_ENTRIES || bytes > MAX_DIRECTORY_BYTES) {
    throw new ImageRefusal(
      'tooLarge',
      `The zip lists ${entries.toLocaleString('en')} files; the limit is ${MAX_ENTRIES.toLocaleString('en')}.`,
      'Unpack it and add the folder instead.',
    );
  }
  const reader = new ByteReader(await bytesOf(archive, offset, offset + bytes), 'zip');
  const files: SourceFile[] = [];
  for (let i = 0, at = 0; i < entries; i++) {
    if (reader.u32(at, true) !== CENTRAL) throw damaged('zip');
    const entry = readEntry(reader, at);
    if (!entry.path.endsWith('/'))
      files.push({
        path: `${archivePath}/${entry.path}`,
        size: entry.size,
        open: () => unpack(archive, entry, maxBytes),
      });
    at = entry.next;
  }
  return files;
}

/** True for bytes that begin as a zip does, an empty one included. */
export async function isZip(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

interface Entry {
  readonly path: string;
  /** Unpacked, as the directory claims. */
  readonly size: number;
  readonly packed: number;
  readonly method: number;
  readonly encrypted: boolean;
  readonly offset: number;
  readonly next: number;
}

async function findDirectory(archive: Blob): Promise<{ offset: number; bytes: number; entries: number }> {
  const tailStart = Math.max(0, archive.size - END_BYTES - MAX_COMMENT - LOCATOR_BYTES);
  const tail = new ByteReader(await bytesOf(archive, tailStart, archive.size), 'zip');
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.u32(at, true) !== END) continue;
    const short = { entries: tail.u16(at + 10, true), bytes: tail.u32(at + 12, true), offset: tail.u32(at + 16, true) };
    const is64 = at >= LOCATOR_BYTES && tail.u32(at - LOCATOR_BYTES, true) === END_64_LOCATOR;
    const found = is64 ? await readEnd64(archive, u64(tail, at - LOCATOR_BYTES + 8)) : short;
    if (found.offset + found.bytes > archive.size) throw damaged('zip');
    return found;
  }
  throw new ImageRefusal(
    'truncated',
    'This zip file ends too early; its table of contents is missing.',
    'Copy or download it again from where it came.',
  );
}

async function readEnd64(archive: Blob, at: number): Promise<{ offset: number; bytes: number; entries: number }> {
  const reader = new ByteReader(await bytesOf(archive, at, at + 56), 'zip');
  if (reader.u32(0, true) !== END_64) throw damaged('zip');
  return { entries: u64(reader, 32), bytes: u64(reader, 40), offset: u64(reader, 48) };
}

function readEntry(reader: ByteReader, at: number): Entry {
  const nameBytes = reader.u16(at + 28, true);
  const extraBytes = reader.u16(at + 30, true);
  const path = nameOf(reader.bytes.subarray(at + 46, at + 46 + nameBytes));
  const extraAt = at + 46 + nameBytes;
  reader.need(extraAt, extraBytes);
  const [size, packed, offset] = widened(reader, extraAt, extraBytes, [
    reader.u32(at + 24, true),
    reader.u32(at + 20, true),
    reader.u32(at + 42, true),
  ]);
  return {
    path,
    size,
    packed,
    offset,
    method: reader.u16(at + 10, true),
    encrypted: (reader.u16(at + 8, true) & 1) === 1,
    next: extraAt + extraBytes + reader.u16(at + 32, true),
  };
}

/** Zip64 (APPNOTE 4.5.3): fields of all ones have their true 64-bit value in extra field 1, in this order. */
function widened(
  reader: ByteReader,
  at: number,
  length: number,
  fields: [number, number, number],
): [number, number, number] {
  const wide = [...fields] as [number, number, number];
  for (let field = at; field + 4 <= at + length;) {
    const [id, bytes] = [reader.u16(field, true), reader.u16(field + 2, true)];
    if (id === 1) {
      let value = field + 4;
      for (let i = 0; i < 3; i++) {
        if (wide[i] !== 0xffffffff) continue;
        wide[i] = u64(reader, value);
        value += 8;
      }
    }
    field += 4 + bytes;
  }
  return wide;
}

/** Stored or deflated; the stream is stopped as soon as it grows beyond what a picture may be, whatever the directory claims. */
async function unpack(archive: Blob, entry: Entry, maxBytes: number): Promise<Blob> {
  if (entry.encrypted)
    throw unsupported('in a zip locked with a password', 'Unpack it with its password and add the pictures.');
  if (entry.method !== 0 && entry.method !== 8)
    throw unsupported('packed in an uncommon way', 'Unpack the zip and add the folder instead.');
  if (entry.size > maxBytes) throw fileTooLarge(entry.size, maxBytes);
  const local = new ByteReader(await bytesOf(archive, entry.offset, entry.offset + 30), 'zip');
  if (local.u32(0, true) !== LOCAL) throw damaged('zip');
  const start = entry.offset + 30 + local.u16(26, true) + local.u16(28, true);
  if (start + entry.packed > archive.size) throw damaged('zip');
  const packed = archive.slice(start, start + entry.packed);
  return entry.method === 0 ? packed : inflate(packed, maxBytes);
}

async function inflate(packed: Blob, maxBytes: number): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const inflater = new Inflate((part) => {
    size += part.length;
    parts.push(part as Uint8Array<ArrayBuffer>);
  });
  const reader = packed.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      inflater.push(done ? new Uint8Array() : value, done);
      if (size > maxBytes) throw fileTooLarge(size, maxBytes);
      if (done) return new Blob(parts);
    }
  } catch (error) {
    if (error instanceof ImageRefusal) throw error;
    throw damaged('zip');
  } finally {
    await reader.cancel();
  }
}

/** Names are UTF-8 by flag; older writers use a code page, whose odd letters become '�' and spoil nothing. */
function nameOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replaceAll('\\', '/');
}

async function bytesOf(archive: Blob, from: number, to: number): Promise<Uint8Array> {
  return new Uint8Array(await archive.slice(from, to).arrayBuffer());
}

function u64(reader: ByteReader, at: number): number {
  return reader.u32(at, true) + reader.u32(at + 4, true) * 2 ** 32;
}
