import type { ImageHashes } from '../core/training/experiment.ts';
import type { ImageSource, PairEntry } from '../core/data/imageSource.ts';
import type { Pixels } from '../core/images/pixels.ts';
import { hashOf } from './library/records.ts';
import { listRecords, readPhotoFile } from './library/catalogue.ts';
import type { LibraryRecord, PairRecord, PhotoRole } from '../protocol/libraryRecord.ts';
import { readPhoto } from './photoReader.ts';

/** Copies for training have at most this many pixels: crops are small, and a whole collection is decoded again and again. */
export const TRAINING_PIXELS = 1_500_000;

/** An image that was asked for by its hash is not in the library; the message counts those. */
export class MissingImagesError extends Error {
  override readonly name = 'MissingImagesError';
}

/**
 * The library as a source of training images: what is on its collections now, oldest first. Both halves of a pair have one size and so
 * shrink alike. Reading rejects with an Error that names the image, e.g. when it was deleted since. With `images`, those alone and in
 * their order; rejects with MissingImagesError when one of them is not there.
 */
export async function openImageSource(maxPixels = TRAINING_PIXELS, images?: ImageHashes): Promise<ImageSource> {
  const all = (await listRecords()).filter((record) => record.deletedAt === null);
  const records = images ? chosenRecords(all, images) : all;
  const names = new Map(records.map((record) => [record.id, record.name]));
  const read = async (id: string, role: PhotoRole): Promise<Pixels> => {
    try {
      return await readPhoto(await readPhotoFile(id, role), { maxPixels });
    } catch (error) {
      throw new Error(
        `“${names.get(id) ?? id}” (${role}) could not be read from the library: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  };
  return {
    clean: idsOn(records, 'clean'),
    rainy: idsOn(records, 'rainy'),
    pairs: pairsOn(records),
    readClean: (id) => read(id, 'photo'),
    readRainy: (id) => read(id, 'photo'),
    async readPair(id) {
      const [rainy, clean] = await Promise.all([read(id, 'rainy'), read(id, 'clean')]);
      return { rainy, clean };
    },
  };
}

/** A pair whose clean half, or what that was made from, is on the clean collection too names that photo. */
function pairsOn(records: readonly LibraryRecord[]): PairEntry[] {
  const cleanIds = new Map(
    records.flatMap((record) => (record.collection === 'clean' ? [[record.photo.hash, record.id]] : [])),
  );
  return records
    .filter((record): record is PairRecord => record.collection === 'pairs')
    .map(({ id, direction, clean, madeFrom }) => {
      const cleanId = cleanIds.get(madeFrom ?? clean.hash);
      return { id, direction: direction.index, ...(cleanId !== undefined && { cleanId }) };
    });
}

function idsOn(records: readonly LibraryRecord[], collection: 'clean' | 'rainy'): string[] {
  return records.filter((record) => record.collection === collection).map(({ id }) => id);
}

function chosenRecords(records: readonly LibraryRecord[], images: ImageHashes): LibraryRecord[] {
  const wanted = (['clean', 'rainy', 'pairs'] as const).flatMap((collection) =>
    images[collection].map((hash) =>
      records.find((record) => record.collection === collection && hashOf(record) === hash),
    ),
  );
  const found = wanted.filter((record) => record !== undefined);
  if (found.length < wanted.length)
    throw new MissingImagesError(
      `The Library lacks ${wanted.length - found.length} of the ${wanted.length} images of this experiment.`,
    );
  return found;
}
