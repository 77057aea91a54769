import { damaged, truncated, unsupported } from '../imageFileError.ts';
import { ByteReader } from './byteReader.ts';
import type { Orientation } from './exif.ts';
import { boxes, inside, primaryItem, propertiesOf } from './isoBoxes.ts';
import type { Box } from './isoBoxes.ts';
import { assertItemsHonest } from './isoCoded.ts';
import type { ImageType } from '../../protocol/libraryRecord.ts';
import type { RawHeader } from './rawHeader.ts';

const AVIF_BRANDS = ['avif', 'avis'];
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];

/**
 * AVIF and HEIC (ISO 23008-12): the sides of the primary item are the `ispe` property that `ipma` ties to it; `irot` turns it.
 * A file without those ties gives its largest `ispe`.
 */
export function readIsoMediaHeader(bytes: Uint8Array): RawHeader {
  const start = new ByteReader(bytes, 'image');
  const type = brandType(start);
  const format = type === 'image/avif' ? 'AVIF' : 'HEIC';
  const reader = new ByteReader(bytes, format);
  const top = boxes(reader, 0, bytes.length, format);
  const meta = top.find((box) => box.name === 'meta');
  if (!meta && top.some((box) => box.name === 'moov'))
    throw unsupported(`a ${format} sequence without a still image`, 'Save a single image as JPEG or PNG.');
  if (!meta) throw damaged(format);
  if (!top.some((box) => box.name === 'mdat') && !inside(reader, meta, 4, format).some((box) => box.name === 'idat'))
    throw truncated(format);
  const parts = inside(reader, meta, 4, format);
  const properties = parts.find((box) => box.name === 'iprp');
  if (!properties) throw damaged(format);
  const containers = inside(reader, properties, 0, format);
  const container = containers.find((box) => box.name === 'ipco');
  if (!container) throw damaged(format);
  const all = inside(reader, container, 0, format);
  const primary = parts.find((box) => box.name === 'pitm');
  const associations = containers.find((box) => box.name === 'ipma');
  const own =
    primary && associations
      ? propertiesOf(reader, primaryItem(reader, primary), associations).map((index) => all[index - 1])
      : [];
  const size = own.find((box) => box?.name === 'ispe') ?? largest(reader, all);
  if (!size) throw damaged(format);
  assertItemsHonest(
    reader,
    { parts, all, associations },
    { width: reader.u32(size.body + 4), height: reader.u32(size.body + 8) },
    format,
  );
  const rotation = own.find((box) => box?.name === 'irot');
  return {
    type,
    width: reader.u32(size.body + 4),
    height: reader.u32(size.body + 8),
    orientation: rotation ? rotated(reader.u8(rotation.body) & 3) : 1,
  };
}

/** True for any file of the ISO base media family, videos included. */
export function isIsoMedia(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && String.fromCharCode(...bytes.subarray(4, 8)) === 'ftyp';
}

function brandType(reader: ByteReader): ImageType {
  const end = Math.min(reader.u32(0), reader.length, 4096);
  const brands = [reader.text(8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(reader.text(at, 4));
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return 'image/avif';
  if (brands.some((brand) => HEIC_BRANDS.includes(brand))) return 'image/heic';
  throw unsupported('a video', 'Save single frames as JPEG or PNG.');
}

function largest(reader: ByteReader, all: readonly Box[]): Box | undefined {
  const area = (box: Box): number => reader.u32(box.body + 4) * reader.u32(box.body + 8);
  return all.filter((box) => box.name === 'ispe').sort((a, b) => area(b) - area(a))[0];
}

/** `irot` counts quarter turns counter-clockwise. */
function rotated(quarters: number): Orientation {
  return ([1, 8, 3, 6] as const)[quarters] ?? 1;
}
