import { ImageFileError } from '../imageFileError.ts';

/** An image file may be this long; an uncompressed one of 100 megapixels is 300 MB. */
export const MAX_FILE_BYTES = 400_000_000;

export function fileTooLarge(bytes: number, limit = MAX_FILE_BYTES): ImageFileError {
  return new ImageFileError(
    'tooLarge',
    `The file has ${Math.round(bytes / 1e6).toLocaleString('en')} MB or more; the limit is ${Math.round(limit / 1e6)} MB.`,
    'Save the image as JPEG, or make it smaller.',
  );
}
