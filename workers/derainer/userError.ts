import { ImageRefusal } from '../../src/browser/imageRefusal.ts';
import type { UserError } from '../../src/protocol/derainer.ts';

/** An error as an answer. */
export function userError(reason: string, advice: string): UserError {
  return { refused: true, reason, advice };
}

/** What went wrong while a photo was worked on, and what to do. */
export function explain(error: unknown): UserError {
  if (error instanceof ImageRefusal) return userError(error.reason, error.advice);
  const reason = error instanceof Error ? error.message : String(error);
  return userError(reason, 'Choose another backend in the device panel, or a smaller model, and try again.');
}

/** What is wrong with a photo's file. Throws what is not the file's fault. */
export function explainFile(error: unknown): UserError {
  if (error instanceof ImageRefusal) return userError(error.reason, error.advice);
  if (error instanceof DOMException)
    return userError('The file cannot be read any more.', 'It may have been moved or changed; choose it again.');
  throw error;
}
