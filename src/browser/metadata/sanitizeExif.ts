import type { Size } from '../../core/inference/tiles.ts';
import { dataView } from './byteWriting.ts';

const tags = {
  mainWidth: 0x0100,
  mainHeight: 0x0101,
  orientation: 0x0112,
  exifDirectory: 0x8769,
  width: 0xa002,
  height: 0xa003,
  thumbnailStart: 0x0201,
  thumbnailLength: 0x0202,
};
const ENTRY_BYTES = 12;

/**
 * An EXIF block (TIFF 6.0) for an image stored upright at `size`: orientation 1, these sides, no thumbnail. Everything
 * else stays byte for byte and in its place, because maker notes hold absolute offsets. Null for an unreadable block.
 */
export function sanitizeExif(exif: Uint8Array, size: Size): Uint8Array | null {
  const bytes = new Uint8Array(exif);
  try {
    return new TiffBlock(bytes).reset(size);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Reading or writing beyond the block throws RangeError. */
class TiffBlock {
  private readonly view: DataView;
  private readonly little: boolean;

  constructor(private readonly bytes: Uint8Array) {
    this.view = dataView(bytes);
    const order = this.view.getUint16(0);
    this.little = order === 0x4949;
    if ((order !== 0x4949 && order !== 0x4d4d) || this.u16(2) !== 42) throw new RangeError('This is no TIFF block.');
  }

  reset(size: Size): Uint8Array {
    const main = this.u32(4);
    const orientation = this.entry(main, tags.orientation);
    if (orientation !== null) this.setShort(orientation, 1);
    this.resetSide(main, tags.mainWidth, size.width);
    this.resetSide(main, tags.mainHeight, size.height);
    const detail = this.entry(main, tags.exifDirectory);
    if (detail !== null) {
      this.resetSide(this.u32(detail + 8), tags.width, size.width);
      this.resetSide(this.u32(detail + 8), tags.height, size.height);
    }
    return this.withoutThumbnail(main + 2 + this.u16(main) * ENTRY_BYTES);
  }

  /** Cuts the directory that `link` points to out of the chain and blanks what it described; shorter when that was at the end. */
  private withoutThumbnail(link: number): Uint8Array {
    const directory = this.u32(link);
    if (directory === 0) return this.bytes;
    const start = this.entry(directory, tags.thumbnailStart);
    const length = this.entry(directory, tags.thumbnailLength);
    this.view.setUint32(link, 0, this.little);
    if (start === null || length === null) return this.bytes;
    const [from, count] = [this.u32(start + 8), this.u32(length + 8)];
    if (from < 8 || from + count > this.bytes.length) return this.bytes;
    this.bytes.fill(0, from, from + count);
    return from + count === this.bytes.length ? this.bytes.slice(0, from) : this.bytes;
  }

  /** Where the directory's entry for a tag lies; null when it has none. */
  private entry(directory: number, tag: number): number | null {
    const count = this.u16(directory);
    for (let i = 0; i < count; i++) {
      const at = directory + 2 + i * ENTRY_BYTES;
      if (this.u16(at) === tag) return at;
    }
    return null;
  }

  /** An entry's value becomes one SHORT. */
  private setShort(entry: number, value: number): void {
    this.view.setUint16(entry + 2, 3, this.little);
    this.view.setUint32(entry + 4, 1, this.little);
    this.view.setUint32(entry + 8, 0, this.little);
    this.view.setUint16(entry + 8, value, this.little);
  }

  /** Where a directory tells a side, it tells this one. A side is SHORT or LONG; LONG holds both. */
  private resetSide(directory: number, tag: number, value: number): void {
    const entry = this.entry(directory, tag);
    if (entry === null) return;
    this.view.setUint16(entry + 2, 4, this.little);
    this.view.setUint32(entry + 8, value, this.little);
  }

  private u16(at: number): number {
    return this.view.getUint16(at, this.little);
  }

  private u32(at: number): number {
    return this.view.getUint32(at, this.little);
  }
}
