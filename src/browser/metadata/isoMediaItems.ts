import { ByteReader } from '../header/byteReader.ts';
import { boxes, inside, primaryItem, propertiesOf } from '../header/isoBoxes.ts';
import type { Box } from '../header/isoBoxes.ts';
import { damaged, ImageFileError } from '../imageFileError.ts';
import { hasText, joined } from './byteWriting.ts';
import { MAX_METADATA_BYTES, noMetadata } from './photoMetadata.ts';
import type { PhotoMetadata } from './photoMetadata.ts';

/** Pieces that the items of an honest file lie in, all together. */
const MAX_EXTENTS = 4096;

interface Item {
  readonly id: number;
  /** E.g. 'Exif', 'mime'. */
  readonly type: string;
  /** MIME type of a 'mime' item. */
  readonly content: string;
}

/** Where the bytes of an item lie; `inData` in the meta box's own `idat` instead of the file. */
interface Place {
  readonly inData: boolean;
  readonly extents: readonly { readonly offset: number; readonly length: number }[];
}

/**
 * Metadata of AVIF and HEIC (ISO 23008-12): EXIF and XMP are items beside the image, the profile a `colr` property of the
 * image. Nothing where the file contradicts itself.
 */
export function readIsoMediaMetadata(bytes: Uint8Array): PhotoMetadata {
  try {
    return readFrom(new ByteReader(bytes, 'image'));
  } catch (error) {
    if (error instanceof ImageFileError) return noMetadata;
    throw error;
  }
}

function readFrom(reader: ByteReader): PhotoMetadata {
  const meta = boxes(reader, 0, reader.length, 'image').find(({ name }) => name === 'meta');
  if (!meta) return noMetadata;
  const parts = inside(reader, meta, 4, 'image');
  const part = (name: string): Box | undefined => parts.find((box) => box.name === name);
  const [info, location] = [part('iinf'), part('iloc')];
  const items = info ? itemsOf(reader, info) : [];
  const places = location ? placesOf(reader, location) : new Map<number, Place>();
  const content = (item: Item | undefined): Uint8Array | null => {
    const place = item && places.get(item.id);
    return place ? contentOf(reader, place, part('idat')) : null;
  };
  const exif = content(items.find(({ type }) => type === 'Exif'));
  return {
    ...noMetadata,
    exif: exif && tiffOf(exif),
    xmp: content(items.find(({ type, content: mime }) => type === 'mime' && mime === 'application/rdf+xml')),
    icc: profileOf(reader, part('pitm'), part('iprp')),
  };
}

/** `iinf`: a list of `infe`, whose versions 2 and 3 tell a type. */
function itemsOf(reader: ByteReader, box: Box): Item[] {
  const wide = reader.u8(box.body) !== 0;
  return inside(reader, box, wide ? 8 : 6, 'image').flatMap((entry) => {
    const version = reader.u8(entry.body);
    if (entry.name !== 'infe' || version < 2) return [];
    const id = version === 2 ? reader.u16(entry.body + 4) : reader.u32(entry.body + 4);
    const at = entry.body + (version === 2 ? 8 : 10);
    const type = reader.text(at, 4);
    const name = textEnd(reader, at + 4, entry.end);
    return [
      {
        id,
        type,
        content: type === 'mime' ? reader.text(name + 1, textEnd(reader, name + 1, entry.end) - name - 1) : '',
      },
    ];
  });
}

/** Place of the zero that ends a text; `end` when there is none. */
function textEnd(reader: ByteReader, from: number, end: number): number {
  const zero = reader.bytes.subarray(0, end).indexOf(0, from);
  return zero < 0 ? end : zero;
}

/** `iloc`, versions 0 to 2; its numbers are as wide as its head says. Throws ImageRefusal for too many pieces. */
function placesOf(reader: ByteReader, box: Box): Map<number, Place> {
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

function contentOf(reader: ByteReader, { inData, extents }: Place, data: Box | undefined): Uint8Array | null {
  if (inData && !data) return null;
  if (extents.reduce((sum, { length }) => sum + length, 0) > MAX_METADATA_BYTES) return null;
  const base = inData ? data!.body : 0;
  return joined(
    extents.map(({ offset, length }) => {
      reader.need(base + offset, length);
      return reader.bytes.subarray(base + offset, base + offset + length);
    }),
  );
}

/** An Exif item begins with the distance to its TIFF block; some writers put 'Exif\0\0' in between. */
function tiffOf(item: Uint8Array): Uint8Array | null {
  const distance = new ByteReader(item, 'EXIF').u32(0);
  const tiff = item.subarray(4 + distance);
  return hasText(tiff, 0, 'Exif\0\0') ? tiff.subarray(6) : tiff;
}

function profileOf(reader: ByteReader, primary: Box | undefined, properties: Box | undefined): Uint8Array | null {
  if (!primary || !properties) return null;
  const containers = inside(reader, properties, 0, 'image');
  const container = containers.find(({ name }) => name === 'ipco');
  const associations = containers.find(({ name }) => name === 'ipma');
  if (!container || !associations) return null;
  const all = inside(reader, container, 0, 'image');
  const own = propertiesOf(reader, primaryItem(reader, primary), associations).map((index) => all[index - 1]);
  const profile = own.find((box) => box?.name === 'colr' && ['prof', 'rICC'].includes(reader.text(box.body, 4)));
  return profile ? reader.bytes.subarray(profile.body + 4, profile.end) : null;
}
