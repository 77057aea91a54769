/**
 * The contract between the Library view and its worker, which imports images and makes rain: types only. An error in one
 * file is an event, not a rejection.
 */
import type { RainRecipe } from '../core/rain/streaks.ts';
import type { ImportEvent } from './importEvents.ts';
import type { Collection } from './libraryRecord.ts';

/** A dropped or chosen file with its place among the folders that came with it. Can cross to a worker. */
export interface DroppedFile {
  readonly path: string;
  readonly file: File;
}

/** One pair to be made: rain over a clean image of the library. */
export interface PairJob {
  /** Id of the clean image's record. */
  readonly image: string;
  readonly recipe: RainRecipe;
  /** Name of the pair, and of its rainy file without the extension. */
  readonly name: string;
}

export type RainLayerShown = 'rainy' | 'rainMap' | 'clean';

/** The library's worker: decoding, hashing, labelling, rain and storing, away from the tab. */
export interface LibraryApi {
  /** One import at a time. Resolves after its `finished` event. */
  importFiles(
    files: readonly DroppedFile[],
    collection: Collection,
    onEvents: (events: readonly ImportEvent[]) => void,
  ): Promise<void>;
  /** Makes and stores labelled pairs. Resolves after its `finished` event. */
  makePairs(jobs: readonly PairJob[], onEvents: (events: readonly ImportEvent[]) => void): Promise<void>;
  /** Ends the running `importFiles` or `makePairs` after the image in hand. */
  cancel(): Promise<void>;
  /** A pair's rain map, rainy − clean, as a JPEG; `gain` makes faint rain visible. */
  rainMap(id: string, gain: number): Promise<Blob>;
  /**
   * The middle of a clean image in this rain, pixel for pixel, at most width × height. The bitmap moves to the page, which
   * closes it.
   */
  previewRain(
    image: string,
    recipe: RainRecipe,
    shown: RainLayerShown,
    width: number,
    height: number,
  ): Promise<ImageBitmap>;
}
