import sharp from 'sharp';
import { BigPhotoPage } from './support/bigPhotoPage.ts';
import { rainyPhoto } from './support/libraryFiles.ts';
import { ShellPage } from './support/shellPage.ts';
import { expect, test } from './support/test.ts';
import { tiny, TrainPage } from './support/trainPage.ts';

test('a photo is derained while a training runs, and both end well', async ({ page }) => {
  test.setTimeout(300_000);
  const train = new TrainPage(page);
  await train.importImages();
  await train.open(tiny);
  await train.start.click();
  await expect.poll(() => train.steps(), { timeout: 120_000 }).toBeGreaterThanOrEqual(5);

  const queue = new BigPhotoPage(page);
  await new ShellPage(page).viewLink('Derain').click();
  await expect(queue.student).toHaveValue('shipped:broad');
  const rainy = await rainyPhoto('walk.png', 60, 80, { width: 900, height: 600 });
  await queue.choosePhotos([rainy]);
  await queue.finished();
  const result = await sharp(await queue.resultAs('PNG'))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(result.info).toMatchObject({ width: 900, height: 600 });
  expect(result.data.equals(await sharp(rainy.buffer).removeAlpha().raw().toBuffer())).toBe(false);
  await expect(queue.alerts).toHaveCount(0);

  await new ShellPage(page).viewLink('Train').click();
  const meanwhile = await train.steps();
  expect(meanwhile).toBeGreaterThan(5);
  await expect.poll(() => train.steps(), { timeout: 60_000 }).toBeGreaterThan(meanwhile + 5);
  await train.stop.click();
  await expect(page.getByText(/Paused and saved at step/)).toBeVisible({ timeout: 60_000 });
  const objective = (await train.curves()).filter((row) => row['objective']).map((row) => Number(row['objective']));
  expect(objective).toHaveLength(await train.steps());
  expect(objective.every(Number.isFinite)).toBe(true);
});
