import { damaged, unsupported } from '../imageFileError.ts';
import { ByteReader } from './byteReader.ts';
import type { Orientation } from './exif.ts';
import { exifOrientation } from './exif.ts';
import type { RawHeader } from './rawHeader.ts';

/** PNG (ISO 15948): IHDR first, then every chunk up to IEND must lie inside the file; eXIf gives the orientation. */
export function readPngHeader(bytes: Uint8Array): RawHeader {
  const reader = new ByteReader(bytes, 'PNG');
  reader.need(8, 25);
  if (reader.text(12, 4) !== 'IHDR' || reader.u32(8) !== 13) throw damaged('PNG');
  const [width, height] = [reader.u32(16), reader.u32(20)];
  let orientation: Orientation = 1;
  let hasData = false;
  for (let at = 8; ;) {
    const length = reader.u32(at);
    const name = reader.text(at + 4, 4);
    reader.need(at + 8, length + 4);
    if (name === 'acTL' && !hasData) throw unsupported('a moving PNG', 'Save a single frame as JPEG or PNG.');
    if (name === 'IDAT') hasData ||= length > 0;
    if (name === 'eXIf') orientation = exifOrientation(bytes.subarray(at + 8, at + 8 + length));
    if (name === 'IEND') break;
    at += length + 12;
  }
  if (!hasData) throw damaged('PNG');
  return { type: 'image/png', width, height, orientation };
}
