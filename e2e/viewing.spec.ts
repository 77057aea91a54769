import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { DerainPage } from './support/derainPage.ts';
import { photo } from './support/libraryFiles.ts';
import type { TestFile } from './support/libraryFiles.ts';
import { ShellPage } from './support/shellPage.ts';
import { evenStudent, evenTeacher, heavyStudent } from './support/students.ts';
import { expect, test } from './support/test.ts';
import { focusesOf, watchJobs } from './support/queuePage.ts';

/** Resampled images differ a little by where their edges fall between pixels: levels, on average. */
const RESAMPLING = 0.5;
/** What a photo of one grey looks like, by what is chosen, with the models below: levels. */
const GREY = 150;
const LEVELS: Readonly<Record<string, number>> = {
  result: GREY - 6,
  original: GREY,
  rainMap: 6 * 4,
  truth: 200,
  'file:2': GREY - 10,
  'file:3': GREY - 4,
};

test('any two of original, rain map, teacher, students, truth and result lie side by side', async ({ page }) => {
  const queue = new DerainPage(page);
  await queue.open();
  await queue.openModelFile(evenStudent('six.safetensors', 6));
  await queue.openModelFile(evenStudent('ten.safetensors', 10));
  await queue.openModelFile(evenTeacher('four.safetensors', 4));
  await queue.student.selectOption('file:1');
  await queue.choosePhotos([await greyPhoto('grey.png', GREY)]);
  await queue.finished();
  await page.getByLabel('Ground truth', { exact: true }).setInputFiles(await greyPhoto('clean.png', LEVELS['truth']!));
  await page.getByRole('radio', { name: 'Both', exact: true }).check({ force: true });

  for (const left of Object.keys(LEVELS).filter((name) => name !== 'result')) {
    await page.getByRole('combobox', { name: 'Compare with' }).selectOption(left);
    for (const right of Object.keys(LEVELS)) {
      if (right === left || (left > right && right !== 'result')) continue; // Each pair once.
      await page.getByRole('combobox', { name: 'Show' }).selectOption(right);
      await expect
        .poll(() => shades(page), { message: `${left} beside ${right}` })
        .toEqual([LEVELS[left], LEVELS[right]]);
    }
  }
  await new ShellPage(page).isAccessible();
  const { bytes } = await queue.download();
  expect((await sharp(bytes).stats()).channels[0]!.mean, 'the file is the result, whatever is looked at').toBe(
    LEVELS['result'],
  );
});

test('the original shows while a key or the button is held', async ({ page }) => {
  const queue = new DerainPage(page);
  await queue.open();
  await queue.openModelFile(evenStudent('six.safetensors', 6));
  await queue.choosePhotos([await greyPhoto('grey.png', GREY)]);
  await queue.finished();
  await page.getByRole('radio', { name: 'Single' }).check({ force: true });
  const isShown = (level: number) => expect.poll(() => shades(page)).toEqual([level, level]);
  await isShown(GREY - 6);
  await queue.stage.focus();
  await page.keyboard.down('o');
  await isShown(GREY);
  await page.keyboard.up('o');
  await isShown(GREY - 6);

  const button = page.getByRole('button', { name: 'Hold to see original' });
  await button.hover();
  await page.mouse.down();
  await isShown(GREY);
  await page.mouse.up();
  await isShown(GREY - 6);
  await button.focus();
  await page.keyboard.down('Space');
  await isShown(GREY);
  await page.keyboard.up('Space');
  await isShown(GREY - 6);
});

test('side by side, zoom and move are one', async ({ page }) => {
  test.setTimeout(120_000);
  const queue = new DerainPage(page);
  await queue.open();
  await queue.openModelFile(evenStudent('nothing.safetensors', 0));
  await queue.choosePhotos([await photo('scene.png', 200, { width: 800, height: 600 })]);
  await queue.finished();
  await page.getByRole('radio', { name: 'Both', exact: true }).check({ force: true });
  const difference = async (): Promise<number> => (await halves(page)).difference;
  await expect.poll(difference).toBeLessThan(RESAMPLING);
  const fitted = await halves(page);

  const box = (await queue.stage.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.4); // In the right-hand image.
  await page.mouse.wheel(0, -900);
  await expect.poll(async () => (await halves(page)).sum).not.toBe(fitted.sum);
  await expect.poll(difference).toBeLessThan(RESAMPLING);
  const zoomed = await halves(page);
  await queue.stage.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await halves(page)).sum).not.toBe(zoomed.sum);
  await expect.poll(difference).toBeLessThan(RESAMPLING);
});

