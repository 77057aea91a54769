import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { proxy, transfer } from 'comlink';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorkerClient } from './workerClient.ts';
import type { ClientWorker } from './workerClient.ts';

/** What the worker below does. */
interface CounterApi {
  /** Counts up and says so. */
  count(onEvents: (events: readonly number[]) => void): Promise<number>;
  /** Sends the buffer back, moved. */
  bounce(buffer: ArrayBuffer): Promise<ArrayBuffer>;
  fail(): Promise<never>;
  /** Never answers. */
  hang(): Promise<never>;
  /** Computes for ever. */
  spin(): Promise<never>;
  /** Throws outside of any call, and never answers. */
  crash(): Promise<never>;
}

const { resolve } = createRequire(import.meta.url);
const script = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { expose, transfer } = require(workerData.comlink);
  const nodeEndpoint = require(workerData.adapter);
  let counted = 0;
  expose({
    async count(onEvents) { counted += 1; await onEvents([counted]); return counted; },
    async bounce(buffer) { return transfer(buffer, [buffer]); },
    async fail() { throw new Error('It failed.'); },
    hang: () => new Promise(() => {}),
    spin() { for (;;); },
    crash: () => new Promise(() => { setTimeout(() => { throw new Error('Out of memory.'); }); }),
  }, (nodeEndpoint.default ?? nodeEndpoint)(parentPort));`;

const started: Worker[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((worker) => worker.terminate()));
});

/** A thread of Node where a page has a worker. */
function startThread(code = script): ClientWorker {
  const paths = { comlink: resolve('comlink'), adapter: resolve('comlink/dist/umd/node-adapter.js') };
  const worker = new Worker(code, { eval: true, workerData: paths });
  started.push(worker);
  return {
    postMessage: (message: unknown, moved: Transferable[] = []) => worker.postMessage(message, moved as never),
    addEventListener(type: string, listener: EventListenerOrEventListenerObject) {
      const hear = listener as (event: unknown) => void;
      if (type === 'error') worker.on('error', ({ message }) => hear({ message, preventDefault: () => {} }));
      else worker.on(type, (data: unknown) => hear({ data, preventDefault: () => {} }));
    },
    removeEventListener: () => {},
    terminate: () => void worker.terminate(),
  };
}

const client = (start?: () => ClientWorker) => createWorkerClient<CounterApi>('counting', start ?? startThread);

describe('a worker’s client', () => {
  it('starts the worker with the first call and keeps it for the next ones', async () => {
    const { call } = client();
    expect(started).toHaveLength(0);
    const heard: number[] = [];
    const hear = proxy((events: readonly number[]) => void heard.push(...events));
    expect(await call((api) => api.count(hear))).toBe(1);
    expect(await call((api) => api.count(hear))).toBe(2);
    expect(heard).toEqual([1, 2]);
    expect(started).toHaveLength(1);
  });

  it('moves buffers both ways instead of copying them', async () => {
    const buffer = new Uint8Array([1, 2, 3]).buffer;
    const back = await client().call((api) => api.bounce(transfer(buffer, [buffer])));
    expect(new Uint8Array(back)).toEqual(new Uint8Array([1, 2, 3]));
    expect(buffer.byteLength, 'it left this side').toBe(0);
  });

  it('rejects a call that the worker rejects, and goes on with the same worker', async () => {
    const { call } = client();
    await expect(call((api) => api.fail())).rejects.toThrow('It failed.');
    expect(await call((api) => api.count(proxy(() => {})))).toBe(1);
    expect(started).toHaveLength(1);
  });

  it('rejects every open call when the worker dies, tells who listens once, and starts another for the next call', async () => {
    const { call, onDeath } = client();
    let deaths = 0;
    onDeath(() => (deaths += 1));
    const open = [call((api) => api.hang()), call((api) => api.hang()), call((api) => api.crash())];
    const results = await Promise.allSettled(open);
    for (const result of results) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { name: 'WorkerDiedError', message: 'Out of memory.' },
      });
    }
    expect(deaths).toBe(1);
    expect(await call((api) => api.count(proxy(() => {}))), 'a fresh one').toBe(1);
    expect(started).toHaveLength(2);
  });

  it('ends the worker, which nobody takes for a death, and starts another for the next call', async () => {
    const { call, onDeath, end } = client();
    let deaths = 0;
    onDeath(() => (deaths += 1));
    end();
    expect(await call((api) => api.count(proxy(() => {})))).toBe(1);
    end();
    expect(await call((api) => api.count(proxy(() => {}))), 'a fresh one').toBe(1);
    expect([started.length, deaths]).toEqual([2, 0]);
  });

  it('ends a worker that hears nothing any more: its open calls are rejected', async () => {
    const { call, onDeath, end } = client();
    let deaths = 0;
    onDeath(() => (deaths += 1));
    const open = [call((api) => api.spin()), call((api) => api.hang())];
    setTimeout(end, 50);
    for (const result of await Promise.allSettled(open))
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'WorkerEndedError' } });
    expect(await call((api) => api.count(proxy(() => {}))), 'a fresh one').toBe(1);
    expect(deaths).toBe(0);
  });

  it('says so when the worker cannot be started', async () => {
    const { call } = client(() => startThread("throw new Error('')"));
    await expect(call((api) => api.hang())).rejects.toThrow('The counting worker could not be started.');
  });
});
