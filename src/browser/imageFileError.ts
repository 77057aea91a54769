import type { ImageFileErrorKind } from '../protocol/importEvents.ts';

/**
 * The one way in which reading an image fails: `reason` says what is wrong with this file and `hint` what to do, both in
 * plain words and whole sentences. Every decoder failure looks alike to a browser, so both come from our own look at the bytes.
 */
export class ImageFileError extends Error {
  override readonly name = 'ImageRefusal';
  readonly kind: ImageFileErrorKind;
  readonly reason: string;
  readonly hint: string;

  constructor(kind: ImageFileErrorKind, reason: string, hint: string) {
    super(`${reason} ${hint}`);
    this.kind = kind;
    this.reason = reason;
    this.hint = hint;
  }
}

/** The file stops before the image does. `format` as people call it, e.g. 'JPEG'. */
export function truncated(format: string): ImageFileError {
  return new ImageFileError('truncated', `This ${format} is incomplete.`, 'Copy or download it again.');
}

/** The file contradicts its own format. */
export function damaged(format: string): ImageFileError {
  return new ImageFileError(
    'damaged',
    `This ${format} file is damaged.`,
    'Copy or download it again, or open it in another program and save it anew.',
  );
}

/** The browser or the decoder has no room for the decoded image. */
export function noMemory(width: number, height: number): ImageFileError {
  return new ImageFileError(
    'tooLarge',
    `There is not enough memory to open an image of ${width} × ${height}.`,
    'Close other tabs, or make the image smaller first.',
  );
}

/** A kind of file that is recognized and not read. `what` with its article, e.g. 'a GIF'. */
export function unsupported(what: string, hint = 'Save it as JPEG or PNG first.'): ImageFileError {
  return new ImageFileError('unsupported', `This is ${what}, which is not read here.`, hint);
}
