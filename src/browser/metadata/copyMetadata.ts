import type { Size } from '../../core/inference/tiles.ts';
import { sanitizeExif } from './sanitizeExif.ts';
import { readIsoMediaMetadata } from './isoMediaItems.ts';
import { readJpegMetadata, writeJpegMetadata } from './jpegSegments.ts';
import { withoutThumbnails } from './photoshopBlocks.ts';
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
  const extended = found.extendedXmp ? { extendedXmp: found.extendedXmp.slice() } : {};
  return {
    exif: filled(found.exif),
    xmp: filled(found.xmp),
    ...extended,
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
export function metadataOfResult({ exif, xmp, extendedXmp, iptc, icc }: PhotoMetadata, size: Size): PhotoMetadata {
  return {
    ...(extendedXmp ? { extendedXmp } : {}),
    exif: exif && sanitizeExif(exif, size),
    xmp: xmp && uprightXmp(xmp),
    iptc: iptc && withoutThumbnails(iptc),
    icc,
  };
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
  return part && part.length > 0 && part.length <= MAX_METADATA_BYTES ? part.slice() : null;
}

/** A grey or CMYK profile does not fit the RGB pixels that browsers decode to. */
function isRgbProfile(icc: Uint8Array | null): icc is Uint8Array {
  return icc !== null && icc.length > 128 && String.fromCharCode(...icc.subarray(16, 20)) === 'RGB ';
}

/** XMP may repeat the orientation, as an attribute or an element; only its digit changes. */
function uprightXmp(xmp: Uint8Array): Uint8Array {
  const upright = xmp.slice();
  const text = new TextDecoder('latin1').decode(xmp); // one character a byte, so places agree
  for (const match of text.matchAll(/tiff:Orientation(?:\s*=\s*["']|>\s*)([1-8])/g))
    upright[match.index + match[0].length - 1] = 0x31;
  return upright;
}
