import sharp from 'sharp';
import type { TestFile } from './support/libraryFiles.ts';
import { checkZip, mixedFiles, picture } from './support/mixedFiles.ts';
import { allResultsStored, jobsOf, QueuePage, storedOnDesk, storedSetups, watchJobs } from './support/queuePage.ts';
import { ShellPage } from './support/shellPage.ts';
import { evenStudent, heavyStudent } from './support/students.ts';
import { expect, test } from './support/test.ts';

/** Levels that the quick student takes from every pixel. */
const LEVELS = 8;

test('a reload in the middle loses nothing finished, and the rest goes on by itself', async ({ page }) => {
  test.setTimeout(240_000);
  await watchJobs(page);
  const desk = new QueuePage(page);
  const { files, good, broken } = await mixedFiles(12, 8);
  await desk.open();
  await desk.openModelFile(heavyStudent('heavy.safetensors'));
  await desk.choosePhotos(files);
  await expect(desk.progress).toContainText(/([4-9]|1[01]) of 17 done · [1-5] failed/, { timeout: 120_000 });
  const done = async (): Promise<number> => Number(/(\d+) of 17/.exec(await desk.progress.innerText())![1]);
  const stored = (await done()) - 1; // The last one may still be on its way to the disk.
  await page.reload();

  await expect(desk.progress).toContainText(/of 17 done/, { timeout: 30_000 });
  expect(await done()).toBeGreaterThanOrEqual(stored);
  await expect(desk.student).toHaveValue('file:1');
  await expect(desk.progress).toContainText('12 of 17 done · 5 failed', { timeout: 150_000 });
  const jobs = await jobsOf(page);
  expect(jobs.length, 'every photo that was not finished, and no other').toBeLessThanOrEqual(12 - stored);
  expect(jobs.length).toBeGreaterThan(0);

  const before = jobs.length;
  await checkZip((await desk.download('Download all (ZIP)')).bytes, good, null);
  await desk.walkTo('photo-01.jpg');
  await desk.finished();
  await expect(desk.divider).toBeVisible();
  for (const [name, reason] of Object.entries(broken)) {
    await desk.walkTo(name);
    await expect(desk.alerts, name).toContainText(reason);
  }
  expect((await jobsOf(page)).length, 'neither the zip nor looking at results runs the network').toBe(before);

  // More rain off one that came from the disk: that needs the network once.
  await desk.walkTo('photo-02.png');
  await page.getByRole('slider', { name: 'Strength' }).fill('50');
  await desk.finished();
  await expect.poll(async () => (await jobsOf(page)).length).toBe(before + 1);
});

