import { Unzlib } from 'fflate';
import { damaged, unsupported } from '../imageFileError.ts';
import { pngChunk } from '../metadata/pngChunks.ts';
import { ByteReader } from './byteReader.ts';
import type { Orientation } from './exif.ts';
import { exifOrientation } from './exif.ts';
import type { RawHeader } from './rawHeader.ts';

/**
 * PNG (ISO 15948): IHDR first, then every chunk up to IEND must lie inside the file; eXIf gives the orientation. A file that lacks
 * only IEND, or its check sum, is taken.
 */
export function readPngHeader(bytes: Uint8Array): RawHeader {
  const reader = new ByteReader(bytes, 'PNG');
  reader.need(8, 25);
  if (reader.text(12, 4) !== 'IHDR' || reader.u32(8) !== 13) throw damaged('PNG');
  const [width, height] = [reader.u32(16), reader.u32(20)];
  const depth = reader.u8(24) === 16 ? { depth: 16 as const } : {};
  let orientation: Orientation = 1;
  let hasData = false;
  const data: Uint8Array[] = [];
  for (let at = 8; ;) {
    if (lacksEndOnly(bytes, at) && isWhole(data, width, height)) {
      const ending = pngChunk('IEND', []).slice(bytes.length - at);
      return { type: 'image/png', width, height, orientation, ...depth, ending };
    }
    const length = reader.u32(at);
    const name = reader.text(at + 4, 4);
    reader.need(at + 8, length + 4);
    if (name === 'acTL' && !hasData) throw unsupported('a moving PNG', 'Save a single frame as JPEG or PNG.');
    if (name === 'IDAT') {
      hasData ||= length > 0;
      data.push(bytes.subarray(at + 8, at + 8 + length));
    }
    if (name === 'eXIf') orientation = exifOrientation(bytes.subarray(at + 8, at + 8 + length));
    if (name === 'IEND') break;
    at += length + 12;
  }
  if (!hasData) throw damaged('PNG');
  return { type: 'image/png', width, height, orientation, ...depth };
}

/** Whether nothing but the beginning of IEND follows. */
function lacksEndOnly(bytes: Uint8Array, at: number): boolean {
  const rest = bytes.subarray(at);
  const end = pngChunk('IEND', []);
  return rest.length < end.length && rest.every((byte, i) => byte === end[i]);
}

/** Whether the packed rows come to their end, within what an image of these sides can take. */
function isWhole(data: readonly Uint8Array[], width: number, height: number): boolean {
  const most = (width * 8 + 1) * height + INTERLACED_EXTRA * height;
  let length = 0;
  const stream = new Unzlib((part) => {
    length += part.length;
  });
  try {
    for (const [i, part] of data.entries()) {
      for (let at = 0; at < part.length; at += STEP) {
        if (length > most) return false;
        stream.push(part.subarray(at, at + STEP), i === data.length - 1 && at + STEP >= part.length);
      }
    }
    return data.length > 0 && length > height;
  } catch {
    return false;
  }
}

/** Packed bytes that are unpacked at once. */
const STEP = 16_384;
/** Filter bytes of the seven passes, a row. */
const INTERLACED_EXTRA = 7;
