import { wrap } from 'comlink';
import type { Endpoint, Remote } from 'comlink';

/** A worker, as far as a client uses it. */
export interface ClientWorker extends Endpoint {
  terminate(): unknown;
}

/** The page's side of a worker. Callbacks cross by comlink's `proxy`, buffers and bitmaps move by its `transfer`. */
export interface WorkerClient<Api> {
  /** Calls the worker, which is started on first use and again after it died. Rejects with WorkerDiedError when it dies meanwhile. */
  call<Result>(command: (api: Remote<Api>) => Result): Promise<Awaited<Result>>;
  /** Calls `listener` whenever the worker has died and everything that it held is gone. */
  onDeath(listener: () => void): void;
  /** Ends the worker and frees what it holds, also in the middle of a call: open ones reject with WorkerEndedError. The next call starts it anew. */
  end(): void;
}

/** The worker died while a call was open. */
export class WorkerDiedError extends Error {
  override readonly name = 'WorkerDiedError';
}

/** The page ended the worker while a call was open. */
export class WorkerEndedError extends Error {
  override readonly name = 'WorkerEndedError';
}

interface Connection<Api> {
  readonly api: Remote<Api>;
  /** Rejects when the worker dies or is ended, so that no call to it waits for ever. */
  readonly died: Promise<never>;
  end(): void;
}

/** A client of the worker that `start` makes; `name` is what it is called when it cannot be started. */
export function createWorkerClient<Api>(name: string, start: () => ClientWorker): WorkerClient<Api> {
  let connection: Connection<Api> | null = null;
  const listeners = new Set<() => void>();

  const connect = (): Connection<Api> => {
    const worker = start();
    let end = (): void => {};
    const died = new Promise<never>((_, reject) => {
      end = () => {
        worker.terminate();
        reject(new WorkerEndedError(`The ${name} worker was ended.`));
      };
      const die = (event: Event): void => {
        event.preventDefault();
        worker.terminate();
        if (connection !== opened) return; // It reports more than one error.
        connection = null;
        for (const listener of listeners) listener();
        reject(new WorkerDiedError((event as ErrorEvent).message || `The ${name} worker could not be started.`));
      };
      worker.addEventListener('error', die as EventListener);
      worker.addEventListener('messageerror', die as EventListener);
    });
    died.catch(() => undefined);
    const opened: Connection<Api> = { api: wrap<Api>(worker), died, end };
    return opened;
  };

  const call = async <Result>(command: (api: Remote<Api>) => Result): Promise<Awaited<Result>> => {
    connection ??= connect();
    const { api, died } = connection;
    return await Promise.race([command(api), died]);
  };
  const end = (): void => {
    connection?.end();
    connection = null;
  };
  return { call, onDeath: (listener) => void listeners.add(listener), end };
}
