import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { chromiumFlags, ensureChromium } from '../scripts/chromium.ts';
import { ensureBuilt, ROOT } from '../scripts/prepare.mjs';
import { serve } from '../scripts/server.ts';

/** How long a busy machine may take over one wait for the page, milliseconds. */
const PATIENCE_MS = 180_000;

/**
 * Serves the built app to a headless Chromium, where it computes on WASM, or on WebGPU's software adapter, and closes both when `use`
 * is done with the page. `flags` are further switches of Chromium.
 */
export async function useBuiltApp<Result>(
  use: (page: Page) => Promise<Result>,
  { engine = 'wasm', flags = [] }: { readonly engine?: 'wasm' | 'webgpu'; readonly flags?: readonly string[] } = {},
): Promise<Result> {
  return whileServed(async (baseURL) => {
    const args = [...chromiumFlags(engine === 'webgpu'), ...flags];
    const browser = await chromium.launch({ executablePath: ensureChromium(), args });
    try {
      const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } });
      context.setDefaultTimeout(PATIENCE_MS);
      await context.addInitScript(
        (choice) => localStorage.setItem('backend', JSON.stringify({ state: { choice }, version: 0 })),
        engine,
      );
      return await use(await context.newPage());
    } finally {
      await browser.close();
    }
  });
}

/** Serves the built app at the address that `use` is given, until it is done. */
export async function whileServed<Result>(use: (url: string) => Promise<Result>): Promise<Result> {
  ensureBuilt();
  const server = await serve({ root: join(ROOT, 'dist'), port: 0 });
  try {
    return await use(server.url);
  } finally {
    await server.close();
  }
}
