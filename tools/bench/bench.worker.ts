import type { SuiteNews, SuiteRequest } from './protocol.ts';

/** Runs one suite in a worker, as the app does its work, and posts `SuiteNews`. */
addEventListener('message', async ({ data }: MessageEvent<SuiteRequest>) => {
  const post = (news: SuiteNews): void => postMessage(news);
  const say = (text: string): void => post({ type: 'progress', text });
  try {
    const figures =
      data.suite === 'webgpu'
        ? await (await import('./webgpuSuite.ts')).webgpuSuite(data, say)
        : await (await import('./wasmSuite.ts')).wasmSuite(data, say);
    post({ type: 'done', figures });
  } catch (error) {
    post({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
