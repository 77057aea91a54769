import type { Pixels } from '../images/pixels.ts';

/** A rainy photo with its ground truth. */
export interface PairEntry {
  readonly id: string;
  /** Label of its rain, 0…17; null when it is unknown (it is then estimated from the rain map). */
  readonly direction: number | null;
  /** Id of the photo on the clean collection that shows the same scene, where there is one: it is held out with the pair. */
  readonly cleanId?: string;
}

/**
 * Where training images come from: a library in a browser, folders on a disk, scenes in memory. Ids are opaque, unique
 * within a collection, and listed in a fixed order. Reading rejects with an Error that names the image; a source may
 * return a smaller copy of a very large photo (both halves of a pair alike).
 */
export interface ImageSource {
  readonly clean: readonly string[];
  readonly rainy: readonly string[];
  readonly pairs: readonly PairEntry[];
  readClean(id: string): Promise<Pixels>;
  readRainy(id: string): Promise<Pixels>;
  readPair(id: string): Promise<{ readonly rainy: Pixels; readonly clean: Pixels }>;
}
