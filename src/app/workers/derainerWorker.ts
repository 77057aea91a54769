/** A worker that removes rain. Each client starts its own, so that one view's photos never wait for another's. */
export function startDerainerWorker(name: string): Worker {
  return new Worker(new URL('../../../workers/derainer/derainer.worker.ts', import.meta.url), { type: 'module', name });
}
