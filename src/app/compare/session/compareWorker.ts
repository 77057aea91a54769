import { proxy } from 'comlink';
import type { DerainerApi, ModelSummary, UserError } from '../../../protocol/derainer.ts';
import { readModelFile, rememberSummary } from '../../models/registry.ts';
import { startDerainerWorker } from '../../workers/derainerWorker.ts';
import { createWorkerClient } from '../../workers/workerClient.ts';

/** Models that the worker has read, and reads under way. */
const loaded = new Map<string, Promise<ModelSummary | UserError>>();

/** A deraining worker of the comparison's own: Derain's queue goes on beside it. */
const { call: ask, onDeath } = createWorkerClient<DerainerApi>('comparing', () => startDerainerWorker('comparer'));
onDeath(() => loaded.clear());

/** The worker's calls, as the comparison makes them. */
export const comparer: Pick<
  DerainerApi,
  'importModel' | 'loadLpips' | 'evaluate' | 'openPhoto' | 'closePhoto' | 'derain' | 'save' | 'cancel'
> = {
  importModel: (files, as) => ask((api) => api.importModel(files, as)),
  loadLpips: (file) => ask((api) => api.loadLpips(file)),
  evaluate: (request) => ask((api) => api.evaluate(request)),
  openPhoto: (id, file) => ask((api) => api.openPhoto(id, file)),
  closePhoto: (id) => ask((api) => api.closePhoto(id)),
  derain: (job, onEvents) => ask((api) => api.derain(job, proxy(onEvents))),
  save: (request) => ask((api) => api.save(request)),
  cancel: () => ask((api) => api.cancel()),
};

/** Reads a listed model into the worker, once. */
export function prepareModel(id: string): Promise<ModelSummary | UserError> {
  const before = loaded.get(id);
  if (before) return before;
  const loading = load(id);
  loaded.set(id, loading);
  // What was refused, or cut off, is tried again next time.
  const forget = (): void => {
    if (loaded.get(id) === loading) loaded.delete(id);
  };
  loading.then(({ refused }) => refused && forget(), forget);
  return loading;
}

/** Reads a model file that is about to be listed as `id`. */
export async function readNewModel(id: string, file: Blob): Promise<ModelSummary | UserError> {
  const answer = await ask((api) => api.loadModel(id, file));
  if (answer.refused) return answer;
  loaded.set(id, Promise.resolve(answer));
  rememberSummary(id, answer);
  return answer;
}

async function load(id: string): Promise<ModelSummary | UserError> {
  const file = await readModelFile(id);
  if (!(file instanceof Blob)) return file;
  const answer = await ask((api) => api.loadModel(id, file));
  if (!answer.refused) rememberSummary(id, answer);
  return answer;
}
