import sharp from 'sharp';
import type { TestFile } from './support/libraryFiles.ts';
import { checkZip, image } from './support/mixedFiles.ts';
import { allResultsStored, jobsOf, QueuePage, storedInQueue, watchJobs } from './support/queuePage.ts';
import { ShellPage } from './support/shellPage.ts';
import { evenStudent, heavyStudent } from './support/students.ts';
import { expect, test } from './support/test.ts';

/** Levels that the quick student takes from every pixel. */
const LEVELS = 8;

test('goes on after a reload in another view too', async ({ page }) => {
  test.setTimeout(120_000);
  await watchJobs(page);
  const queue = new QueuePage(page);
  const shell = new ShellPage(page);
  await queue.open();
  await queue.openModelFile(heavyStudent('heavy.safetensors'));
  await queue.choosePhotos(await Promise.all([0, 1, 2].map((i) => image(i, 2))));
  await expect.poll(() => storedInQueue(page)).toMatchObject({ entries: 3 });
  await shell.goTo('Library');
  await page.reload();
  await expect.poll(async () => (await jobsOf(page)).length, { timeout: 30_000 }).toBeGreaterThan(0);
  await shell.isShowing('Library');
  await shell.goTo('Derain');
  await expect(queue.progress).toContainText('3 of 3 done', { timeout: 45_000 });
});

test('what a crashed tab left is taken over, once; removed photos leave nothing behind, and can be brought back', async ({
  page,
  context,
}) => {
  test.setTimeout(240_000);
  const queue = new QueuePage(page);
  const good = await Promise.all([0, 1, 2, 3].map((i) => image(i, i === 0 ? 1 : 3)));
  await queue.open();
  await queue.openModelFile(heavyStudent('heavy.safetensors'));
  await queue.choosePhotos(good);
  await expect(queue.progress).toContainText(/[1-3] of 4 done/, { timeout: 120_000 });
  const second = await context.newPage();
  const other = new QueuePage(second);
  await watchJobs(second);
  await other.open();
  await expect(
    second.getByRole('heading', { name: 'Remove rain from a photo' }),
    'it has a queue of its own',
  ).toBeVisible();
  const finished = Number(/(\d+) of 4/.exec(await queue.progress.innerText())![1]);

  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  void session.send('Page.crash').catch(() => undefined);
  await crashed;
  await second.reload();
  await expect(other.progress).toContainText(/of 4 done/, { timeout: 30_000 });
  const third = new QueuePage(await context.newPage());
  await third.open();
  await expect(third.page.getByRole('heading', { name: 'Remove rain from a photo' })).toBeVisible();
  await expect(other.progress).toContainText('4 of 4 done', { timeout: 120_000 });
  // The last one finished may not have lain on disk yet.
  expect((await jobsOf(second)).length, 'what was finished is not done again').toBeLessThanOrEqual(5 - finished);
  await allResultsStored(second, 4);
  await checkZip((await other.download('Download all (ZIP)')).bytes, good, null);

  await other.frame('photo-02.png').hover();
  await other.frame('photo-02.png').getByRole('button', { name: 'Remove photo-02.png' }).click();
  await expect.poll(() => storedInQueue(second)).toEqual({ entries: 3, files: 6 });
  await second.getByRole('button', { name: 'Remove all' }).click();
  await expect(second.getByRole('heading', { name: 'Remove rain from a photo' })).toBeVisible();
  await expect.poll(() => storedInQueue(second)).toEqual({ entries: 0, files: 0 });
  await second.getByRole('button', { name: 'Undo' }).click();
  await expect(other.progress).toContainText('3 of 3 done');
  await expect.poll(() => storedInQueue(second)).toEqual({ entries: 3, files: 6 });
});

test('with the storage full the queue goes on in memory, and says so', async ({ page, server }) => {
  const queue = new QueuePage(page);
  const noise = await noisyPng('noise.png', 700, 500);
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 600_000 });
  await queue.open();
  await queue.openModelFile(evenStudent('eight.safetensors', LEVELS));
  await queue.choosePhotos([await image(1), noise, await image(4)]);
  await expect(queue.progress).toContainText('3 of 3 done', { timeout: 30_000 });
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('no room left to store photos');
  await expect(queue.progress).toContainText('1 in this tab only');
  const { bytes } = await queue.download('Download all (ZIP)');
  await checkZip(bytes, [await image(1), noise, await image(4)], LEVELS);
  await queue.walkTo('noise.png');
  await page
    .getByRole('group', { name: 'This photo' })
    .getByRole('button', { name: /^Remove / })
    .click();
  await expect(queue.progress).not.toContainText('in this tab only');
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
