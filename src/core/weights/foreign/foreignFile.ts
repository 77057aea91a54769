/** Arrays of a file that another program wrote. */

export type ForeignFormat =
  'safetensors' | 'pytorch-zip' | 'pytorch-legacy' | 'tensorflow-checkpoint' | 'caffemodel' | 'matlab-v5';

export interface ForeignArray {
  readonly shape: readonly number[];
  /** Row by row; its length is the product of the shape. Finite. */
  readonly data: Float32Array;
}

export interface ForeignFile {
  readonly format: ForeignFormat;
  /** By the names that the program gave them, in PyTorch's layout: filters [out,in,kh,kw]. */
  readonly arrays: ReadonlyMap<string, ForeignArray>;
  /** Names of what is no weight and was left out: counters, slots of an optimizer, texts. */
  readonly skipped: readonly string[];
}

/** A file that cannot be read as weights: what was found in it, and what the person can do. */
export class ForeignFileError extends Error {
  override readonly name = 'ForeignFileError';
  constructor(
    readonly reason: string,
    readonly hint = 'Download or export it again.',
    options?: ErrorOptions,
  ) {
    super(`${reason} ${hint}`, options);
  }
}

/** Dimensions, and numbers of one array, that no deraining network needs more of. */
const MAX_DIMENSIONS = 8;

/**
 * Collects arrays and refuses what is too large before it is allocated: all of them together may take four times the bytes
 * of the file (a byte can become a float).
 */
export class ArrayCollector {
  readonly arrays = new Map<string, ForeignArray>();
  readonly skipped: string[] = [];
  private left: number;

  constructor(fileBytes: number) {
    this.left = 4 * fileBytes;
  }

  /** Elements of an array of this shape, counted against the limit. Call before allocating. */
  claim(name: string, shape: readonly number[]): number {
    if (shape.length > MAX_DIMENSIONS || !shape.every((side) => Number.isSafeInteger(side) && side >= 0))
      throw new ForeignFileError(`${quoted(name)} has the shape [${shape.slice(0, 9)}], which is none.`);
    const count = shape.reduce((product, side) => product * side, 1);
    this.left -= 4 * count;
    if (!(this.left >= 0))
      throw new ForeignFileError(`${quoted(name)} claims ${count} numbers, more than a file of this size can hold.`);
    return count;
  }

  /** Throws ForeignFileError for a name that came before, and for numbers that are not finite. */
  add(name: string, shape: readonly number[], data: Float32Array): void {
    if (this.arrays.has(name)) throw new ForeignFileError(`The file names ${quoted(name)} twice.`);
    if (!data.every(Number.isFinite))
      throw new ForeignFileError(`${quoted(name)} holds something that is no finite number.`);
    this.arrays.set(name, { shape, data });
  }

  finish(format: ForeignFormat): ForeignFile {
    if (this.arrays.size === 0)
      throw new ForeignFileError('The file holds no arrays of weights.', 'Choose the file of a trained network.');
    return { format, arrays: this.arrays, skipped: this.skipped };
  }
}

/** Names come from the file: shortened, and in quotes. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
