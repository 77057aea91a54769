import { proxy, wrap } from 'comlink';
import type { Remote } from 'comlink';
import type { ImportEvent } from '../../browser/library/importEvents.ts';
import type { Shelf } from '../../browser/library/records.ts';
import type { DroppedFile } from '../../browser/library/sourceFile.ts';
import type { RainRecipe } from '../../core/rain/streaks.ts';
import type { ImporterApi, PairJob, RainApi, RainLayerShown } from '../../protocol/library.ts';

interface Running<Api> {
  readonly api: Remote<Api>;
  /** Rejects when the worker dies, so that no call to it waits for ever. */
  readonly died: Promise<never>;
}

/** A worker that is started on first use and again after a crash. */
function workerOf<Api>(start: () => Worker): () => Running<Api> {
  let running: Running<Api> | null = null;
  return () => {
    if (running) return running;
    const worker = start();
    const died = new Promise<never>((_, reject) => {
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        worker.terminate();
        running = null;
        reject(new Error(event.message || 'The worker could not be started.'));
      });
    });
    died.catch(() => undefined);
    running = { api: wrap<Api>(worker), died };
    return running;
  };
}

const importer = workerOf<ImporterApi>(
  () =>
    new Worker(new URL('../../../workers/importer.worker.ts', import.meta.url), { type: 'module', name: 'importer' }),
);
const rain = workerOf<RainApi>(
  () => new Worker(new URL('../../../workers/rain.worker.ts', import.meta.url), { type: 'module', name: 'rain' }),
);

/** Something that brings images into the library and can be called off. */
export interface Addition {
  /** Resolves after the `finished` event; rejects only when the worker itself fails. */
  run(onEvents: (events: readonly ImportEvent[]) => void): Promise<void>;
  cancel(): Promise<void>;
}

export function importOf(files: readonly DroppedFile[], shelf: Shelf): Addition {
  const { api, died } = importer();
  return {
    run: (onEvents) => Promise.race([api.importFiles(files, shelf, proxy(onEvents)), died]),
    cancel: () => api.cancel(),
  };
}

/** Labelled pairs out of clean images of the library. */
export function pairsOf(jobs: readonly PairJob[]): Addition {
  const { api, died } = rain();
  return {
    run: (onEvents) => Promise.race([api.makePairs(jobs, proxy(onEvents)), died]),
    cancel: () => api.cancel(),
  };
}

/** A pair's rain map as a picture. */
export async function rainMapOf(id: string, gain: number): Promise<Blob> {
  const { api, died } = importer();
  return Promise.race([api.rainMap(id, gain), died]);
}

/** A clean image in the rain; close the bitmap when done. */
export async function previewRain(
  picture: string,
  recipe: RainRecipe,
  shown: RainLayerShown,
  width: number,
  height: number,
): Promise<ImageBitmap> {
  const { api, died } = rain();
  return Promise.race([api.preview(picture, recipe, shown, width, height), died]);
}
