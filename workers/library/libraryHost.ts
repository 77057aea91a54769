import type { ImportEvent } from '../../src/protocol/importEvents.ts';
import type { EstimateDirection } from '../../src/browser/library/prepare.ts';
import type { LibraryRecord, PhotoRole, Collection } from '../../src/protocol/libraryRecord.ts';
import type { Batch, Outcome } from '../../src/browser/library/storeImports.ts';
import type { DroppedFile } from '../../src/protocol/library.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';

/** What the library worker needs of its host. */
export interface LibraryHost {
  /** Imports files into the library and yields what happens. */
  importFiles(
    files: readonly DroppedFile[],
    collection: Collection,
    estimateDirection: EstimateDirection,
    stop: AbortSignal,
  ): AsyncIterable<ImportEvent>;
  /** Stores what comes, one by one, and yields what became of each. */
  store(outcomes: AsyncIterable<Outcome>, batch: Batch): AsyncIterable<ImportEvent>;
  readRecord(id: string): Promise<LibraryRecord | undefined>;
  /** An image's file as it was given. Rejects when the library does not hold it. */
  readFile(id: string, role: PhotoRole): Promise<Blob>;
  /** A file's pixels, shrunk to at most `maxPixels`. Throws ImageRefusal. */
  decode(file: Blob, maxPixels: number): Promise<Pixels>;
  encode(image: Pixels, type: 'image/png' | 'image/jpeg'): Promise<Blob>;
  /** A small JPEG, for lists. */
  thumbnail(image: Pixels): Promise<Blob>;
  bitmapOf(image: Pixels): Promise<ImageBitmap>;
  /** Milliseconds since 1970. */
  now(): number;
}