test('a reload keeps the results as they are, and a pause', async ({ page }) => {
  await watchJobs(page);
  const desk = new QueuePage(page);
  const good = await Promise.all([0, 1, 2].map((i) => picture(i)));
  await desk.open();
  await desk.openModelFile(evenStudent('eight.safetensors', LEVELS));
  await desk.choosePhotos(good);
  await expect(desk.progress).toContainText('3 of 3 done');
  await allResultsStored(page, 3);
  await page.reload();
  await expect(desk.progress).toContainText('3 of 3 done');
  await expect(desk.status).toContainText('Done in');
  await checkZip((await desk.download('Download all (ZIP)')).bytes, good, LEVELS);
  expect((await desk.download()).name).toBe('photo-01-derained.png');
  expect(await jobsOf(page)).toEqual([]);

  await desk.openModelFile(heavyStudent('heavy.safetensors'));
  await page.getByRole('button', { name: 'Pause' }).press('Enter');
  await expect(desk.progress).toContainText('paused');
  await expect.poll(() => storedSetups(page), 'the setup and two model files').toBe(3);
  await page.reload();
  await expect(desk.progress).toContainText('paused');
  await expect(desk.student).toHaveValue('file:2');
  expect(await jobsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(desk.progress).toContainText('3 of 3 done', { timeout: 30_000 });
});

test('goes on after a reload in another view too', async ({ page }) => {
  test.setTimeout(120_000);
  await watchJobs(page);
  const desk = new QueuePage(page);
  const shell = new ShellPage(page);
  await desk.open();
  await desk.openModelFile(heavyStudent('heavy.safetensors'));
  await desk.choosePhotos(await Promise.all([0, 1, 2].map((i) => picture(i, 2))));
  await expect.poll(() => storedOnDesk(page)).toMatchObject({ entries: 3 });
  await shell.goTo('Library');
  await page.reload();
  await expect.poll(async () => (await jobsOf(page)).length, { timeout: 30_000 }).toBeGreaterThan(0);
  await shell.isShowing('Library');
  await shell.goTo('Derain');
  await expect(desk.progress).toContainText('3 of 3 done', { timeout: 45_000 });
});

test('a photo taken off the desk leaves nothing behind; a cleared desk can be brought back', async ({ page }) => {
  const desk = new QueuePage(page);
  const good = await Promise.all([0, 1, 2].map((i) => picture(i)));
  await desk.open();
  await desk.openModelFile(evenStudent('eight.safetensors', LEVELS));
  await desk.choosePhotos(good);
  await expect(desk.progress).toContainText('3 of 3 done');
  await expect.poll(() => storedOnDesk(page)).toEqual({ entries: 3, files: 6 });
  await desk.frame('photo-02.png').hover();
  await desk.frame('photo-02.png').getByRole('button', { name: 'Remove photo-02.png' }).click();
  await expect.poll(() => storedOnDesk(page)).toEqual({ entries: 2, files: 4 });

  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(page.getByRole('heading', { name: 'Remove rain from a photo' })).toBeVisible();
  await expect.poll(() => storedOnDesk(page)).toEqual({ entries: 0, files: 0 });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(desk.progress).toContainText('2 of 2 done');
  await expect.poll(() => storedOnDesk(page)).toEqual({ entries: 2, files: 4 });
  await page.reload();
  await expect(desk.progress).toContainText('2 of 2 done');
  await checkZip((await desk.download('Download all (ZIP)')).bytes, [good[0]!, good[2]!], LEVELS);
});

test('two tabs have a desk each; what a closed tab left is taken over, once', async ({ page, context }) => {
  test.setTimeout(240_000);
  const desk = new QueuePage(page);
  const good = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => picture(i, i === 0 ? 1 : 2)));
  await desk.open();
  await desk.openModelFile(heavyStudent('heavy.safetensors'));
  await desk.choosePhotos(good);
  await expect(desk.progress).toContainText(/[1-4] of 6 done/, { timeout: 120_000 });

  await page.getByRole('button', { name: 'Pause' }).press('Enter');
  await expect(desk.progress).toContainText('paused');
  const second = await context.newPage();
  await watchJobs(second);
  const other = new QueuePage(second);
  await other.open();
  await expect(second.getByRole('heading', { name: 'Remove rain from a photo' })).toBeVisible();
  const finished = Number(/(\d+) of 6/.exec(await desk.progress.innerText())![1]);
  await expect.poll(() => storedOnDesk(page)).toEqual({ entries: 6, files: 6 + finished });
  await page.close();
  await second.reload();
  // It goes on by itself, so it may be past `finished` when first seen.
  await expect(other.progress).toContainText(new RegExp(`[${finished}-6] of 6 done`), { timeout: 30_000 });
  const third = new QueuePage(await context.newPage());
  await third.open();
  await expect(third.page.getByRole('heading', { name: 'Remove rain from a photo' })).toBeVisible();
  await expect(other.progress).toContainText('6 of 6 done', { timeout: 120_000 });
  expect((await jobsOf(second)).length, 'what was finished is not done again').toBe(6 - finished);
  await checkZip((await other.download('Download all (ZIP)')).bytes, good, null);
});

test('with the storage full the queue goes on in memory, and says so', async ({ page, server }) => {
  const desk = new QueuePage(page);
  const noise = await noisyPng('noise.png', 700, 500);
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 600_000 });
  await desk.open();
  await desk.openModelFile(evenStudent('eight.safetensors', LEVELS));
  await desk.choosePhotos([await picture(1), noise, await picture(4)]);
  await expect(desk.progress).toContainText('3 of 3 done', { timeout: 30_000 });
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('no room left to store photos');
  await expect(desk.progress).toContainText('1 in this tab only');
  const { bytes } = await desk.download('Download all (ZIP)');
  await checkZip(bytes, [await picture(1), noise, await picture(4)], LEVELS);
  await desk.walkTo('noise.png');
  await page
    .getByRole('group', { name: 'This photo' })
    .getByRole('button', { name: /^Remove / })
    .click();
  await expect(desk.progress).not.toContainText('in this tab only');
});

/** Grey noise from a fixed sequence: nothing that a codec or a disk could make smaller. */
async function noisyPng(name: string, width: number, height: number): Promise<TestFile> {
  let state = 1;
  const bytes = Buffer.alloc(width * height * 3).map(() => (state = (state * 48_271) % 0x7fffffff) >> 8);
  return {
    name,
    mimeType: 'image/png',
    buffer: await sharp(bytes, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  };
}
