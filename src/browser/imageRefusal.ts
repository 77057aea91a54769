/** Why a file is not taken as an image. */
export type RefusalKind =
  | 'empty'
  | 'notAnImage'
  | 'unsupported'
  | 'truncated'
  | 'damaged'
  | 'tooLarge'
  | 'storageFull'
  | 'storageBlocked'
  | 'noPartner'
  | 'unequalPair';

/**
 * The one way in which reading an image fails: `reason` says what is wrong with this file and `advice` what to do, both in
 * plain words and whole sentences. Every decoder failure looks alike to a browser, so both come from our own look at the bytes.
 */
export class ImageRefusal extends Error {
  override readonly name = 'ImageRefusal';
  readonly kind: RefusalKind;
  readonly reason: string;
  readonly advice: string;

  constructor(kind: RefusalKind, reason: string, advice: string) {
    super(`${reason} ${advice}`);
    this.kind = kind;
    this.reason = reason;
    this.advice = advice;
  }
}

/** The file stops before the image does. `format` as people call it, e.g. 'JPEG'. */
export function truncated(format: string): ImageRefusal {
  return new ImageRefusal('truncated', `This ${format} is incomplete.`, 'Copy or download it again.');
}

/** The file contradicts its own format. */
export function damaged(format: string): ImageRefusal {
  return new ImageRefusal(
    'damaged',
    `This ${format} file is damaged.`,
    'Copy or download it again, or open it in another program and save it anew.',
  );
}

/** A kind of file that is recognised and not read. `what` with its article, e.g. 'a GIF'. */
export function unsupported(what: string, advice = 'Save it as JPEG or PNG first.'): ImageRefusal {
  return new ImageRefusal('unsupported', `This is ${what}, which is not read here.`, advice);
}
