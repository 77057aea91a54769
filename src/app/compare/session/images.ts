import { ImageFileError } from '../../../browser/imageFileError.ts';
import { readImageHeader } from '../../../browser/imageHeader.ts';
import { readPhotoFile } from '../../../browser/library/catalogue.ts';
import { planImport } from '../../../browser/library/layout.ts';
import { assertPhotoFits } from '../../../browser/photoLimits.ts';
import { openPhoto, thumbnailOf } from '../../../browser/photoReader.ts';
import type { DroppedFile } from '../../../protocol/library.ts';
import type { LibraryRecord } from '../../../protocol/libraryRecord.ts';
import { readSample } from '../../samples/samples.ts';
import type { Sample } from '../../samples/samples.ts';
import { notify } from '../../ui/notices.ts';
import type { ComparedImage, UserError } from '../run/state.ts';
import { dispatch, useComparison } from './comparison.ts';

interface Given {
  readonly name: string;
  readonly file: Blob;
  readonly truth: Blob | null;
}

/** Adds photos that were dropped or chosen; a rainy and a clean one whose names or folders belong together become one with its truth. */
export async function addPhotos(files: readonly DroppedFile[]): Promise<void> {
  const { items } = planImport(
    files.map(({ path }) => path),
    'rainy',
  );
  const fileAt = (index: number): File => files[index]!.file;
  await addImages(
    items.map((item) =>
      item.kind === 'pair'
        ? { name: fileAt(item.rainy).name, file: fileAt(item.rainy), truth: fileAt(item.clean) }
        : { name: fileAt(item.file).name, file: fileAt(item.file), truth: null },
    ),
  );
}

/** Adds photos and pairs of the library. */
export async function addRecords(records: readonly LibraryRecord[]): Promise<void> {
  const given: Given[] = [];
  for (const { id, name, collection } of records) {
    try {
      given.push(
        collection === 'pairs'
          ? { name, file: await readPhotoFile(id, 'rainy'), truth: await readPhotoFile(id, 'clean') }
          : { name, file: await readPhotoFile(id, 'photo'), truth: null },
      );
    } catch (error) {
      refuse(name, { reason: error instanceof Error ? error.message : String(error), hint: 'Import it again.' });
    }
  }
  await addImages(given);
}

export async function addSample(sample: Sample): Promise<void> {
  try {
    const { name, file, truth = null } = await readSample(sample);
    await addImages([{ name, file, truth }]);
  } catch {
    refuse(sample.title, { reason: 'The sample could not be loaded.', hint: 'Check the connection.' });
  }
}

/** Gives an image the same image without rain. */
export async function giveTruth({ id, size }: ComparedImage, truth: File): Promise<void> {
  if (await canBeTruth(truth, truth.name, size)) dispatch({ type: 'truthGiven', id, truth });
}

/** Whether a file is an image of this size that can be decoded; says why not. */
async function canBeTruth(truth: Blob, name: string, size: ComparedImage['size']): Promise<boolean> {
  const found = await decodedSize(truth);
  if ('reason' in found) {
    refuse(name, found);
    return false;
  }
  if (found.width === size.width && found.height === size.height) return true;
  refuse(name, {
    reason: `It is ${found.width} × ${found.height}, the photo ${size.width} × ${size.height}.`,
    hint: 'Choose the image without rain that belongs to this photo, in the same size.',
  });
  return false;
}

async function decodedSize(file: Blob): Promise<ComparedImage['size'] | UserError> {
  const size = await sizeOf(file);
  if ('reason' in size) return size;
  try {
    const { bitmap } = await openPhoto(file);
    bitmap.close();
    return size;
  } catch (error) {
    return fileErrorWords(error);
  }
}

/** Files are read one after another: each is held whole while its header is looked at. */
async function addImages(given: readonly Given[]): Promise<void> {
  const { images } = useComparison.getState();
  const refused: string[] = [];
  for (const { name, file, truth } of given) {
    if (images.some((image) => image.file === file)) continue;
    const size = await sizeOf(file);
    if ('reason' in size) {
      if (refused.push(name) <= MOST_MESSAGES) refuse(name, size);
      continue;
    }
    const id = `image ${crypto.randomUUID()}`;
    // The photo stands also where its ground truth cannot be used.
    const usable = truth !== null && (await canBeTruth(truth, `Ground truth of ${name}`, size)) ? truth : null;
    dispatch({ type: 'imagesAdded', images: [{ id, name, file, truth: usable, size, thumbnail: null }] });
    void readThumbnail({ id, file });
  }
  if (refused.length > MOST_MESSAGES)
    notify({ tone: 'bad', text: `${refused.length - MOST_MESSAGES} more files could not be opened either.` });
}

/** So many errors are told one by one. */
const MOST_MESSAGES = 2;

function refuse(name: string, { reason, hint }: UserError): void {
  notify({ tone: 'bad', text: `“${name}”: ${reason} ${hint}` });
}

/** Sides as shown, from the file's own bytes; or why it is no readable image. */
async function sizeOf(file: Blob): Promise<ComparedImage['size'] | UserError> {
  try {
    const header = readImageHeader(new Uint8Array(await file.arrayBuffer()));
    assertPhotoFits(header, (navigator as { readonly deviceMemory?: number }).deviceMemory);
    return { width: header.width, height: header.height };
  } catch (error) {
    return fileErrorWords(error);
  }
}

function fileErrorWords(error: unknown): UserError {
  if (error instanceof ImageFileError) return { reason: error.reason, hint: error.hint };
  return { reason: 'The file cannot be read any more.', hint: 'Choose it again.' };
}

/** Longer side of a thumbnail, pixels: twice what the filmstrip shows. */
const THUMBNAIL_SIDE = 160;

/** Decodes an image, whose header was found fit, for the list; tells why it cannot be read. */
export async function readThumbnail({ id, file }: Pick<ComparedImage, 'id' | 'file'>): Promise<void> {
  try {
    const { bitmap } = await openPhoto(file);
    try {
      dispatch({ type: 'thumbnailMade', id, thumbnail: await thumbnailOf(bitmap, THUMBNAIL_SIDE) });
    } finally {
      bitmap.close();
    }
  } catch (error) {
    dispatch({ type: 'imageUnreadable', id, error: fileErrorWords(error) });
  }
}

/** Does so for all images that have none, as those whose reading a reload cut off. */
export function readMissingThumbnails(): void {
  for (const image of useComparison.getState().images) if (!image.thumbnail) void readThumbnail(image);
}
