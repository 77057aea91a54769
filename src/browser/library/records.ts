import type { ImageHashes } from '../../core/training/experiment.ts';
import type { LibraryRecord, PhotoRole, StoredPhoto } from '../../protocol/libraryRecord.ts';
import { fieldsOf } from '../storage/storedFields.ts';

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

/** Digits of a file's hash that name an image elsewhere. */
const HASH_DIGITS = 8;

/** What names the images of the library, in its order. */
export function hashesOf(records: readonly LibraryRecord[]): ImageHashes {
  const of = (collection: LibraryRecord['collection']): string[] =>
    records.filter((record) => record.collection === collection && record.deletedAt === null).map(hashOf);
  return { clean: of('clean'), rainy: of('rainy'), pairs: of('pairs') };
}

/** What names an image elsewhere: the first digits of its file's hash. */
export function hashOf(record: LibraryRecord): string {
  const { hash } = record.collection === 'pairs' ? record.rainy : record.photo;
  return hash.slice(0, HASH_DIGITS);
}
