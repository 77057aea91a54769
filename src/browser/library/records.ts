import type { ImageType } from '../header/rawHeader.ts';

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

/** Whether a stored value is a whole record: one that is damaged must not hide the others. */
export function isRecord(value: unknown): value is LibraryRecord {
  const { id, name, collection, thumbnail, photo, rainy, clean, direction, deletedAt } = fieldsOf(value);
  const isNamed = typeof id === 'string' && typeof name === 'string' && thumbnail instanceof Blob;
  if (!isNamed || (deletedAt !== null && typeof deletedAt !== 'number')) return false;
  if (collection === 'pairs') return isPhoto(rainy) && isPhoto(clean) && Number.isInteger(fieldsOf(direction)['index']);
  return (collection === 'clean' || collection === 'rainy') && isPhoto(photo);
}

function isPhoto(value: unknown): value is StoredPhoto {
  const { fileName, hash, type, width, height, bytes } = fieldsOf(value);
  return (
    [fileName, hash, type].every((one) => typeof one === 'string') && [width, height, bytes].every(Number.isFinite)
  );
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A record's images with their roles. */
export function photosOf(record: LibraryRecord): readonly (readonly [PhotoRole, StoredPhoto])[] {
  return record.collection === 'pairs'
    ? [
        ['rainy', record.rainy],
        ['clean', record.clean],
      ]
    : [['photo', record.photo]];
}

/** Bytes of all images of a record. */
export function bytesOf(record: LibraryRecord): number {
  return photosOf(record).reduce((sum, [, photo]) => sum + photo.bytes, 0);
}

/** Two records are the same when their collection, names and contents are. */
export function identityOf(
  record: Pick<LibraryRecord, 'collection'> & {
    readonly files: readonly Pick<StoredPhoto, 'fileName' | 'bytes' | 'hash'>[];
  },
): string {
  return [record.collection, ...record.files.map((file) => `${file.fileName}:${file.bytes}:${file.hash}`)].join('|');
}
