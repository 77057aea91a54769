import type { ImageType } from '../../protocol/libraryRecord.ts';
import type { Orientation } from './exif.ts';

/** What the file itself says: sides as stored, before the orientation is applied. */
export interface RawHeader {
  readonly type: ImageType;
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** Bits a channel of a PNG, where they are 16. */
  readonly depth?: 16;
  /** What was cut off behind a whole image: an end marker. Decoders take the file with these bytes added. */
  readonly ending?: Uint8Array<ArrayBuffer>;
}
