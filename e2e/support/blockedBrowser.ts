import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { chromiumFlags, ensureChromium } from '../../scripts/chromium.ts';

/** Hands `use` a page of a browser that blocks all data of sites, and closes the browser when it is done. */
export async function useBlockedBrowser<Result>(
  baseURL: string,
  use: (page: Page) => Promise<Result>,
): Promise<Result> {
  const profile = mkdtempSync(join(tmpdir(), 'petrichor-profile-'));
  mkdirSync(join(profile, 'Default'));
  const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(blocked));
  const options = { executablePath: ensureChromium(), args: chromiumFlags(false), baseURL };
  const context = await chromium.launchPersistentContext(profile, options);
  try {
    return await use(await context.newPage());
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
