import type { BesideRequest, BesideTimes, EngineTimes } from './beside.worker.ts';

declare global {
  interface Window {
    /** Called from outside: times in a worker, as the app does its work. */
    timeEngine(request: BesideRequest): Promise<EngineTimes & BesideTimes>;
  }
}

window.timeEngine = (request) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./beside.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<(EngineTimes & BesideTimes) | { readonly failed: string }>) => {
        worker.terminate();
        if ('failed' in data) reject(new Error(data.failed));
        else resolve(data);
      },
    );
    worker.addEventListener('error', ({ message }) => reject(new Error(message || 'The worker did not start.')));
    worker.postMessage(request);
  });
