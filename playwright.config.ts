import { defineConfig } from '@playwright/test';
import { chromiumFlags, findChromium } from './scripts/chromium.ts';
import type { EngineOptions } from './e2e/support/test.ts';

const executablePath = findChromium();
const browser = executablePath ? { executablePath } : {};

/**
 * Everything runs without a GPU, where the app chooses WASM. What is tagged @webgpu runs a second time on the software
 * WebGPU adapter, chosen by hand as the app never picks it by itself; what is tagged @webgpu-only runs there alone.
 * PETRICHOR_TRACE=1 keeps a trace of what fails; recording one slows every test.
 */
export default defineConfig<EngineOptions>({
  testDir: 'e2e',
  outputDir: 'test-results',
  forbidOnly: Boolean(process.env['CI']),
  fullyParallel: false,
  // Two journeys side by side: each waits more than it computes.
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  // What a service worker keeps is the offline specs' business; the others ask the server itself.
  use: {
    serviceWorkers: 'block',
    trace: process.env['PETRICHOR_TRACE'] ? 'retain-on-failure' : 'off',
    locale: 'en-GB',
    timezoneId: 'UTC',
  },
  projects: [
    {
      name: 'wasm',
      grepInvert: process.env['PETRICHOR_LONG'] ? /@webgpu-only/ : /@webgpu-only|@long|@large/,
      use: { engine: 'auto', launchOptions: { ...browser, args: chromiumFlags(false) } },
    },
    {
      name: 'webgpu',
      grep: /@webgpu/,
      use: { engine: 'webgpu', launchOptions: { ...browser, args: chromiumFlags(true) } },
    },
  ],
});
