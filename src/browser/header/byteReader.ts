import { truncated } from '../imageFileError.ts';

/**
 * Bounds-checked numbers out of a file's bytes. Reading past the end throws the 'truncated' error of the format, so a parser
 * built on it can fail in no other way.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  private readonly format: string;
  private readonly view: DataView;

  constructor(bytes: Uint8Array, format: string) {
    this.bytes = bytes;
    this.format = format;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  /** Throws unless `count` bytes lie at `offset`. */
  need(offset: number, count: number): void {
    if (offset < 0 || count < 0 || offset + count > this.bytes.length) throw truncated(this.format);
  }

  u8(offset: number): number {
    this.need(offset, 1);
    return this.view.getUint8(offset);
  }

  u16(offset: number, littleEndian = false): number {
    this.need(offset, 2);
    return this.view.getUint16(offset, littleEndian);
  }

  u24(offset: number, littleEndian = false): number {
    this.need(offset, 3);
    const [a, b, c] = [this.view.getUint8(offset), this.view.getUint8(offset + 1), this.view.getUint8(offset + 2)];
    return littleEndian ? a | (b << 8) | (c << 16) : (a << 16) | (b << 8) | c;
  }

  u32(offset: number, littleEndian = false): number {
    this.need(offset, 4);
    return this.view.getUint32(offset, littleEndian);
  }

  /** A 64-bit size as a number; anything beyond 2⁵³ cannot be in a file and is rounded. */
  u64(offset: number): number {
    this.need(offset, 8);
    return this.view.getUint32(offset) * 2 ** 32 + this.view.getUint32(offset + 4);
  }

  /** `count` bytes as Latin-1 characters, e.g. a chunk's four-letter name. */
  text(offset: number, count: number): string {
    this.need(offset, count);
    return String.fromCharCode(...this.bytes.subarray(offset, offset + count));
  }
}
