import { ImageFileError } from '../imageFileError.ts';
import { ByteReader } from './byteReader.ts';

/** How the stored rows are rotated for display, as EXIF counts it: 1 upright … 8; 5…8 swap width and height. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION_TAG = 0x0112;

/** The orientation in a TIFF block (what follows 'Exif\0\0' in a JPEG); 1 when there is none or the block is unreadable. */
export function exifOrientation(tiff: Uint8Array): Orientation {
  try {
    return readOrientation(new ByteReader(tiff, 'EXIF'));
  } catch (error) {
    if (error instanceof ImageFileError) return 1; // A broken EXIF block spoils no image.
    throw error;
  }
}

function readOrientation(reader: ByteReader): Orientation {
  const order = reader.text(0, 2);
  if (order !== 'II' && order !== 'MM') return 1;
  const little = order === 'II';
  if (reader.u16(2, little) !== 42) return 1;
  const directory = reader.u32(4, little);
  const entries = reader.u16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    if (reader.u16(entry, little) !== ORIENTATION_TAG) continue;
    const value = reader.u16(entry + 8, little);
    return value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}
