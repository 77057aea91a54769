import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { ensureBuilt, ROOT } from '../../scripts/prepare.mjs';
import { ShellPage } from './shellPage.ts';
import { SwitchableServer } from './switchableServer.ts';
import { expect, test as base } from './test.ts';

export const DIST = join(ROOT, 'dist');

/** The built app behind a server that can go, with a service worker as visitors have one. */
export const test = base.extend<{ host: SwitchableServer }>({
  serviceWorkers: 'allow',
  // Playwright reads a fixture's needs from its first argument, which must be a pattern.
  // oxlint-disable-next-line eslint/no-empty-pattern
  host: async ({}, provide) => {
    ensureBuilt();
    const host = await SwitchableServer.start(DIST);
    await provide(host);
    await host.stop();
  },
  baseURL: async ({ host }, provide) => provide(host.url),
  strayRequests: async ({ context, host }, provide) => {
    const stray: string[] = [];
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && url.origin !== host.url) stray.push(request.url());
    });
    await provide(stray);
    expect(stray, 'asked for outside the page’s own origin').toEqual([]);
  },
});

/** What the page tells in passing. */
export const messages = (page: Page): Locator => page.getByRole('region', { name: 'Messages' });

/** Opens the page and waits until it is stored on the device. */
export async function installed(page: Page): Promise<ShellPage> {
  const shell = new ShellPage(page);
  await shell.open();
  await expect(messages(page).getByText('Ready to work offline')).toBeVisible({ timeout: 30_000 });
  return shell;
}

export { expect };
