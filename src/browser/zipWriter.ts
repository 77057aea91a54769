import { crc32 } from './crc32.ts';
import { CENTRAL, END, END_64, END_64_LOCATOR, LOCAL } from './zipSignatures.ts';

/** Version 4.5 of the format: the first with numbers of 64 bits. */
const VERSION = 45;
const NAMES_ARE_UTF8 = 0x800;
/** Stands where a number has 64 bits elsewhere; the plain format ends below. */
const ELSEWHERE_32 = 0xffffffff;
const ELSEWHERE_16 = 0xffff;

type Bytes = Uint8Array<ArrayBuffer>;

interface Entry {
  readonly name: Bytes;
  readonly size: number;
  readonly crc: number;
  readonly modified: number;
  /** Of its local header. */
  readonly offset: number;
}

/** A file as it is put into a zip; a Blob is one. */
interface ZipSource {
  readonly size: number;
  stream(): ReadableStream<Uint8Array>;
}

/**
 * A zip of files as they are, unpacked (PKWARE APPNOTE 4.3): images are packed already. By hand because fflate writes no zip64 and
 * holds every file in memory; here the files stay blobs, which a browser may keep on its disk. Where a size or place needs more
 * than 32 bits, or the number of files more than 16, it is a zip64; lower `limits` have it so earlier.
 */
export class ZipWriter<Source extends ZipSource = Blob> {
  private readonly parts: (Source | Bytes)[] = [];
  private readonly entries: Entry[] = [];
  private offset = 0;

  constructor(private readonly limits = { size: ELSEWHERE_32, count: ELSEWHERE_16 }) {}

  /** Adds a file at the end, under that name. Its bytes are read once, piece by piece. */
  async add(name: string, file: Source, modified = new Date()): Promise<void> {
    const entry: Entry = {
      name: new TextEncoder().encode(name),
      size: file.size,
      crc: await crcOf(file),
      modified: dosTime(modified),
      offset: this.offset,
    };
    this.entries.push(entry);
    this.put(this.localHeader(entry));
    this.parts.push(file);
    this.offset += file.size;
  }

  /** The whole archive, with its table of contents, as what lies behind one another in it: files as they were added, and bytes. */
  finish(): (Source | Bytes)[] {
    const begin = this.offset;
    for (const entry of this.entries) this.put(this.centralHeader(entry));
    this.put(this.end(begin, this.offset - begin));
    return this.parts;
  }

  private put(bytes: Bytes): void {
    this.parts.push(bytes);
    this.offset += bytes.length;
  }

  private localHeader({ name, size, crc, modified }: Entry): Bytes {
    const { short, extra } = this.numbers(size, size);
    return joined([
      [4, LOCAL, 2, VERSION, 2, NAMES_ARE_UTF8, 2, 0, 4, modified, 4, crc],
      [4, short[1]!, 4, short[0]!, 2, name.length, 2, extra.length],
      name,
      extra,
    ]);
  }

  private centralHeader({ name, size, crc, modified, offset }: Entry): Bytes {
    const { short, extra } = this.numbers(size, size, offset);
    return joined([
      [4, CENTRAL, 2, VERSION, 2, VERSION, 2, NAMES_ARE_UTF8, 2, 0, 4, modified, 4, crc],
      [4, short[1]!, 4, short[0]!, 2, name.length, 2, extra.length],
      // Its comment, its disk and its attributes: none.
      [2, 0, 2, 0, 2, 0, 4, 0, 4, short[2]!],
      name,
      extra,
    ]);
  }

  /** What ends the archive; `begin` and `bytes` are those of the table of contents. */
  private end(begin: number, bytes: number): Bytes {
    const count = this.entries.length;
    const { short, extra } = this.numbers(begin, bytes);
    const isLong = count >= this.limits.count || extra.length > 0;
    const counted = isLong ? ELSEWHERE_16 : count;
    const plain = [4, END, 2, 0, 2, 0, 2, counted, 2, counted, 4, short[1]!, 4, short[0]!, 2, 0];
    if (!isLong) return joined([plain]);
    return joined([
      [4, END_64, 8, 44, 2, VERSION, 2, VERSION, 4, 0, 4, 0, 8, count, 8, count, 8, bytes, 8, begin],
      [4, END_64_LOCATOR, 4, 0, 8, begin + bytes, 4, 1],
      plain,
    ]);
  }

  /** Numbers as the 32 bits of a header, and the extra field with those that do not fit (APPNOTE 4.5.3), which is often empty. */
  private numbers(...values: readonly number[]): { readonly short: readonly number[]; readonly extra: Bytes } {
    const long = values.filter((value) => value >= this.limits.size);
    const extra =
      long.length > 0 ? joined([[2, 1, 2, 8 * long.length, ...long.flatMap((value) => [8, value])]]) : EMPTY;
    return { short: values.map((value) => (value >= this.limits.size ? ELSEWHERE_32 : value)), extra };
  }
}

const EMPTY: Bytes = new Uint8Array();

/** Little-endian numbers, each behind its number of bytes (2, 4 or 8), and bytes, one behind another. */
function joined(parts: readonly (Bytes | readonly number[])[]): Bytes {
  const pieces = parts.map((part) => (part instanceof Uint8Array ? part : numbered(part)));
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function numbered(numbers: readonly number[]): Bytes {
  const bytes: number[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    let value = numbers[i + 1]!;
    for (let k = 0; k < numbers[i]!; k++) {
      bytes.push(value % 256);
      value = Math.floor(value / 256);
    }
  }
  return Uint8Array.from(bytes);
}

async function crcOf(file: ZipSource): Promise<number> {
  let crc = 0;
  const reader = file.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) crc = crc32(read.value, crc);
  return crc;
}

/** Date and time in 32 bits, two seconds fine (APPNOTE 4.4.6): local time, as archives have it. */
function dosTime(date: Date): number {
  const day = ((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
  return day * 0x10000 + time;
}
