import type { DerainerApi } from '../../protocol/derainer.ts';
import { startDerainerWorker } from '../workers/derainerWorker.ts';
import { createWorkerClient } from '../workers/workerClient.ts';

/** A worker that reads and writes model files where no view has one of its own. */
const { call, end } = createWorkerClient<DerainerApi>('model', () => startDerainerWorker('models'));

let calls = 0;

/** Its calls; it ends after the last of those under way. */
export const modelWorker: Pick<DerainerApi, 'importModel' | 'exportModel'> = {
  importModel: (files, as) => lent(() => call((api) => api.importModel(files, as))),
  exportModel: (file, format) => lent(() => call((api) => api.exportModel(file, format))),
};

async function lent<Result>(work: () => Promise<Result>): Promise<Result> {
  calls++;
  try {
    return await work();
  } finally {
    if (--calls === 0) end();
  }
}
