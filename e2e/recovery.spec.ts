import sharp from 'sharp';
import { DerainPage } from './support/derainPage.ts';
import { rainyPhoto } from './support/libraryFiles.ts';
import { expect, test } from './support/test.ts';
import { tiny, TrainPage } from './support/trainPage.ts';
import {
  crashed,
  disturbances,
  INTERVAL,
  storageRoom,
  missingSteps,
  offeredStep,
  savedStep,
  stepDone,
  toldOfFullStorage,
  toldOfNoImages,
  trainingPage,
  wipeStorage,
} from './support/trainingFaults.ts';

test('a run outlives its day: a full or wiped storage, a crash while it is full, reloads, pauses, being offline', async ({
  page,
}) => {
  test.setTimeout(300_000);
  await new TrainPage(page).open();
  const room = await storageRoom(page);
  await room(600_000);
  await trainingPage(page);
  const { stored, failed } = await toldOfFullStorage(page);
  expect(stored, 'an older checkpoint is named').toBeLessThan(failed);

  const train = new TrainPage(await crashed(page));
  await train.open();
  expect(await offeredStep(train), 'it is intact').toBe(stored);
  await room();
  await train.goOn.click();
  await stepDone(train, stored + INTERVAL + 1);
  for (const disturb of Object.values(disturbances)) {
    const before = await train.steps();
    await disturb(train);
    await stepDone(train, before - INTERVAL + 1);
  }
  await wipeStorage(train.page);
  await stepDone(train, (await train.steps()) + INTERVAL);
  const saved = await savedStep(train);
  expect(await missingSteps(train)).toEqual([]);
  await train.page.reload();
  expect(await offeredStep(train), 'what was saved since is there').toBe(saved);
  await train.goOn.click();
  await toldOfNoImages(train.page);
});

test('a lost graphics device is replaced, training goes on by itself, and its student derains @webgpu-only', async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000);
  const train = new TrainPage(page);
  await train.importImages();
  await train.open({ ...tiny, previewEvery: '5', checkpointEvery: '5' });
  await train.start.click();
  await expect.poll(() => train.steps(), { timeout: 150_000 }).toBeGreaterThanOrEqual(6);
  await expect(page.getByRole('region', { name: 'Run', exact: true })).toContainText('WebGPU');
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess' as never);
  await expect(page.getByText(/The device was lost/).first()).toBeVisible({ timeout: 30_000 });
  const lost = await train.steps();
  await expect.poll(() => train.steps(), { timeout: 120_000 }).toBeGreaterThan(lost + 3);
  await expect(train.changes.locator('li[data-kind="device"]')).toHaveCount(1);
  await savedStep(train);

  await page.getByRole('button', { name: 'Export …' }).click();
  await page.getByRole('button', { name: 'Use in Derain' }).click();
  const queue = new DerainPage(page);
  await expect(queue.student).toHaveValue(/^mine:/);
  await queue.choosePhotos([await rainyPhoto('holiday.png', 200, 75, { width: 171, height: 123 })]);
  await queue.finished();
  await expect(page.getByRole('button', { name: /^Device: WebGPU/ })).toBeVisible();
  const { name, bytes } = await queue.download();
  expect(name).toBe('holiday-derained.png');
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 171, height: 123 });
});
