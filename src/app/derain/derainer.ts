import { wrap } from 'comlink';
import type { Remote } from 'comlink';
import type { DerainerApi } from '../../protocol/derainer.ts';

interface Connection {
  readonly api: Remote<DerainerApi>;
  /** Rejects when the worker dies. */
  readonly died: Promise<never>;
}

let connection: Connection | null = null;
const deathWatchers = new Set<() => void>();

/** The deraining worker, started on first use and again after a crash. */
function derainer(): Connection {
  if (connection) return connection;
  const worker = new Worker(new URL('../../../workers/derainer.worker.ts', import.meta.url), {
    type: 'module',
    name: 'derainer',
  });
  const died = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      worker.terminate();
      connection = null;
      for (const watcher of deathWatchers) watcher();
      reject(new Error(event.message || 'The deraining worker could not be started.'));
    });
  });
  died.catch(() => undefined);
  connection = { api: wrap<DerainerApi>(worker), died };
  return connection;
}

/** One call to the worker; rejects when the worker dies meanwhile. */
export async function ask<Answer>(call: (api: Remote<DerainerApi>) => Answer): Promise<Awaited<Answer>> {
  const { api, died } = derainer();
  return Promise.race([call(api), died]);
}

/** Calls `watcher` when the worker has died and everything it held is gone. */
export function onDerainerDeath(watcher: () => void): void {
  deathWatchers.add(watcher);
}
