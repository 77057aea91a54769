import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { chromiumFlags, ensureChromium } from '../../scripts/chromium.ts';
import type { SuiteNews, SuiteRequest, WasmFigures, WebgpuFigures } from './protocol.ts';

/** Shared memory, and with it threads, exist only in a cross-origin isolated page. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** Runs a suite in a headless Chromium of its own. Rejects with Error when it fails. */
export async function runInChromium(
  request: SuiteRequest,
  say: (text: string) => void,
): Promise<WebgpuFigures | WasmFigures> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'bench-'));
  const server = await createServer({
    configFile: false,
    cacheDir,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', headers: isolation, hmr: false, watch: null },
    worker: { format: 'es' },
    optimizeDeps: {
      include: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-webgpu', '@tensorflow/tfjs-backend-wasm'],
      exclude: ['onnxruntime-web'],
    },
  });
  await server.listen();
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumFlags(true), '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  });
  try {
    const page = await browser.newPage();
    page.on('console', (text) => text.type() === 'error' && say(text.text()));
    const finished = new Promise<WebgpuFigures | WasmFigures>((resolve, reject) => {
      page.on('crash', () => reject(new Error('The page crashed.')));
      void page.exposeFunction('benchNews', (news: SuiteNews) => {
        if (news.type === 'progress') say(news.text);
        else if (news.type === 'done') resolve(news.figures);
        else reject(new Error(news.message));
      });
    });
    await page.goto(`http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}/tools/bench/page.html`);
    await page.waitForFunction(() => 'runSuite' in window);
    await page.evaluate((wanted) => window.runSuite(wanted), request);
    return await finished;
  } finally {
    await browser.close();
    await server.close();
    rmSync(cacheDir, { recursive: true, force: true });
  }
}
