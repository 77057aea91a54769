import { damaged, truncated } from '../imageFileError.ts';
import type { ByteReader } from './byteReader.ts';
import { inside } from './isoBoxes.ts';
import type { Box } from './isoBoxes.ts';

/** Pieces that the items of an honest file lie in, all together. */
const MAX_EXTENTS = 4096;
/** What all items of an honest file take together, times the file: writers let items that are equal share their bytes. */
const MAX_SHARING = 16;

/** An item beside or in an image: a coded image, a grid of them, metadata. */
export interface Item {
  readonly id: number;
  /** E.g. 'av01', 'grid', 'Exif', 'mime'. */
  readonly type: string;
  /** MIME type of a 'mime' item. */
  readonly content: string;
}

/** Where the bytes of an item lie; `inData` in the meta box's own `idat` instead of the file. */
export interface Place {
  readonly inData: boolean;
  readonly extents: readonly { readonly offset: number; readonly length: number }[];
}

/** `iinf` (ISO 14496-12, 8.11.6): a list of `infe`, whose versions 2 and 3 tell a type. */
export function itemsOf(reader: ByteReader, box: Box): Item[] {
  const wide = reader.u8(box.body) !== 0;
  return inside(reader, box, wide ? 8 : 6, 'image').flatMap((entry) => {
    const version = reader.u8(entry.body);
    if (entry.name !== 'infe' || version < 2) return [];
    const id = version === 2 ? reader.u16(entry.body + 4) : reader.u32(entry.body + 4);
    const at = entry.body + (version === 2 ? 8 : 10);
    const type = reader.text(at, 4);
    const name = textEnd(reader, at + 4, entry.end);
    const content = type === 'mime' ? reader.text(name + 1, textEnd(reader, name + 1, entry.end) - name - 1) : '';
    return [{ id, type, content }];
  });
}

/** Items that an item is made of or belongs to. */
export interface Reference {
  /** E.g. 'dimg' (made of), 'auxl' (beside). */
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

/** `iref` (ISO 14496-12, 8.11.12). */
export function referencesOf(reader: ByteReader, box: Box): Reference[] {
  const bytes = reader.u8(box.body) === 0 ? 2 : 4;
  const id = (at: number): number => (bytes === 2 ? reader.u16(at) : reader.u32(at));
  return inside(reader, box, 4, 'image').map(({ name, body, end }) => {
    const count = Math.min(reader.u16(body + bytes), Math.floor((end - body - bytes - 2) / bytes));
    const to = Array.from({ length: Math.max(0, count) }, (_, i) => id(body + bytes + 2 + i * bytes));
    return { type: name, from: id(body), to };
  });
}

/** Place of the zero that ends a text; `end` when there is none. */
function textEnd(reader: ByteReader, from: number, end: number): number {
  const zero = reader.bytes.subarray(0, end).indexOf(0, from);
  return zero < 0 ? end : zero;
}

/** `iloc` (8.11.3), versions 0 to 2; its numbers are as wide as its head says. Throws ImageFileError for too many pieces. */
export function placesOf(reader: ByteReader, box: Box): Map<number, Place> {
  const version = reader.u8(box.body);
  const widths = reader.u16(box.body + 4);
  const [offsetBytes, lengthBytes, baseBytes] = [widths >> 12, (widths >> 8) & 15, (widths >> 4) & 15];
  const indexBytes = version === 0 ? 0 : widths & 15;
  let at = box.body + 6;
  const next = (size: number): number => {
    const value = size === 0 ? 0 : size === 8 ? reader.u64(at) : size === 4 ? reader.u32(at) : reader.u16(at);
    at += size;
    return value;
  };
  const idBytes = version < 2 ? 2 : 4;
  const places = new Map<number, Place>();
  let pieces = 0;
  for (let count = next(idBytes); count > 0 && at < box.end; count--) {
    const id = next(idBytes);
    const method = version === 0 ? 0 : next(2) & 15;
    at += 2; // which file: always this one
    const base = next(baseBytes);
    const extents: { offset: number; length: number }[] = [];
    for (let more = next(2); more > 0 && at < box.end; more--) {
      if (++pieces > MAX_EXTENTS) throw damaged('image');
      at += indexBytes;
      extents.push({ offset: base + next(offsetBytes), length: next(lengthBytes) });
    }
    if (method <= 1) places.set(id, { inData: method === 1, extents });
  }
  return places;
}

/** The pieces of an item, at most `most` bytes of them. Throws ImageFileError where they lie outside. */
export function piecesOf(
  reader: ByteReader,
  { inData, extents }: Place,
  data: Box | undefined,
  most = Infinity,
): Uint8Array[] {
  if (inData && !data) return [];
  const base = inData ? data!.body : 0;
  const pieces: Uint8Array[] = [];
  for (const { offset, length } of extents) {
    const taken = Math.min(length, most);
    reader.need(base + offset, taken);
    pieces.push(reader.bytes.subarray(base + offset, base + offset + taken));
    most -= taken;
    if (most <= 0) break;
  }
  return pieces;
}

/**
 * Refuses items whose pieces lie over each other: a decoder gathers them before it looks at them, so a megabyte would become
 * gigabytes. Throws ImageFileError.
 */
export function assertPlacesHonest(reader: ByteReader, places: ReadonlyMap<number, Place>, format: string): void {
  let all = 0;
  for (const { extents } of places.values()) {
    const sum = extents.reduce((total, { length }) => total + length, 0);
    if (extents.some(({ length }) => length > reader.length)) throw truncated(format);
    if (sum > reader.length) throw damaged(format);
    all += sum;
  }
  if (all > MAX_SHARING * reader.length) throw damaged(format);
}