test('what is moved into view during a run is done next, and marked until it is', async ({ page }) => {
  test.setTimeout(240_000);
  await watchJobs(page);
  const queue = new DerainPage(page);
  await queue.open();
  await queue.openModelFile(heavyStudent('heavy.safetensors', 32));
  await queue.choosePhotos([await photo('scene.png', 200, { width: 2400, height: 1800 })]);
  await expect(queue.status).toContainText('%');
  await page.getByRole('radio', { name: 'Both', exact: true }).check({ force: true });
  await queue.stage.focus();
  await page.keyboard.press('1');
  // At once, not step by step: on a slow machine what lies on the way would be done meanwhile, and the corner with it.
  for (let i = 0; i < 2; i++) await dragStage(page, queue, -700, -500);
  // The far corner is under the veil of what is to come, and free of it long before a run from the middle came there.
  await expect.poll(() => veiled(page)).toBeGreaterThan(0.8);
  await expect(page.getByText(/^Computing … \d+\s%$/)).toBeVisible();
  await expect.poll(() => veiled(page), { timeout: 120_000 }).toBeLessThan(0.1);
  expect((await halves(page)).difference, 'and it is derained').toBeGreaterThan(2 * RESAMPLING);
  await expect(queue.status).toContainText(/(?<!\d)[1-4]?\d\s% · about/);
  await queue.openModelFile(evenStudent('ten.safetensors', 10));
  await queue.finished();
  const [first, second] = await focusesOf(page);
  expect(first!.x, 'the whole photo').toBeCloseTo(1200, -1);
  expect(second!.x, 'the corner that is looked at').toBeGreaterThan(1400);
  expect(second!.y).toBeGreaterThan(1000);
});

async function greyPhoto(name: string, level: number, { width = 300, height = 200 } = {}): Promise<TestFile> {
  const background = { r: level, g: level, b: level };
  return {
    name,
    mimeType: 'image/png',
    buffer: await sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toBuffer(),
  };
}

/** Moves the photo under the pointer by so many pixels. */
async function dragStage(page: Page, queue: DerainPage, right: number, down: number): Promise<void> {
  const { x, y, width, height } = (await queue.stage.boundingBox())!;
  const [fromX, fromY] = [x + width / 2 - right / 2, y + height / 2 - down / 2];
  await page.mouse.move(fromX, fromY);
  await page.mouse.down();
  await page.mouse.move(fromX + right, fromY + down);
  await page.mouse.up();
}

/** The green of the stage in the middle of its left-hand and right-hand half. */
function shades(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas')!;
    const context = canvas.getContext('2d')!;
    return [0.25, 0.75].map(
      (share) => context.getImageData(Math.round(canvas.width * share), Math.round(canvas.height / 2), 1, 1).data[1]!,
    );
  });
}

/** The mean difference between the two images on the stage, levels, and a sum over all pixels of one. */
function halves(page: Page): Promise<{ difference: number; sum: number }> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas')!;
    const width = Math.floor(canvas.width / 2) - 4;
    const of = (left: number) => canvas.getContext('2d')!.getImageData(left, 0, width, canvas.height).data;
    const [left, right] = [of(0), of(canvas.width - Math.round((canvas.width - 4 * devicePixelRatio) / 2))];
    return {
      difference: left.reduce((sum, value, i) => sum + Math.abs(value - right[i]!), 0) / left.length,
      sum: left.reduce((sum, value) => sum + value, 0),
    };
  });
}

/** Share of the right-hand image, side by side, that is the left-hand one half darkened: what is still to be computed. */
function veiled(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas')!;
    const width = Math.floor(canvas.width / 2) - 4;
    const of = (left: number) => canvas.getContext('2d')!.getImageData(left, 0, width, canvas.height).data;
    const [left, right] = [of(0), of(canvas.width - Math.round((canvas.width - 4 * devicePixelRatio) / 2))];
    const dark = left.filter((value, i) => i % 4 === 1 && Math.abs(right[i]! - (value + 12) / 2) <= 4);
    return dark.length / (left.length / 4);
  });
}
