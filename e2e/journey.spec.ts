import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { DerainPage } from './support/derainPage.ts';
import { rainyPhoto } from './support/libraryFiles.ts';
import { LibraryPage } from './support/libraryPage.ts';
import { ShellPage } from './support/shellPage.ts';
import { expect, test } from './support/test.ts';
import { tiny, TrainPage } from './support/trainPage.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The main job from end to end: nothing leaves the tab (the fixture watches every request), and the page's own CSP stands. */
test('photos in, a network trained, its student out and back in, a photo derained', async ({ page }) => {
  test.setTimeout(180_000);
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) refused.push(message.text());
  });

  const train = new TrainPage(page);
  await train.importImages();
  await train.open({ ...tiny, steps: '30' });
  await train.start.click();
  await expect(page.getByText(/Finished and saved at step 30/)).toBeVisible({ timeout: 90_000 });
  await expect(new ShellPage(page).deviceChip).toHaveAccessibleName(/CPU/);
  const objective = (await train.curves()).filter((row) => row['objective']).map((row) => Number(row['objective']));
  expect(objective).toHaveLength(30);
  expect(mean(objective.slice(-8))).toBeLessThan(mean(objective.slice(0, 8)));
  await expect(train.previews.getByRole('button', { name: /^Student, .* dB, enlarge/ }).first()).toBeVisible();

  const student = await readFile(await (await train.exportNetwork('student')).path());

  const queue = new DerainPage(page);
  await queue.open();
  await queue.openModelFile({ name: 'mine.safetensors', mimeType: 'application/octet-stream', buffer: student });
  await expect(queue.student).toHaveValue('file:1');
  await new LibraryPage(page).drop([await rainyPhoto('holiday.png', 200, 75, { width: 331, height: 247 })]);
  await queue.finished();
  const { name, bytes } = await queue.download();
  expect(name).toBe('holiday-derained.png');
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 331, height: 247 });
  expect(refused).toEqual([]);
});
