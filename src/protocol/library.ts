/** The contract between the Library view and its two workers: types only. */
import type { ImportEvent } from '../browser/library/importEvents.ts';
import type { Shelf } from '../browser/library/records.ts';
import type { DroppedFile } from '../browser/library/sourceFile.ts';
import type { RainRecipe } from '../core/rain/streaks.ts';

/** Decoding, hashing, labelling and storing, away from the tab. */
export interface ImporterApi {
  /** One import at a time. Resolves after its `finished` event; trouble with a file is an event, not a rejection. */
  importFiles(
    files: readonly DroppedFile[],
    shelf: Shelf,
    onEvents: (events: readonly ImportEvent[]) => void,
  ): Promise<void>;
  /** Ends the running import after the picture in hand. */
  cancel(): Promise<void>;
  /** A pair's rain map, rainy − clean, as a picture; `gain` makes faint rain visible. */
  rainMap(id: string, gain: number): Promise<Blob>;
}

/** One pair to be made: rain over a clean picture of the library. */
export interface PairJob {
  readonly picture: string;
  readonly recipe: RainRecipe;
  /** Name of the pair, and of its rainy file without the extension. */
  readonly name: string;
}

export type RainLayerShown = 'rainy' | 'rainMap' | 'clean';

/** The rain studio. */
export interface RainApi {
  /**
   * The middle of a clean picture in this rain, pixel for pixel, at most width × height. The bitmap moves to the page, which
   * closes it.
   */
  preview(
    picture: string,
    recipe: RainRecipe,
    shown: RainLayerShown,
    width: number,
    height: number,
  ): Promise<ImageBitmap>;
  /** Makes and stores labelled pairs. Resolves after its `finished` event. */
  makePairs(jobs: readonly PairJob[], onEvents: (events: readonly ImportEvent[]) => void): Promise<void>;
  /** Ends the running `makePairs` after the pair in hand. */
  cancel(): Promise<void>;
}
