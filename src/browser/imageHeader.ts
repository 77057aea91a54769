import { ImageFileError, unsupported } from './imageFileError.ts';
import type { Orientation } from './header/exif.ts';
import { isIsoMedia, readIsoMediaHeader } from './header/isoMedia.ts';
import { readJpegHeader } from './header/jpeg.ts';
import { readPngHeader } from './header/png.ts';
import type { ImageType } from '../protocol/libraryRecord.ts';
import type { RawHeader } from './header/rawHeader.ts';
import { readWebpHeader } from './header/webp.ts';

/** An image may have this many pixels at most: 100 megapixels take 400 MB once decoded. */
export const MAX_PIXELS = 100_000_000;
/** Longest side that canvases hold. */
export const MAX_SIDE = 32_767;

/** What a file's own bytes say about the image in it. */
export interface ImageHeader {
  readonly type: ImageType;
  /** Sides as shown, pixels: orientations 5…8 have already swapped them. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1…8. Decoding applies it; never turn the image again. */
  readonly orientation: Orientation;
  /** Bits a channel of a PNG, where they are 16. */
  readonly depth?: 16;
  /** What was cut off behind a whole image: an end marker. Decoders take the file with these bytes added. */
  readonly ending?: Uint8Array<ArrayBuffer>;
}

/**
 * Type, size and orientation out of a whole file, before anything is decoded. JPEG, PNG and WebP are followed to their end, so a
 * file that was cut off is found here. Throws ImageRefusal, and nothing else, for everything that is not a readable image.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  if (bytes.length === 0) {
    throw new ImageFileError('empty', 'The file is empty (0 bytes).', 'Copy or download it again from where it came.');
  }
  const { type, width, height, orientation, depth, ending } = parse(bytes);
  if (width === 0 || height === 0)
    throw new ImageFileError('damaged', 'The image has no pixels.', 'Save it anew in another program.');
  if (width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE) throw tooLarge(width, height);
  const sides = orientation >= 5 ? { width: height, height: width } : { width, height };
  return { type, ...sides, orientation, ...(depth ? { depth } : {}), ...(ending ? { ending } : {}) };
}

function parse(bytes: Uint8Array): RawHeader {
  if (startsWith(bytes, [0xff, 0xd8])) return readJpegHeader(bytes);
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return readPngHeader(bytes);
  if (startsWith(bytes, 'RIFF') && startsWith(bytes.subarray(8), 'WEBP')) return readWebpHeader(bytes);
  if (isIsoMedia(bytes)) return readIsoMediaHeader(bytes);
  for (const [magic, what] of KNOWN_BUT_UNREAD) if (startsWith(bytes, magic)) throw unsupported(what);
  throw new ImageFileError(
    'notAnImage',
    'This is not an image.',
    'Choose JPEG, PNG, WebP, AVIF or HEIC images, folders of them, or zip files.',
  );
}

/** First bytes of a file; null stands for any byte. */
type Magic = string | readonly (number | null)[];

const KNOWN_BUT_UNREAD: readonly (readonly [Magic, string])[] = [
  ['GIF8', 'a GIF'],
  [[0x42, 0x4d, null, null, null, null, 0, 0, 0, 0], 'a BMP'],
  [[0x49, 0x49, 0x2a, 0x00], 'a TIFF or raw camera file'],
  [[0x4d, 0x4d, 0x00, 0x2a], 'a TIFF or raw camera file'],
  ['FUJIFILM', 'a raw camera file'],
  ['8BPS', 'a Photoshop file'],
  ['%PDF', 'a PDF'],
  ['<svg', 'an SVG drawing'],
  [[0xff, 0x0a], 'a JPEG XL'],
  [[0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20], 'a JPEG XL'],
  [[0, 0, 0, 0x0c, 0x6a, 0x50], 'a JPEG 2000'],
];

function startsWith(bytes: Uint8Array, magic: Magic): boolean {
  for (let i = 0; i < magic.length; i++) {
    const expected = typeof magic === 'string' ? magic.charCodeAt(i) : magic[i];
    if (expected !== null && bytes[i] !== expected) return false;
  }
  return true;
}

function tooLarge(width: number, height: number): ImageFileError {
  const megapixels = Math.round((width * height) / 1e6).toLocaleString('en');
  const limit =
    width * height > MAX_PIXELS ? `${MAX_PIXELS / 1e6} megapixels` : `${MAX_SIDE.toLocaleString('en')} pixels a side`;
  return new ImageFileError(
    'tooLarge',
    `The image is ${width.toLocaleString('en')} × ${height.toLocaleString('en')} (${megapixels} megapixels); the limit is ${limit}.`,
    'Make it smaller in another program first.',
  );
}
