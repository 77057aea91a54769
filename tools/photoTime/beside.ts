import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { chromiumFlags, ensureChromium } from '../../scripts/chromium.ts';
import { headersFor } from '../../scripts/headers.ts';
import { ROOT } from '../../scripts/prepare.mjs';
import type { BesideTimes } from './beside.worker.ts';

/** Times our engine and onnxruntime-web on the same weights, photo and tiles, in a page of their own; on every n-th tile, scaled up. */
export async function timeBeside(
  student: Uint8Array,
  size: { readonly width: number; readonly height: number },
  every: number,
): Promise<BesideTimes> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'photo-time-'));
  const isolation = Object.fromEntries(
    Object.entries(headersFor('/')).filter(([name]) => name.startsWith('Cross-Origin')),
  );
  const server = await createServer({
    root: ROOT,
    configFile: false,
    cacheDir,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', headers: isolation, hmr: false, watch: null },
    worker: { format: 'es' },
    optimizeDeps: { include: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'], exclude: ['onnxruntime-web'] },
  });
  await server.listen();
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: chromiumFlags(false) });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}/tools/photoTime/page.html`);
    await page.waitForFunction(() => 'timeBeside' in window);
    return await page.evaluate((request) => window.timeBeside(request), {
      student: Buffer.from(student).toString('base64'),
      ...size,
      every,
    });
  } finally {
    await browser.close();
    await server.close();
    rmSync(cacheDir, { recursive: true, force: true });
  }
}
