import { photo } from './support/libraryFiles.ts';
import { LibraryPage } from './support/libraryPage.ts';
import { ShellPage, type View } from './support/shellPage.ts';
import { expect, test } from './support/test.ts';

const VIEWS: readonly View[] = ['Derain', 'Train', 'Lab', 'Library'];

test('the keyboard alone reaches every view, the device panel and the theme', async ({ page }) => {
  const shell = new ShellPage(page);
  await shell.open();

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(shell.content).toBeFocused();

  await page.reload();
  for (const view of ['Train', 'Lab', 'Library', 'Derain'] as const) {
    await shell.tabTo(shell.viewLink(view));
    await page.keyboard.press('Enter');
    await shell.isShowing(view);
  }

  await shell.tabTo(shell.deviceChip);
  await page.keyboard.press('Enter');
  await expect(shell.devicePanel).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(shell.devicePanel).toBeHidden();
  await expect(shell.deviceChip).toBeFocused();

  const before = await shell.brightness();
  await shell.tabTo(shell.themeSwitch());
  await page.keyboard.press('Enter');
  expect(Math.abs((await shell.brightness()) - before)).toBeGreaterThan(100);
});

test('the theme follows the system until it is switched, and then stays switched', async ({ page }) => {
  const shell = new ShellPage(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await shell.open();
  expect(await shell.brightness()).toBeLessThan(40);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await shell.brightness()).toBeGreaterThan(215);

  await shell.themeSwitch().click();
  expect(await shell.brightness()).toBeLessThan(40);
  await page.reload();
  await shell.isShowing('Derain');
  expect(await shell.brightness()).toBeLessThan(40);

  await shell.themeSwitch().click();
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await shell.brightness(), 'follows the system again').toBeLessThan(40);
});

test('the address holds the view; back and forward work', async ({ page }) => {
  const shell = new ShellPage(page);
  await shell.open('Library');
  await shell.goTo('Train');
  expect(new URL(page.url()).hash).toMatch(/^#\/train/);
  await page.goBack();
  await shell.isShowing('Library');
  await page.goForward();
  await shell.isShowing('Train');
});

test('the device panel says what computes, and remembers a choice made by hand', async ({ page }) => {
  const shell = new ShellPage(page);
  await shell.open();
  await expect(shell.deviceChip).toHaveAccessibleName(/^Device: CPU · WASM, \d+ threads?$/);
  await shell.deviceChip.click();
  await expect(shell.devicePanel).toContainText('the processor does the work');
  await shell.devicePanel.getByText('WebGL', { exact: true }).click();
  await page.reload();
  await expect(shell.deviceChip).toHaveAccessibleName('Device: WebGL');
});

test('a software adapter is called one @webgpu', async ({ page, engine }) => {
  const shell = new ShellPage(page);
  await shell.open();
  const chosen = engine === 'webgpu';
  await expect(shell.deviceChip).toHaveAccessibleName(
    chosen ? 'Device: WebGPU · SwiftShader (software)' : /CPU · WASM/,
  );
  await shell.deviceChip.click();
  await expect(shell.devicePanel).toContainText(chosen ? 'SwiftShader (software)' : 'none');
});

test('the page shares memory between threads', async ({ page }) => {
  await new ShellPage(page).open();
  expect(await page.evaluate(() => crossOriginIsolated && typeof SharedArrayBuffer === 'function')).toBe(true);
});

test('the storage chip counts what the person has stored', async ({ page }) => {
  const shell = new ShellPage(page);
  await shell.open('Library');
  await expect(page.getByRole('button', { name: 'Nothing stored' })).toBeVisible();
  const clean = await photo('clean.png', 20, { width: 600, height: 400 });
  await new LibraryPage(page).drop([clean]);
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.reload();
  const chip = page.getByRole('button', { name: /stored$/ });
  await expect(chip).toHaveText(/^[\d.]+\skB stored$/);
  const kilobytes = Number(/[\d.]+/.exec(await chip.innerText())![0]);
  expect(kilobytes * 1000).toBeGreaterThanOrEqual(clean.buffer.length * 0.99);
  expect(kilobytes * 1000).toBeLessThan(clean.buffer.length + 100_000);
  await chip.click();
  await expect(shell.devicePanel.locator('dt:text-is("Library") + dd')).toHaveText(
    await chip.innerText().then((text) => text.replace(' stored', '')),
  );
});

test('messages push the page down and cover nothing', async ({ page }) => {
  const shell = new ShellPage(page);
  await page.route('**/scenes/*.webp', (route) => route.abort());
  await shell.open('Library');
  const before = (await shell.content.boundingBox())!.y;
  await page.getByRole('button', { name: 'Use the samples' }).click();
  await expect(shell.messages).toContainText('The samples could not be fetched.');
  const messages = (await shell.messages.boundingBox())!;
  const after = (await shell.content.boundingBox())!.y;
  expect(after).toBeGreaterThan(before);
  expect(after).toBeGreaterThanOrEqual(messages.y + messages.height);
});

test('without network the chip says so and the views still open', async ({ page, context }) => {
  const shell = new ShellPage(page);
  await shell.open();
  for (const view of VIEWS) await shell.goTo(view);
  await context.setOffline(true);
  await expect(page.getByText('Offline', { exact: true })).toBeVisible();
  for (const view of VIEWS) await shell.goTo(view);
  await context.setOffline(false);
  await expect(page.getByText('Offline', { exact: true })).toBeHidden();
});

// Colours do not depend on the width, so each theme and each width is looked at once.
for (const [colorScheme, width] of [
  ['dark', 360],
  ['light', 1440],
] as const) {
  test(`axe finds nothing at ${width} px, ${colorScheme}`, async ({ page }) => {
    const shell = new ShellPage(page);
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await shell.open();
    for (const view of VIEWS) {
      await shell.goTo(view);
      await shell.isAccessible();
      await shell.fitsItsWidth();
    }
    await shell.deviceChip.click();
    await expect(shell.devicePanel).toBeVisible();
    await shell.isAccessible();
  });
}
