import { proxy, wrap } from 'comlink';
import type { Remote } from 'comlink';
import type { ImportEvent } from '../../browser/library/importEvents.ts';
import type { Shelf } from '../../browser/library/records.ts';
import type { DroppedFile } from '../../browser/library/sourceFile.ts';
import type { ImporterApi } from '../../../workers/importerProtocol.ts';

let started: { readonly api: Remote<ImporterApi>; readonly died: Promise<never> } | null = null;

/** The import worker, started on first use and again after a crash. */
function importer(): NonNullable<typeof started> {
  if (started) return started;
  const worker = new Worker(new URL('../../../workers/importer.worker.ts', import.meta.url), { type: 'module', name: 'importer' });
  const died = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      worker.terminate();
      started = null;
      reject(new Error(event.message || 'The import worker could not be started.'));
    });
  });
  died.catch(() => undefined);
  started = { api: wrap<ImporterApi>(worker), died };
  return started;
}

/** Resolves after the `finished` event; rejects only when the worker itself fails. */
export async function runImport(files: readonly DroppedFile[], shelf: Shelf, onEvents: (events: readonly ImportEvent[]) => void): Promise<void> {
  const { api, died } = importer();
  await Promise.race([api.importFiles(files, shelf, proxy(onEvents)), died]);
}

/** Ends the running import after the picture in hand. */
export async function cancelImport(): Promise<void> {
  await started?.api.cancel();
}

/** A pair's rain map as a picture. */
export async function rainMapOf(id: string, gain: number): Promise<Blob> {
  const { api, died } = importer();
  return Promise.race([api.rainMap(id, gain), died]);
}
