/** The contract between the Library view and its import worker: types only. */
import type { ImportEvent } from '../src/browser/library/importEvents.ts';
import type { Shelf } from '../src/browser/library/records.ts';
import type { DroppedFile } from '../src/browser/library/sourceFile.ts';

/** Decoding, hashing, labelling and storing, away from the tab. */
export interface ImporterApi {
  /** One import at a time. Resolves after its `finished` event; trouble with a file is an event, not a rejection. */
  importFiles(files: readonly DroppedFile[], shelf: Shelf, onEvents: (events: readonly ImportEvent[]) => void): Promise<void>;
  /** Ends the running import after the picture in hand. */
  cancel(): Promise<void>;
  /** A pair's rain map, rainy − clean, as a picture; `gain` makes faint rain visible. */
  rainMap(id: string, gain: number): Promise<Blob>;
}
