import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { chromiumFlags, findChromium } from '../scripts/chromium.ts';
import { DerainPage } from './support/derainPage.ts';
import { rainyPhoto } from './support/libraryFiles.ts';
import { ShellPage } from './support/shellPage.ts';
import { expect, test } from './support/test.ts';

test('with the site’s data blocked by the browser a photo is derained in memory, and the page says what it cannot keep', async ({
  baseURL,
}) => {
  test.setTimeout(180_000);
  const profile = mkdtempSync(join(tmpdir(), 'petrichor-profile-'));
  mkdirSync(join(profile, 'Default'));
  const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(blocked));
  const executablePath = findChromium();
  const context = await chromium.launchPersistentContext(profile, {
    ...(executablePath ? { executablePath } : {}),
    args: chromiumFlags(false),
    baseURL: baseURL!,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  const queue = new DerainPage(page);
  await queue.open();
  const access = page.evaluate(() => localStorage.length);
  await expect(access, 'it is blocked').rejects.toThrow('Access is denied');
  await queue.choosePhotos([await rainyPhoto('street.jpg', 210, 80, { width: 420, height: 300 })]);
  await queue.finished();
  await expect(new ShellPage(page).messages).toContainText('could not store a photo. Work continues; download');
  expect((await queue.download()).name).toBe('street-derained.jpg');
  await new ShellPage(page).goTo('Library');
  await expect(page.getByRole('heading', { name: 'This browser stores nothing here' })).toBeVisible();
  expect(errors).toEqual([]);
  await context.close();
  rmSync(profile, { recursive: true, force: true });
});
