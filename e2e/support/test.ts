import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { ensureBuilt, ROOT } from '../../scripts/prepare.mjs';
import { serve, type RunningServer } from '../../scripts/server.ts';

export interface EngineOptions {
  /** The backend chosen before the app opens; 'auto' leaves the choice to the app. */
  engine: 'auto' | 'webgpu' | 'wasm' | 'webgl';
}

interface WorkerFixtures {
  /** The built app on a port of its own; close it to be offline. */
  server: RunningServer;
}

interface TestFixtures {
  /** Addresses the page asked for outside its own origin; every test fails when there is one at its end. */
  strayRequests: string[];
}

/** Playwright's test, against the built app behind our headers. */
export const test = base.extend<TestFixtures & EngineOptions, WorkerFixtures>({
  engine: ['auto', { option: true }],
  server: [
    // Playwright reads a fixture's needs from its first argument, which must be a pattern.
    // oxlint-disable-next-line eslint/no-empty-pattern
    async ({}, provide) => {
      ensureBuilt();
      const server = await serve({ root: join(ROOT, 'dist'), port: 0 });
      await provide(server);
      await server.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ server }, provide) => provide(server.url),
  context: async ({ context, engine }, provide) => {
    if (engine !== 'auto') {
      const stored = JSON.stringify({ state: { choice: engine }, version: 0 });
      await context.addInitScript((value) => localStorage.setItem('backend', value), stored);
    }
    await provide(context);
  },
  strayRequests: [
    async ({ context, server }, provide) => {
      const stray: string[] = [];
      context.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.origin !== server.url) stray.push(request.url());
      });
      await provide(stray);
      if (stray.length > 0)
        throw new Error(`The page asked for addresses outside its own origin:\n${stray.join('\n')}`);
    },
    { auto: true },
  ],
});

export { expect } from '@playwright/test';
