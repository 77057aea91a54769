import { damaged, unsupported } from '../imageFileError.ts';
import { ByteReader } from './byteReader.ts';
import type { Orientation } from './exif.ts';
import { exifOrientation } from './exif.ts';
import type { RawHeader } from './rawHeader.ts';

const ANIMATION_FLAG = 0x02;

/** WebP (RFC 9649): a RIFF container whose image is VP8 (lossy) or VP8L (lossless), perhaps behind a VP8X header. */
export function readWebpHeader(bytes: Uint8Array): RawHeader {
  const reader = new ByteReader(bytes, 'WebP');
  const end = 8 + reader.u32(4, true);
  reader.need(0, end);
  let canvas: { width: number; height: number } | null = null;
  let image: { width: number; height: number } | null = null;
  let orientation: Orientation = 1;
  for (let at = 12; at + 8 <= end;) {
    const name = reader.text(at, 4);
    const length = reader.u32(at + 4, true);
    const body = at + 8;
    reader.need(body, length);
    if (name === 'VP8X') {
      if (reader.u8(body) & ANIMATION_FLAG) throw unsupported('a moving WebP', 'Save a single frame as JPEG or PNG.');
      canvas = { width: reader.u24(body + 4, true) + 1, height: reader.u24(body + 7, true) + 1 };
    }
    if (name === 'VP8 ') image ??= lossySize(reader, body);
    if (name === 'VP8L') image ??= losslessSize(reader, body);
    if (name === 'EXIF') orientation = exifOrientation(withoutPrefix(bytes.subarray(body, body + length)));
    at = body + length + (length & 1);
  }
  if (!image) throw damaged('WebP');
  return { type: 'image/webp', ...(canvas ?? image), orientation };
}

/** RFC 6386, 9.1: three bytes of frame tag, the start code, then two 14-bit sides. */
function lossySize(reader: ByteReader, at: number): { width: number; height: number } {
  if (reader.u24(at + 3) !== 0x9d012a) throw damaged('WebP');
  return { width: reader.u16(at + 6, true) & 0x3fff, height: reader.u16(at + 8, true) & 0x3fff };
}

/** A signature byte, then both sides less one in 14 bits each. */
function losslessSize(reader: ByteReader, at: number): { width: number; height: number } {
  if (reader.u8(at) !== 0x2f) throw damaged('WebP');
  const bits = reader.u32(at + 1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Some writers keep JPEG's 'Exif\0\0' before the TIFF block. */
function withoutPrefix(exif: Uint8Array): Uint8Array {
  const prefixed = exif[0] === 0x45 && exif[1] === 0x78 && exif[2] === 0x69 && exif[3] === 0x66;
  return prefixed ? exif.subarray(6) : exif;
}
