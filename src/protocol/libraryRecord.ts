/** What the library holds: types only. A record is a photo or a rainy–clean pair; its images are stored beside it. */

/** Kinds of image whose header is read. Whether a browser decodes AVIF or HEIC is its own matter. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/avif' | 'image/heic';

export type Collection = 'clean' | 'rainy' | 'pairs';

/** Which image of a record: the only one of a photo, or a half of a pair. */
export type PhotoRole = 'photo' | 'rainy' | 'clean';

/** A stored image file, as it was given. */
export interface StoredPhoto {
  readonly fileName: string;
  /** Pixels, upright. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly type: ImageType;
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
}

interface CommonFields {
  /** Sorts by import, then by the order within it. */
  readonly id: string;
  /** The file's stem. */
  readonly name: string;
  /** When its import began, milliseconds since 1970: equal for everything that came together. */
  readonly addedAt: number;
  /** A small JPEG. */
  readonly thumbnail: Blob;
  /** When it was deleted; it can be brought back until the deletion is purged. Null: it is in its collection. */
  readonly deletedAt: number | null;
}

export interface PhotoRecord extends CommonFields {
  readonly collection: 'clean' | 'rainy';
  readonly photo: StoredPhoto;
}

/** The direction of a pair's rain. */
export interface RainDirection {
  /** 0…17, 10° each; 0 to the right, growing counter-clockwise. */
  readonly index: number;
  /** From the set's own labels, from the rain map, or set by hand. */
  readonly source: 'label' | 'estimated' | 'hand';
}

export interface PairRecord extends CommonFields {
  readonly collection: 'pairs';
  readonly rainy: StoredPhoto;
  readonly clean: StoredPhoto;
  readonly direction: RainDirection;
  /** SHA-256 of the clean photo that the pair was made from, where its clean half is a smaller copy of that. */
  readonly madeFrom?: string;
}

export type LibraryRecord = PhotoRecord | PairRecord;
