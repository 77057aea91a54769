import type { Size } from '../../core/inference/tiles.ts';
import { damaged } from '../imageFileError.ts';
import { joined } from '../metadata/byteWriting.ts';
import { av1FrameSize } from './av1.ts';
import type { ByteReader } from './byteReader.ts';
import { hevcFrameSize } from './hevc.ts';
import { propertiesOf } from './isoBoxes.ts';
import type { Box } from './isoBoxes.ts';
import { assertPlacesHonest, itemsOf, piecesOf, placesOf, referencesOf } from './isoItems.ts';
import type { Item, Reference } from './isoItems.ts';

/** Bytes of an AV1 item in which its sequence header lies. */
const HEADER_BYTES = 4096;
/** Pixels of a thumbnail or depth map beside a small image. */
const SMALL_PIXELS = 1e6;
/** Pixels of a coded block, to which decoders fill up. */
const BLOCK_PIXELS = 64 * 64;
/** Pixels to decode for each of the image. */
const MOST_SHARE = 4;

/** The boxes that tell of items. */
export interface ItemBoxes {
  readonly parts: readonly Box[];
  /** All properties, in the order of their indices. */
  readonly all: readonly Box[];
  readonly associations: Box | undefined;
}

/**
 * Refuses a file whose parts are not what it says: pieces over each other, coded images larger than their `ispe`, or more of
 * them than the image has room for (a grid's tiles, alpha, gain map and depth together take up to four times the image), told once
 * each or by grids that name them again and again. Throws ImageFileError.
 */
export function assertItemsHonest(
  reader: ByteReader,
  { parts, all, associations }: ItemBoxes,
  image: Size,
  format: string,
): void {
  const box = (name: string): Box | undefined => parts.find((part) => part.name === name);
  const [location, info, relations] = [box('iloc'), box('iinf'), box('iref')];
  if (!location) return;
  const places = placesOf(reader, location);
  assertPlacesHonest(reader, places, format);
  const items = info ? itemsOf(reader, info) : [];
  const room = MOST_SHARE * image.width * image.height + SMALL_PIXELS;
  const areas = new Map<number, number>();
  let coded = 0;
  for (const item of items) {
    const own = associations ? propertiesOf(reader, item.id, associations).map((index) => all[index - 1]) : [];
    const size = own.find((property) => property?.name === 'ispe');
    const said = size ? reader.u32(size.body + 4) * reader.u32(size.body + 8) : image.width * image.height;
    areas.set(item.id, said);
    const place = places.get(item.id);
    if (!place) continue;
    const pieces = (most?: number): Uint8Array => joined(piecesOf(reader, place, box('idat'), most));
    const frame = frameOf(reader, item, own, pieces);
    if (!frame) continue;
    if (frame.width * frame.height > 2 * said + BLOCK_PIXELS) throw damaged(format);
    coded += frame.width * frame.height;
  }
  if (coded > room) throw damaged(format);
  const derived = relations ? referencesOf(reader, relations).filter(({ type }) => type === 'dimg') : [];
  if (derivedPixels(derived, areas) > room) throw damaged(format);
}

/** What a coded image makes a decoder make room for; null for other items. */
function frameOf(
  reader: ByteReader,
  { type }: Item,
  own: readonly (Box | undefined)[],
  pieces: (most?: number) => Uint8Array,
): Size | null {
  if (type === 'av01') return av1FrameSize(pieces(HEADER_BYTES));
  if (type !== 'hvc1' && type !== 'hev1') return null;
  const config = own.find((property) => property?.name === 'hvcC');
  return hevcFrameSize(config ? reader.bytes.subarray(config.body, config.end) : new Uint8Array(0), pieces());
}

/** Pixels that images put together from others make a decoder decode; Infinity where they contain themselves. */
function derivedPixels(derived: readonly Reference[], areas: ReadonlyMap<number, number>): number {
  const parts = new Map(derived.map(({ from, to }) => [from, to]));
  const found = new Map<number, number>();
  const pixelsOf = (id: number): number => {
    const known = found.get(id);
    if (known !== undefined) return known;
    found.set(id, Infinity);
    const own = Math.max(1, areas.get(id) ?? 0);
    const sum = (parts.get(id) ?? []).reduce((total, part) => total + pixelsOf(part), own);
    found.set(id, sum);
    return sum;
  };
  return [...parts.values()].flat().reduce((total, part) => total + pixelsOf(part), 0);
}
