import type { BesideRequest, BesideTimes } from './beside.worker.ts';

declare global {
  interface Window {
    /** Called from outside: runs the comparison in a worker, as the app does its work. */
    timeBeside(request: BesideRequest): Promise<BesideTimes>;
  }
}

window.timeBeside = (request) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./beside.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<BesideTimes | { readonly failed: string }>) => {
      if ('failed' in data) reject(new Error(data.failed));
      else resolve(data);
    });
    worker.addEventListener('error', ({ message }) => reject(new Error(message || 'The worker did not start.')));
    worker.postMessage(request);
  });
