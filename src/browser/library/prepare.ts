import type { Pixels } from '../../core/images/pixels.ts';
import type { ImageType, PhotoRole, RainDirection, StoredPhoto } from '../../protocol/libraryRecord.ts';
import { ImageFileError } from '../imageFileError.ts';
import type { OpenPhoto } from '../photoReader.ts';
import { fitWithin, openPhoto, pixelsOf, thumbnailOf } from '../photoReader.ts';
import { fileNameOf } from './fileNames.ts';
import { MAX_FILE_BYTES, fileTooLarge } from './fileLimits.ts';
import type { SourceFile } from './sourceFile.ts';

/** Longer side of a thumbnail, pixels: a list shows it at half this size on a dense screen. */
export const THUMBNAIL_SIDE = 360;
/** The direction of a pair is estimated on copies of at most this many pixels; shrinking turns no streak. */
const ESTIMATE_PIXELS = 1_500_000;

/** Label 0…17 of the rain in a rainy image whose clean half is known. Supplied by a worker: it is core's. */
export type EstimateDirection = (rainy: Pixels, clean: Pixels) => number;

/** Everything a record needs, worked out before anything is stored. */
export interface PreparedPhoto {
  readonly collection: 'clean' | 'rainy';
  readonly name: string;
  readonly photo: StoredPhoto;
  readonly thumbnail: Blob;
  readonly files: readonly (readonly [PhotoRole, Blob])[];
}

export interface PreparedPair {
  readonly collection: 'pairs';
  readonly name: string;
  readonly rainy: StoredPhoto;
  readonly clean: StoredPhoto;
  readonly direction: RainDirection;
  readonly madeFrom?: string;
  readonly thumbnail: Blob;
  readonly files: readonly (readonly [PhotoRole, Blob])[];
}

export type Prepared = PreparedPhoto | PreparedPair;

/** Reads, checks and decodes a single photo. Throws ImageRefusal. */
export async function preparePhoto(
  source: SourceFile,
  collection: 'clean' | 'rainy',
  name: string,
): Promise<PreparedPhoto> {
  const file = await fetchFile(source);
  const open = await openPhoto(file);
  try {
    const stored = await describe(source, file, open);
    return {
      collection,
      name,
      photo: stored,
      thumbnail: await thumbnailOf(open.bitmap, THUMBNAIL_SIDE),
      files: [['photo', typed(file, stored)]],
    };
  } finally {
    open.bitmap.close();
  }
}

/** Reads both halves, which must be of one size, and labels the pair: by its set's label, else by looking. Throws ImageRefusal. */
export async function preparePair(
  sources: { readonly rainy: SourceFile; readonly clean: SourceFile },
  name: string,
  label: number | undefined,
  estimate: EstimateDirection,
): Promise<PreparedPair> {
  const files = { rainy: await fetchFile(sources.rainy), clean: await fetchFile(sources.clean) };
  const rainy = await openPhoto(files.rainy);
  try {
    const clean = await openPhoto(files.clean).catch((error: unknown) => {
      throw error instanceof ImageFileError
        ? new ImageFileError(error.kind, `Its clean half: ${error.reason}`, error.hint)
        : error;
    });
    try {
      if (rainy.bitmap.width !== clean.bitmap.width || rainy.bitmap.height !== clean.bitmap.height)
        throw unequal(rainy.bitmap, clean.bitmap);
      const stored = {
        rainy: await describe(sources.rainy, files.rainy, rainy),
        clean: await describe(sources.clean, files.clean, clean),
      };
      const direction: RainDirection =
        label === undefined
          ? { index: estimated(rainy, clean, estimate), source: 'estimated' }
          : { index: label, source: 'label' };
      const thumbnail = await thumbnailOf(rainy.bitmap, THUMBNAIL_SIDE);
      return {
        collection: 'pairs',
        name,
        ...stored,
        direction,
        thumbnail,
        files: [
          ['rainy', typed(files.rainy, stored.rainy)],
          ['clean', typed(files.clean, stored.clean)],
        ],
      };
    } finally {
      clean.bitmap.close();
    }
  } finally {
    rainy.bitmap.close();
  }
}

/** The whole file in memory: it may change on disk, or its drive may be pulled, before it is stored. */
async function fetchFile(source: SourceFile): Promise<Blob> {
  if (source.size > MAX_FILE_BYTES) throw fileTooLarge(source.size);
  try {
    const file = await source.open();
    return new Blob([await file.arrayBuffer()]);
  } catch (error) {
    if (error instanceof ImageFileError) throw error;
    throw new ImageFileError(
      'damaged',
      'The file could not be read.',
      'Check that it still exists and that you may open it.',
    );
  }
}

function describe(source: SourceFile, file: Blob, { bitmap, header }: OpenPhoto): Promise<StoredPhoto> {
  return describeFile(fileNameOf(source.path), file, bitmap, header.type);
}

/** What a record says about a file of an image of this size. */
export async function describeFile(
  fileName: string,
  file: Blob,
  { width, height }: { readonly width: number; readonly height: number },
  type: ImageType,
): Promise<StoredPhoto> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  const hash = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { fileName, width, height, bytes: file.size, type, hash };
}

function estimated(rainy: OpenPhoto, clean: OpenPhoto, estimate: EstimateDirection): number {
  const { width, height } = fitWithin(rainy.bitmap.width, rainy.bitmap.height, ESTIMATE_PIXELS);
  return estimate(pixelsOf(rainy.bitmap, width, height), pixelsOf(clean.bitmap, width, height));
}

function typed(file: Blob, { type }: StoredPhoto): Blob {
  return file.slice(0, file.size, type);
}

function unequal(rainy: ImageBitmap, clean: ImageBitmap): ImageFileError {
  return new ImageFileError(
    'unequalPair',
    `Its halves differ in size: rainy ${rainy.width} × ${rainy.height}, clean ${clean.width} × ${clean.height}.`,
    'Both must show the same image, pixel for pixel.',
  );
}
