import type { Orientation } from './exif.ts';

/** Kinds of image whose header is read. Whether a browser decodes AVIF or HEIC is its own matter. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/avif' | 'image/heic';

/** What the file itself says: sides as stored, before the orientation is applied. */
export interface RawHeader {
  readonly type: ImageType;
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
}
