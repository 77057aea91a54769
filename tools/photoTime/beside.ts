import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { chromiumFlags, ensureChromium } from '../../scripts/chromium.ts';
import { headersFor } from '../../scripts/headers.ts';
import { ROOT } from '../../scripts/prepare.mjs';
import type { BesideTimes, EngineTimes } from './beside.worker.ts';
import { descendantsMs } from './processorTime.ts';

/** Our engine alone and, of an EDSR, beside onnxruntime-web; with the processor time that the engine alone took, null without /proc. */
export interface BareTimes extends EngineTimes {
  readonly engineProcessorMs: number | null;
  readonly beside: BesideTimes | null;
}

/**
 * Times our engine in a page of its own, and with `beside` it and onnxruntime-web in turns on the same weights, photo and tiles; on every
 * n-th tile, scaled up.
 */
export async function timeBeside(
  student: Uint8Array,
  size: { readonly width: number; readonly height: number },
  every: number,
  beside: boolean,
): Promise<BareTimes> {
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
    await page.waitForFunction(() => 'timeEngine' in window);
    const request = { student: Buffer.from(student).toString('base64'), ...size };
    const before = descendantsMs();
    const engine = await page.evaluate((request) => window.timeEngine(request), {
      ...request,
      what: 'engine' as const,
      every,
    });
    const after = descendantsMs();
    const turns = { ...request, what: 'beside' as const, every };
    return {
      ...engine,
      engineProcessorMs: before === null || after === null || every > 1 ? null : after - before,
      beside: beside ? await page.evaluate((turns) => window.timeEngine(turns), turns) : null,
    };
  } finally {
    await browser.close();
    await server.close();
    rmSync(cacheDir, { recursive: true, force: true });
  }
}
