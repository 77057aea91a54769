import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { ImageFileError, unsupported } from '../src/browser/imageFileError.ts';
import { MAX_PIXELS, readImageHeader } from '../src/browser/imageHeader.ts';
import type { ImageHeader } from '../src/browser/imageHeader.ts';
import { readMetadata } from '../src/browser/metadata/copyMetadata.ts';
import { decodeDeepHeic, decodeHeic, heldRows, isDeepHeic } from '../src/browser/heic/decodeHeic.ts';
import { loadLibheif } from './heic.ts';
import { noMetadata } from '../src/browser/metadata/photoMetadata.ts';
import { writePng } from '../src/browser/pngWriter.ts';
import { isOpaque } from '../src/core/images/pixels.ts';
import { pixelsOnly } from '../src/browser/metadata/pngChunks.ts';
import type { PhotoMetadata } from '../src/browser/metadata/photoMetadata.ts';
import { deepRows } from '../src/browser/deepPng.ts';
import type { DeepRows } from '../src/browser/deepPng.ts';
import { pngColor, toSrgb } from '../src/browser/pngColor.ts';
import type { Pixels } from '../src/core/images/pixels.ts';

/** A decoded file, upright. */
export interface DecodedFile {
  readonly pixels: Pixels;
  /** MIME type, by content. */
  readonly type: string;
  readonly metadata: PhotoMetadata;
  /** Reads the more than 8 bits a channel of a PNG or HEIC anew; null for other files. */
  readonly deepRows: (() => DeepRows | null) | null;
}

export interface Decoding {
  /** 'file' leaves pixels of a file with an RGB profile in that profile's colours, so that both can be kept; else all is sRGB. */
  readonly colors: 'file' | 'sRGB';
  /** Longer sides are made smaller to this. */
  readonly maxSide?: number;
}

/** What sharp calls the formats that the command line reads and the page does not. */
const FURTHER_FORMATS: ReadonlySet<string> = new Set(['tiff', 'gif']);

/**
 * Decodes an image file as the page does: the same checks of its header, the same metadata; upright by its orientation, a file's
 * own bytes where its profile is kept. TIFF and GIF of one image are read too. Throws Error with the reason for anything else.
 */
export async function decodePhoto(bytes: Uint8Array, { colors, maxSide }: Decoding): Promise<DecodedFile> {
  const header = headerOf(bytes);
  if (header instanceof ImageFileError) return decodeFurther(bytes, header, maxSide);
  const metadata = readMetadata(bytes, header.type);
  const keepsProfile = colors === 'file' && metadata.icc !== null;
  if (header.type === 'image/heic') {
    const pixels = await decodeHeicFile(bytes, header, metadata.icc, { colors, ...(maxSide ? { maxSide } : {}) });
    const load = await loadLibheif();
    const rows = (): DeepRows => heldRows(decodeDeepHeic(load, bytes, header, metadata.icc !== null));
    return { pixels, type: header.type, metadata, deepRows: isDeepHeic(bytes, metadata) ? rows : null };
  }
  const options = { limitInputPixels: MAX_PIXELS, failOn: 'error', ignoreIcc: keepsProfile } as const;
  // The decoder of AVIF turns images by itself.
  const whole = header.ending ? Buffer.concat([bytes, header.ending]) : bytes;
  const image = sharp(header.type === 'image/png' ? pixelsOnly(whole) : whole, options);
  const upright = header.type === 'image/avif' ? image : oriented(image, header);
  const pixels = await pixelsOf(upright, maxSide);
  if (header.type === 'image/png' && metadata.icc === null) pngToSrgb(bytes, pixels);
  const isDeep = header.type === 'image/png' && header.depth === 16 && header.orientation === 1;
  return { pixels, type: header.type, metadata, deepRows: isDeep ? () => deepRows(Uint8Array.from(bytes)) : null };
}

/** By the page's decoder; what it gives is upright. */
async function decodeHeicFile(
  bytes: Uint8Array,
  header: ImageHeader,
  icc: Uint8Array | null,
  { colors, maxSide }: Decoding,
): Promise<Pixels> {
  const pixels = decodeHeic(await loadLibheif(), bytes, header, icc !== null);
  const { width, height, data } = pixels;
  if (icc === null || colors === 'file') {
    if (!maxSide || Math.max(width, height) <= maxSide) return pixels;
    return pixelsOf(sharp(data, { raw: { width, height, channels: 4 } }), maxSide);
  }
  // sharp knows profiles only in files.
  const image = { width, height, opaque: isOpaque(pixels), bands: () => [pixels] };
  const file = await writePng(image, { ...noMetadata, icc });
  return pixelsOf(sharp(await file.arrayBuffer(), { limitInputPixels: MAX_PIXELS }), maxSide);
}

function headerOf(bytes: Uint8Array): ImageHeader | ImageFileError {
  try {
    return readImageHeader(bytes);
  } catch (error) {
    if (error instanceof ImageFileError && (error.kind === 'unsupported' || error.kind === 'notAnImage')) return error;
    throw error;
  }
}

/** TIFF and GIF. Drawings (SVG, PDF) are no photos, whatever their file is named: they may name other files. */
async function decodeFurther(bytes: Uint8Array, error: ImageFileError, maxSide?: number): Promise<DecodedFile> {
  const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' });
  const found = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => null);
  if (!found || !FURTHER_FORMATS.has(found.format)) {
    if (found?.format === 'svg' || found?.format === 'pdf')
      throw new Error(`it is ${found.format.toUpperCase()}, which is no photo`);
    throw error;
  }
  if ((found.pages ?? 1) > 1)
    throw unsupported(`a ${found.format.toUpperCase()} of ${found.pages} images`, 'Save a single one as JPEG or PNG.');
  const iptc = found.iptc ? resourcesOf(found.iptc) : null;
  const exif = found.exif?.subarray(0, 6).toString('latin1') === 'Exif\0\0' ? found.exif.subarray(6) : found.exif;
  const metadata = { exif: exif ?? null, xmp: found.xmp ?? null, iptc, icc: null };
  return { pixels: await pixelsOf(image.rotate(), maxSide), type: `image/${found.format}`, metadata, deepRows: null };
}

/** Photoshop image resources; null for IPTC that is none. */
function resourcesOf(iptc: Buffer): Uint8Array | null {
  return iptc.subarray(0, 4).toString('latin1') === '8BIM' ? iptc : null;
}

/** The stored rows rotated for display. */
function oriented(image: Sharp, { orientation }: ImageHeader): Sharp {
  switch (orientation) {
    case 1:
      return image;
    case 2:
      return image.flop();
    case 3:
      return image.rotate(180);
    case 4:
      return image.flip();
    case 5:
      return image.rotate(270).flip();
    case 6:
      return image.rotate(90);
    case 7:
      return image.rotate(90).flip();
    case 8:
      return image.rotate(270);
    default:
      return orientation satisfies never;
  }
}

async function pixelsOf(upright: Sharp, maxSide = Infinity): Promise<Pixels> {
  const fitted =
    maxSide === Infinity ? upright : upright.resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true });
  const { data, info } = await fitted.toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength),
  };
}

/** Colours that a PNG tells without a profile (gAMA, cHRM, cICP), as browsers show them. */
function pngToSrgb(bytes: Uint8Array, { data }: Pixels): void {
  const color = pngColor(bytes);
  if (color === 'high dynamic range')
    throw unsupported('a PNG of high dynamic range', 'Save it as a usual PNG or JPEG.');
  if (color) toSrgb(data, 4, 256, color);
}
