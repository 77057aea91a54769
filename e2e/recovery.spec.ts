import sharp from 'sharp';
import { DerainPage } from './support/derainPage.ts';
import { rainyPhoto } from './support/libraryFiles.ts';
import { expect, test } from './support/test.ts';
import { tiny, TrainPage } from './support/trainPage.ts';

test('a crashed page loses nothing: training goes on from its last checkpoint', async ({ page, context }) => {
  test.setTimeout(180_000);
  const train = new TrainPage(page);
  await train.importImages();
  await train.open(tiny);
  await train.start.click();
  await expect.poll(() => train.steps(), { timeout: 90_000 }).toBeGreaterThanOrEqual(25);

  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  void session.send('Page.crash').catch(() => undefined);
  await crashed;

  const again = new TrainPage(await context.newPage());
  await again.open();
  await expect(again.goOn).toBeVisible({ timeout: 30_000 });
  const from = Number((await again.goOn.innerText()).replace(/\D/g, ''));
  expect(from).toBeGreaterThanOrEqual(15);
  await again.goOn.click();
  await expect.poll(() => again.steps(), { timeout: 60_000 }).toBeGreaterThan(from);
  await again.stop.click();
  await expect(again.page.getByText(/Paused and saved at step/)).toBeVisible({ timeout: 30_000 });
  const steps = (await again.curves()).filter((row) => row['objective']).map((row) => Number(row['step']));
  expect(steps).toEqual(Array.from({ length: await again.steps() }, (_, index) => index + 1));
});

test('a lost graphics device is replaced, training goes on by itself, and its student derains @webgpu-only', async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000);
  const train = new TrainPage(page);
  await train.importImages();
  await train.open(tiny);
  await train.start.click();
  await expect.poll(() => train.steps(), { timeout: 150_000 }).toBeGreaterThanOrEqual(16);
  await expect(page.getByRole('region', { name: 'Run', exact: true })).toContainText('WebGPU');
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess' as never);
  await expect(page.getByText(/The device was lost/).first()).toBeVisible({ timeout: 30_000 });
  const lost = await train.steps();
  await expect.poll(() => train.steps(), { timeout: 120_000 }).toBeGreaterThan(lost + 3);
  await train.stop.click();
  await expect(page.getByText(/Paused and saved at step/)).toBeVisible({ timeout: 60_000 });

  await page.getByRole('button', { name: 'Export …' }).click();
  await page.getByRole('button', { name: 'Use in Derain' }).click();
  const queue = new DerainPage(page);
  await expect(queue.student).toHaveValue(/^mine:/);
  await queue.choosePhotos([await rainyPhoto('holiday.png', 200, 75, { width: 331, height: 247 })]);
  await queue.finished();
  await expect(page.getByRole('button', { name: /^Device: WebGPU/ })).toBeVisible();
  const { name, bytes } = await queue.download();
  expect(name).toBe('holiday-derained.png');
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 331, height: 247 });
});
