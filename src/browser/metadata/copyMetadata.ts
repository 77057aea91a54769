import type { Size } from '../../core/inference/tiles.ts';
import { sanitizeExif } from './sanitizeExif.ts';
import { readIsoMediaMetadata } from './isoMediaItems.ts';
import { lostInJpeg, readJpegMetadata, writeJpegMetadata } from './jpegSegments.ts';
import { withoutThumbnails } from './photoshopBlocks.ts';
import { xmpOfResult } from './resultXmp.ts';
import { readPngMetadata } from './pngChunks.ts';
import { MAX_METADATA_BYTES, noMetadata } from './photoMetadata.ts';
import type { PhotoMetadata } from './photoMetadata.ts';
import { readWebpMetadata, writeWebpMetadata } from './webpChunks.ts';

/**
 * The metadata of a JPEG, PNG, WebP, AVIF or HEIC file, copied out of its bytes; nothing for other types, or where a part is damaged.
 * Never throws.
 */
export function readMetadata(bytes: Uint8Array, type: string): PhotoMetadata {
  const found = readParts(bytes, type);
  return {
    ...(found.pngTexts ? { pngTexts: found.pngTexts } : {}),
    ...(found.features ? { features: found.features } : {}),
    exif: filled(found.exif),
    xmp: filled(found.xmp),
    iptc: filled(found.iptc),
    icc: isRgbProfile(found.icc) ? filled(found.icc) : null,
  };
}

/**
 * `encoded` (a JPEG or WebP file fresh from the encoder) with the metadata put in. What is too large for the format is left
 * out. A PNG gets its own as it is written.
 */
export function writeMetadata(
  encoded: Uint8Array<ArrayBuffer>,
  type: string,
  metadata: PhotoMetadata,
): Uint8Array<ArrayBuffer> {
  if (Object.values(metadata).every((part) => part === null)) return encoded;
  if (type === 'image/jpeg') return writeJpegMetadata(encoded, metadata);
  if (type === 'image/webp') return writeWebpMetadata(encoded, metadata);
  return encoded;
}

/**
 * The metadata as it holds for the derained image: stored upright, without thumbnails that still show rain, and
 * otherwise byte for byte.
 */
export function metadataOfResult({ exif, xmp, iptc, icc, pngTexts }: PhotoMetadata, size: Size): PhotoMetadata {
  return {
    ...(pngTexts ? { pngTexts } : {}),
    exif: exif && sanitizeExif(exif, size),
    xmp: xmp && xmpOfResult(xmp, size),
    iptc: iptc && withoutThumbnails(iptc),
    icc,
  };
}

/** What a person calls the parts. */
export type MetadataPart = 'EXIF' | 'XMP' | 'IPTC' | 'ICC profile' | 'PNG texts';

/** The parts that a file holds. */
export function partsOf({ exif, xmp, iptc, icc, pngTexts }: PhotoMetadata): MetadataPart[] {
  const parts = [
    exif && ('EXIF' as const),
    xmp && ('XMP' as const),
    iptc && ('IPTC' as const),
    icc && ('ICC profile' as const),
    pngTexts ? ('PNG texts' as const) : null,
  ];
  return parts.filter((part) => part !== null);
}

/** The parts of `metadata` that a result of this type and size cannot hold. */
export function lostParts(metadata: PhotoMetadata, type: string, size: Size): MetadataPart[] {
  const result = metadataOfResult(metadata, size);
  const unreadable = partsOf(metadata).filter((part) => !partsOf(result).includes(part));
  const texts = result.pngTexts ? (['PNG texts'] as const) : [];
  if (type === 'image/png') return unreadable;
  if (type === 'image/jpeg') return [...unreadable, ...lostInJpeg(result), ...texts];
  return [...unreadable, ...(result.iptc ? (['IPTC'] as const) : []), ...texts];
}

function readParts(bytes: Uint8Array, type: string): PhotoMetadata {
  try {
    if (type === 'image/jpeg') return readJpegMetadata(bytes);
    if (type === 'image/png') return readPngMetadata(bytes);
    if (type === 'image/webp') return readWebpMetadata(bytes);
    if (type === 'image/avif' || type === 'image/heic') return readIsoMediaMetadata(bytes);
    return noMetadata;
  } catch (error) {
    if (error instanceof RangeError) return noMetadata; // Reading beyond the end: the file lies about its own parts.
    throw error;
  }
}

function filled(part: Uint8Array | null): Uint8Array | null {
  return part && part.length > 0 && part.length <= MAX_METADATA_BYTES ? new Uint8Array(part) : null;
}

/** A grey or CMYK profile does not fit the RGB pixels that browsers decode to. */
function isRgbProfile(icc: Uint8Array | null): icc is Uint8Array {
  return icc !== null && icc.length > 128 && String.fromCharCode(...icc.subarray(16, 20)) === 'RGB ';
}
