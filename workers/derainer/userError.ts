import { ImageFileError } from '../../src/browser/imageFileError.ts';
import { ForeignFileError } from '../../src/core/weights/foreign/foreignFile.ts';
import type { UserError } from '../../src/protocol/derainer.ts';

/** An error as a result. */
export function userError(reason: string, hint: string): UserError {
  return { refused: true, reason, hint };
}

/** What went wrong while a photo was worked on, and what to do. */
export function toUserError(error: unknown): UserError {
  if (error instanceof ImageFileError || error instanceof ForeignFileError) return userError(error.reason, error.hint);
  const reason = error instanceof Error ? error.message : String(error);
  return userError(reason, 'Choose another backend in the device panel, or a smaller model, and try again.');
}

/** What is wrong with a photo's file. Throws what is not the file's fault. */
export function toFileError(error: unknown): UserError {
  if (error instanceof ImageFileError) return userError(error.reason, error.hint);
  if (error instanceof DOMException)
    return userError('The file cannot be read any more.', 'It may have been moved or changed; choose it again.');
  throw error;
}
