import { proxy } from 'comlink';
import type { ImportEvent } from '../../protocol/importEvents.ts';
import type { Collection } from '../../protocol/libraryRecord.ts';
import type { DroppedFile, LibraryApi, PairJob, RainLayerShown } from '../../protocol/library.ts';
import type { RainRecipe } from '../../core/rain/streaks.ts';
import { createWorkerClient } from '../workers/workerClient.ts';

const library = createWorkerClient<LibraryApi>(
  'library',
  () =>
    new Worker(new URL('../../../workers/library/library.worker.ts', import.meta.url), {
      type: 'module',
      name: 'library',
    }),
);

/** An addition to the library that can be cancelled. */
export interface Addition {
  /** Resolves after the `finished` event; rejects only when the worker itself fails. */
  run(onEvents: (events: readonly ImportEvent[]) => void): Promise<void>;
  cancel(): Promise<void>;
}

export function importOf(files: readonly DroppedFile[], collection: Collection): Addition {
  return {
    run: (onEvents) => library.call((api) => api.importFiles(files, collection, proxy(onEvents))),
    cancel: () => library.call((api) => api.cancel()),
  };
}

/** Labelled pairs out of clean images of the library. */
export function pairsOf(jobs: readonly PairJob[]): Addition {
  return {
    run: (onEvents) => library.call((api) => api.makePairs(jobs, proxy(onEvents))),
    cancel: () => library.call((api) => api.cancel()),
  };
}

/** A pair's rain map as an image. */
export function rainMapOf(id: string, gain: number): Promise<Blob> {
  return library.call((api) => api.rainMap(id, gain));
}

/** A clean image in the rain; close the bitmap when done. */
export function previewRain(
  image: string,
  recipe: RainRecipe,
  shown: RainLayerShown,
  width: number,
  height: number,
): Promise<ImageBitmap> {
  return library.call((api) => api.previewRain(image, recipe, shown, width, height));
}
