import { damaged, truncated } from '../imageFileError.ts';
import type { ByteReader } from './byteReader.ts';

/** A box of the ISO base media file format (ISO 14496-12): its name, and where its content lies. */
export interface Box {
  readonly name: string;
  readonly body: number;
  readonly end: number;
}

/** The boxes between two offsets. A size of 0 runs to the end, 1 means a 64-bit size follows. */
export function boxes(reader: ByteReader, from: number, to: number, format: string): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to;) {
    const short = reader.u32(at);
    const header = short === 1 ? 16 : 8;
    const size = short === 1 ? reader.u64(at + 8) : short === 0 ? to - at : short;
    if (size < header) throw damaged(format);
    if (at + size > to) throw truncated(format);
    found.push({ name: reader.text(at + 4, 4), body: at + header, end: at + size });
    at += size;
  }
  return found;
}

/** The boxes in another one; `skip` bytes of its own come first. */
export function inside(reader: ByteReader, box: Box, skip: number, format: string): Box[] {
  return boxes(reader, box.body + skip, box.end, format);
}

/** Number of the item that is the image, out of `pitm`. */
export function primaryItem(reader: ByteReader, box: Box): number {
  return reader.u8(box.body) === 0 ? reader.u16(box.body + 4) : reader.u32(box.body + 4);
}

/** One-based indices into `ipco` of an item's properties. */
export function propertiesOf(reader: ByteReader, item: number, box: Box): number[] {
  const wideItems = reader.u8(box.body) >= 1;
  const wideIndices = (reader.u24(box.body + 1) & 1) === 1;
  const items = reader.u32(box.body + 4);
  let at = box.body + 8;
  for (let i = 0; i < items && at < box.end; i++) {
    const id = wideItems ? reader.u32(at) : reader.u16(at);
    at += wideItems ? 4 : 2;
    const count = reader.u8(at++);
    const indices: number[] = [];
    for (let k = 0; k < count; k++) {
      indices.push(wideIndices ? reader.u16(at) & 0x7fff : reader.u8(at) & 0x7f);
      at += wideIndices ? 2 : 1;
    }
    if (id === item) return indices;
  }
  return [];
}
