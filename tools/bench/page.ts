import type { SuiteNews, SuiteRequest } from './protocol.ts';

declare global {
  interface Window {
    /** Called from outside: runs a suite in a worker of its own and hands every piece of news to `benchNews`. */
    runSuite(request: SuiteRequest): void;
    /** Given from outside. */
    benchNews(news: SuiteNews): void;
  }
}

window.runSuite = (request) => {
  const worker = new Worker(new URL('./bench.worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<SuiteNews>) => {
    window.benchNews(data);
    if (data.type !== 'progress') worker.terminate();
  });
  worker.addEventListener('error', ({ message }) =>
    window.benchNews({ type: 'failed', message: message || 'The worker did not start.' }),
  );
  worker.postMessage(request);
};
