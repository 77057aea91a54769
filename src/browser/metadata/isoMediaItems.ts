import { ByteReader } from '../header/byteReader.ts';
import { boxes, inside, primaryItem, propertiesOf } from '../header/isoBoxes.ts';
import type { Box } from '../header/isoBoxes.ts';
import { itemsOf, piecesOf, placesOf } from '../header/isoItems.ts';
import type { Item, Place } from '../header/isoItems.ts';
import { ImageFileError } from '../imageFileError.ts';
import { hasText, joined } from './byteWriting.ts';
import { MAX_METADATA_BYTES, noMetadata } from './photoMetadata.ts';
import type { IsoFeature, PhotoMetadata } from './photoMetadata.ts';

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

/** How an image without an ICC profile tells its colours: code points of ITU-T H.273, 2 for unspecified. */
export interface CodedColors {
  readonly primaries: number;
  readonly transfer: number;
}

/** The image's `colr` property of kind `nclx`; null where it has none or the file contradicts itself. */
export function readCodedColors(bytes: Uint8Array): CodedColors | null {
  const reader = new ByteReader(bytes, 'image');
  try {
    const meta = boxes(reader, 0, reader.length, 'image').find(({ name }) => name === 'meta');
    const parts = meta ? inside(reader, meta, 4, 'image') : [];
    const part = (name: string): Box | undefined => parts.find((box) => box.name === name);
    const box = colorBox(reader, part('pitm'), part('iprp'), ['nclx']);
    return box ? { primaries: reader.u16(box.body + 4), transfer: reader.u16(box.body + 6) } : null;
  } catch (error) {
    if (error instanceof ImageFileError) return null;
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
  const features = featuresOf(reader, part('pitm'), part('iprp'), items);
  const exif = content(items.find(({ type }) => type === 'Exif'));
  return {
    ...noMetadata,
    ...(features.length > 0 ? { features } : {}),
    exif: exif && tiffOf(exif),
    xmp: content(items.find(({ type, content: mime }) => type === 'mime' && mime === 'application/rdf+xml')),
    icc: profileOf(reader, part('pitm'), part('iprp')),
  };
}

/** Null for an item that is larger than any honest metadata. */
function contentOf(reader: ByteReader, place: Place, data: Box | undefined): Uint8Array | null {
  if (place.extents.reduce((sum, { length }) => sum + length, 0) > MAX_METADATA_BYTES) return null;
  const pieces = piecesOf(reader, place, data);
  return pieces.length > 0 ? joined(pieces) : null;
}

/** An Exif item begins with the distance to its TIFF block; some writers put 'Exif\0\0' in between. */
function tiffOf(item: Uint8Array): Uint8Array | null {
  const distance = new ByteReader(item, 'EXIF').u32(0);
  const tiff = item.subarray(4 + distance);
  return hasText(tiff, 0, 'Exif\0\0') ? tiff.subarray(6) : tiff;
}

/** Kinds of auxiliary images (`auxC`), as cameras and encoders name them. */
const AUXILIARY: readonly (readonly [RegExp, IsoFeature])[] = [
  [/:hdrgainmap$/, 'HDR gain map'],
  [/:auxid:2$|auxiliary:depth$/, 'depth map'],
  [/:auxid:1$|auxiliary:alpha$/, 'transparency'],
];

function featuresOf(
  reader: ByteReader,
  primary: Box | undefined,
  properties: Box | undefined,
  items: readonly Item[],
): IsoFeature[] {
  const { all, own } = propertyBoxes(reader, primary, properties);
  const kinds = all
    .filter(({ name, body, end }) => name === 'auxC' && end > body + 4)
    .map(({ body, end }) => reader.text(body + 4, Math.min(end - body - 4, 80)).replace(/\0.*$/s, ''));
  const found = AUXILIARY.filter(([kind]) => kinds.some((name) => kind.test(name))).map(([, feature]) => feature);
  const depth = own.find((box) => box?.name === 'pixi');
  return [
    ...new Set([
      ...found,
      ...(items.some(({ type }) => type === 'tmap') ? (['HDR gain map'] as const) : []),
      ...(depth && reader.u8(depth.body + 5) > 8 ? (['over 8 bits'] as const) : []),
    ]),
  ];
}

function profileOf(reader: ByteReader, primary: Box | undefined, properties: Box | undefined): Uint8Array | null {
  const profile = colorBox(reader, primary, properties, ['prof', 'rICC']);
  return profile ? reader.bytes.subarray(profile.body + 4, profile.end) : null;
}

/** The image's `colr` property (ISO 14496-12, 12.1.5) of one of these kinds. */
function colorBox(
  reader: ByteReader,
  primary: Box | undefined,
  properties: Box | undefined,
  kinds: readonly string[],
): Box | undefined {
  const { own } = propertyBoxes(reader, primary, properties);
  return own.find((box) => box?.name === 'colr' && kinds.includes(reader.text(box.body, 4)));
}

/** All properties, and those of the primary item. */
function propertyBoxes(
  reader: ByteReader,
  primary: Box | undefined,
  properties: Box | undefined,
): { readonly all: readonly Box[]; readonly own: readonly (Box | undefined)[] } {
  const containers = properties ? inside(reader, properties, 0, 'image') : [];
  const container = containers.find(({ name }) => name === 'ipco');
  const associations = containers.find(({ name }) => name === 'ipma');
  const all = container ? inside(reader, container, 0, 'image') : [];
  if (!primary || !associations) return { all, own: [] };
  return { all, own: propertiesOf(reader, primaryItem(reader, primary), associations).map((index) => all[index - 1]) };
}
