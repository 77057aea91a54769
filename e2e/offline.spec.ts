import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { DerainPage } from './support/derainPage.ts';
import { photo, rainyPhoto } from './support/libraryFiles.ts';
import { checkZip, mixedFiles } from './support/mixedFiles.ts';
import { DIST, expect, installed, messages, test } from './support/offlineTest.ts';
import { QueuePage } from './support/queuePage.ts';
import { ShellPage } from './support/shellPage.ts';
import { evenStudent, heavyStudent } from './support/students.ts';
import { secondBuild } from './support/switchableServer.ts';
import { tiny, TrainPage } from './support/trainPage.ts';

/** The version that the page on screen is of. */
const buildOf = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector('meta[name="build"]')?.getAttribute('content') ?? 'first');

const lookForUpdate = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())!.update();
  });

test('after the first visit everything works with the server gone', async ({ page, host }) => {
  test.setTimeout(300_000);
  await installed(page);
  await expect.poll(() => storedNames(page, '/scenes/'), { timeout: 20_000 }).toHaveLength(13);
  await host.stop();
  await page.reload();

  const queue = new DerainPage(page);
  await expect(page.getByRole('heading', { name: 'Remove rain from a photo' })).toBeVisible();
  const { isolated, threads } = await page.evaluate(() => ({
    isolated: crossOriginIsolated,
    threads: navigator.hardwareConcurrency,
  }));
  expect(isolated).toBe(true);
  const rainy = await rainyPhoto('street.jpg', 210, 80, { width: 420, height: 300 });
  await queue.choosePhotos([rainy]);
  await queue.finished();
  if (threads > 1) await expect(page.getByRole('button', { name: /^Device: / })).toContainText(/[2-9]\d* threads/);
  const { name, bytes } = await queue.download();
  expect(name).toBe('street-derained.jpg');
  const stats = async (file: Buffer): Promise<number> => (await sharp(file).greyscale().stats()).channels[0]!.mean;
  expect(await sharp(bytes).metadata()).toMatchObject({ width: 420, height: 300 });
  expect(await stats(bytes), 'the shipped student took light streaks away').toBeLessThan(await stats(rainy.buffer));

  await page.getByRole('button', { name: 'Remove street.jpg' }).click();
  await page.getByRole('button', { name: 'Forest path' }).click();
  await queue.finished();

  const shell = new ShellPage(page);
  await shell.goTo('Train');
  await expect(
    page
      .getByRole('button', { name: 'Start training' })
      .or(page.getByRole('button', { name: 'Watch it learn' }))
      .first(),
  ).toBeVisible();
  await shell.goTo('Library');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('what the service worker answers carries the server’s headers', async ({ page, host }) => {
  await installed(page);
  await host.stop();
  await page.reload();
  const paths = await storedNames(page, '');
  expect(paths.length).toBeGreaterThan(30);
  const answers = await page.evaluate(
    (all) =>
      Promise.all(
        all.map(async (path) => {
          const { status, headers } = await fetch(path);
          return { path, status, headers: Object.fromEntries(headers) };
        }),
      ),
    ['/', ...paths],
  );
  for (const { path, status, headers } of answers) {
    expect(status, path).toBe(200);
    expect(headers['cross-origin-opener-policy'], path).toBe('same-origin');
    expect(headers['cross-origin-embedder-policy'], path).toBe('require-corp');
    expect(headers['content-security-policy'], path).toContain("default-src 'none'");
    expect(headers['content-security-policy']!.includes("'wasm-unsafe-eval'"), path).toBe(path.startsWith('/workers/'));
  }
});

test('with the server gone thirty files, five of them broken, survive a reload: twenty-five results, five reasons', async ({
  page,
  host,
}) => {
  test.setTimeout(180_000);
  const { files, good, broken } = await mixedFiles(25);
  await installed(page);
  await host.stop();
  await page.reload();
  const queue = new QueuePage(page);
  await queue.openModelFile(heavyStudent('heavy.safetensors'));
  await queue.choosePhotos(files);
  await expect(queue.progress).toContainText(/[3-9] of 30 done/, { timeout: 60_000 });
  await page.reload();
  await expect(queue.progress).toContainText('25 of 30 done · 5 failed', { timeout: 120_000 });
  await checkZip((await queue.download('Download all (ZIP)')).bytes, good, null);
  for (const [name, reason] of Object.entries(broken)) {
    await queue.walkTo(name);
    await expect(queue.alerts, name).toContainText(reason);
  }
});

test('can be installed, opens images and takes shared ones', async ({ page, host }) => {
  await installed(page);
  const manifest = (await (await page.request.get(`${host.url}/manifest.webmanifest`)).json()) as {
    icons: { src: string; sizes: string; purpose?: string }[];
    share_target: { action: string; params: { files: { name: string }[] } };
    file_handlers: { accept: object }[];
  };
  for (const { src, sizes } of manifest.icons.filter(({ src }) => src.endsWith('.png'))) {
    const { width, height } = await sharp(await (await page.request.get(`${host.url}/${src}`)).body()).metadata();
    expect(`${width}x${height}`, src).toBe(sizes);
  }
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  expect(Object.keys(manifest.file_handlers[0]!.accept)).toContain('image/jpeg');
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);

  // As the system does it for another app: a form, sent to the address in the manifest.
  const image = await photo('shared.png', 120);
  await page.evaluate(
    async ({ bytes, action, field }) => {
      const form = new FormData();
      form.append(field, new File([Uint8Array.from(bytes)], 'shared.png', { type: 'image/png' }));
      await fetch(action, { method: 'POST', body: form });
    },
    {
      bytes: [...image.buffer],
      action: manifest.share_target.action,
      field: manifest.share_target.params.files[0]!.name,
    },
  );
  await page.reload();
  const queue = new DerainPage(page);
  await expect(queue.status).toContainText('shared.png');
  await queue.finished();
});

test('a new version waits while photos are derained, and comes when it is told to', async ({ page, host }) => {
  test.setTimeout(120_000);
  const second = secondBuild(DIST);
  const shell = await installed(page);
  const queue = new DerainPage(page);
  await queue.openModelFile(heavyStudent('heavy.safetensors'));
  await queue.choosePhotos([await photo('large.jpg', 200, { width: 2400, height: 1600 })]);
  await expect(queue.status).toContainText(/\d\s% ·/, { timeout: 60_000 });
  const update = page.getByRole('button', { name: /^Update waiting/ });
  await expect(update).toHaveCount(0);

  await host.switchTo(second.root);
  await lookForUpdate(page);
  await expect(update).toBeVisible({ timeout: 30_000 });
  await update.click();
  await expect(messages(page)).toContainText('waits until the running work has ended');
  await expect(queue.status).toContainText(/\d\s% ·/);
  expect(await buildOf(page)).toBe('first');
  await shell.isAccessible();

  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(queue.status).toContainText('Cancelled');
  await page.reload();
  expect(await buildOf(page), 'a reload alone changes nothing').toBe('first');
  await expect(queue.status).toContainText('Cancelled');
  await update.click();
  await expect.poll(() => buildOf(page).catch(() => 'loading')).toBe('second');
  await expect(queue.status).toContainText('large.jpg');
  await expect(update).toHaveCount(0);
  await queue.openModelFile(evenStudent('quick.safetensors', 1));
  await queue.finished();
  second.remove();
});

test('a new version waits while training runs, in another tab too', async ({ page, context, host }) => {
  test.setTimeout(150_000);
  const second = secondBuild(DIST);
  await installed(page);
  const train = new TrainPage(page);
  await train.importImages();
  await train.open({ ...tiny });
  await train.start.click();
  await expect.poll(() => train.steps(), { timeout: 60_000 }).toBeGreaterThan(0);

  const other = await context.newPage();
  await new ShellPage(other).open('Library');
  await host.switchTo(second.root);
  await lookForUpdate(other);
  const update = other.getByRole('button', { name: /^Update waiting/ });
  await update.click({ timeout: 30_000 });
  await expect(messages(other)).toContainText('waits until the running work has ended');
  expect(await buildOf(page)).toBe('first');

  await train.stop.click();
  await expect(train.goOn).toBeVisible({ timeout: 30_000 });
  await update.click();
  for (const one of [other, page])
    await expect.poll(() => buildOf(one).catch(() => 'loading'), { timeout: 20_000 }).toBe('second');
  await expect(train.goOn, 'and the run can be continued by the new version').toBeVisible();
  second.remove();
});

/** Paths of the app's files on this device that begin so. */
function storedNames(page: Page, beginning: string): Promise<string[]> {
  return page.evaluate(async (start) => {
    const paths = (await (await caches.open('petrichor-app')).keys()).map(({ url }) => new URL(url).pathname);
    return paths.filter((path) => path.startsWith(start));
  }, beginning);
}
