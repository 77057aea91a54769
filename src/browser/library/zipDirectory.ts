/** The table of contents at the end of a zip file (PKWARE APPNOTE 4.3, zip64 included). */
import { ByteReader } from '../header/byteReader.ts';
import { ImageFileError, damaged, unsupported } from '../imageFileError.ts';
import { CENTRAL, END, END_64, END_64_LOCATOR } from '../zipSignatures.ts';
import { unicodePathOf, zipName } from './zipNames.ts';

/** An archive may list this many files. */
export const MAX_ENTRIES = 50_000;
const MAX_DIRECTORY_BYTES = 64 << 20;

const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const MAX_COMMENT = 0xffff;
/** A local header without its name. */
export const LOCAL_BYTES = 30;

export interface ZipEntry {
  readonly path: string;
  /** Unpacked, as the directory claims. */
  readonly size: number;
  readonly packed: number;
  readonly crc: number;
  readonly method: number;
  readonly encrypted: boolean;
  /** Of its local header. */
  readonly offset: number;
  /** Where the next file or the directory begins: its bytes end before. */
  readonly limit: number;
}

interface Directory {
  readonly offset: number;
  /** Where the record behind the directory begins. */
  readonly end: number;
  readonly entries: number;
}

/** A file of which only parts are read; a Blob is one. */
type Sliceable = Pick<Blob, 'size' | 'slice'>;

/**
 * All entries, folders included, in the order of the directory. Throws ImageRefusal when the directory is missing, contradicts
 * itself, lists too much, or has two files share their bytes.
 */
export async function readDirectory(archive: Sliceable): Promise<ZipEntry[]> {
  const { offset, end, entries: claimed } = await findDirectory(archive);
  if (claimed > MAX_ENTRIES || end - offset > MAX_DIRECTORY_BYTES) throw tooMany();
  const reader = new ByteReader(await bytesOf(archive, offset, end), 'zip');
  const found: Omit<ZipEntry, 'limit'>[] = [];
  let at = 0;
  while (at + 4 <= reader.length && reader.u32(at, true) === CENTRAL) {
    const { entry, next } = readEntry(reader, at);
    if (found.push(entry) > MAX_ENTRIES) throw tooMany();
    at = next;
  }
  // A count of 16 bits begins again at 65,536: what lies behind it would be left out without a word.
  if (found.length !== claimed)
    throw contradiction(`says ${claimed.toLocaleString('en')} files and lists ${found.length.toLocaleString('en')}`);
  return withLimits(found, offset);
}

async function findDirectory(archive: Sliceable): Promise<Directory> {
  const tailStart = Math.max(0, archive.size - END_BYTES - MAX_COMMENT - LOCATOR_BYTES);
  const tail = new ByteReader(await bytesOf(archive, tailStart, archive.size), 'zip');
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.u32(at, true) !== END) continue;
    const disk = tail.u16(at + 4, true);
    if (disk !== 0 && disk !== 0xffff)
      throw unsupported('a part of a split zip', 'Unpack it and add the folder instead.');
    const is64 = at >= LOCATOR_BYTES && tail.u32(at - LOCATOR_BYTES, true) === END_64_LOCATOR;
    const [entries, bytes, offset] = [tail.u16(at + 10, true), tail.u32(at + 12, true), tail.u32(at + 16, true)];
    return is64
      ? readEnd64(archive, u64(tail, at - LOCATOR_BYTES + 8))
      : checked({ entries, offset, end: tailStart + at }, bytes);
  }
  throw new ImageFileError(
    'truncated',
    'This zip file is incomplete; its table of contents is missing.',
    'Copy or download it again from where it came.',
  );
}

async function readEnd64(archive: Sliceable, at: number): Promise<Directory> {
  const reader = new ByteReader(await bytesOf(archive, at, at + 56), 'zip');
  if (reader.u32(0, true) !== END_64) throw damaged('zip');
  return checked({ entries: u64(reader, 32), offset: u64(reader, 48), end: at }, u64(reader, 40));
}

function checked(directory: Directory, bytes: number): Directory {
  if (directory.offset + bytes > directory.end) throw damaged('zip');
  return directory;
}

function readEntry(reader: ByteReader, at: number): { entry: Omit<ZipEntry, 'limit'>; next: number } {
  const flags = reader.u16(at + 8, true);
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => reader.u16(at + field, true)) as [
    number,
    number,
    number,
  ];
  const extraAt = at + 46 + nameBytes;
  const next = extraAt + extraBytes + commentBytes;
  reader.need(at, next - at);
  const name = reader.bytes.subarray(at + 46, extraAt);
  const sizes: Sizes = [reader.u32(at + 24, true), reader.u32(at + 20, true), reader.u32(at + 42, true)];
  let unicodePath: Uint8Array | null = null;
  for (let field = extraAt; field + 4 <= extraAt + extraBytes;) {
    const bytes = reader.u16(field + 2, true);
    if (reader.u16(field, true) === 1) widen(sizes, reader, field + 4);
    unicodePath ??= unicodePathOf(reader, field, bytes, name);
    field += 4 + bytes;
  }
  const [size, packed, offset] = sizes;
  const entry = {
    path: zipName(name, (flags & 0x800) !== 0, unicodePath),
    size,
    packed,
    offset,
    crc: reader.u32(at + 16, true),
    method: reader.u16(at + 10, true),
    encrypted: (flags & 1) === 1,
  };
  return { entry, next };
}

/** Unpacked size, packed size, offset. */
type Sizes = [number, number, number];

/** Zip64 (APPNOTE 4.5.3): sizes of all ones have their true 64-bit values at `at`, in this order. */
function widen(sizes: Sizes, reader: ByteReader, at: number): void {
  for (let i = 0, value = at; i < sizes.length; i++) {
    if (sizes[i] !== 0xffffffff) continue;
    sizes[i] = u64(reader, value);
    value += 8;
  }
}

/** Says of every entry where its bytes must end. Files that share bytes are how a small zip unpacks to a large one. */
function withLimits(entries: readonly Omit<ZipEntry, 'limit'>[], directory: number): ZipEntry[] {
  const order = entries.map((_, i) => i).sort((a, b) => entries[a]!.offset - entries[b]!.offset);
  const limits: number[] = [];
  for (const [rank, i] of order.entries()) {
    const { offset, packed } = entries[i]!;
    const following = order[rank + 1];
    limits[i] = following === undefined ? directory : entries[following]!.offset;
    if (offset + LOCAL_BYTES + packed > limits[i]) throw contradiction('gives the same bytes to several files');
  }
  return entries.map((entry, i) => ({ ...entry, limit: limits[i]! }));
}

function tooMany(): ImageFileError {
  return new ImageFileError(
    'tooLarge',
    `The zip lists more than ${MAX_ENTRIES.toLocaleString('en')} files.`,
    'Unpack it and add the folder instead.',
  );
}

function contradiction(what: string): ImageFileError {
  return new ImageFileError(
    'damaged',
    `This zip file is damaged: its table of contents ${what}.`,
    'Copy or download it again, or unpack it in another program and add the folder.',
  );
}

/** A part of a blob, in memory. */
export async function bytesOf(archive: Sliceable, from: number, to: number): Promise<Uint8Array> {
  return new Uint8Array(await archive.slice(from, to).arrayBuffer());
}

function u64(reader: ByteReader, at: number): number {
  return reader.u32(at, true) + reader.u32(at + 4, true) * 2 ** 32;
}
