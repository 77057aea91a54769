import { dataView } from './byteWriting.ts';
import type { PhotoMetadata } from './photoMetadata.ts';

const GPS_DIRECTORY = 0x8825;
const LATITUDE = 0x0002;
const ENTRY_BYTES = 12;

/** Whether metadata says where the photo was taken: a GPS latitude in EXIF (TIFF 6.0) or XMP. */
export function hasLocation({ exif, xmp }: Pick<PhotoMetadata, 'exif' | 'xmp'>): boolean {
  return (exif !== null && hasLatitude(exif)) || (xmp !== null && /GPSLatitude/.test(new TextDecoder().decode(xmp)));
}

/** False for a block that cannot be read. */
function hasLatitude(exif: Uint8Array): boolean {
  try {
    const view = dataView(exif);
    const little = view.getUint16(0) === 0x4949;
    const entryOf = (directory: number, tag: number): number | null => {
      const count = view.getUint16(directory, little);
      for (let i = 0; i < count; i++) {
        const at = directory + 2 + i * ENTRY_BYTES;
        if (view.getUint16(at, little) === tag) return at;
      }
      return null;
    };
    const gps = entryOf(view.getUint32(4, little), GPS_DIRECTORY);
    return gps !== null && entryOf(view.getUint32(gps + 8, little), LATITUDE) !== null;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
