import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { photo, plainFile } from './support/libraryFiles.ts';
import { checkZip, image, resultName } from './support/mixedFiles.ts';
import {
  allResultsStored,
  jobsOf,
  QueuePage,
  resultStored,
  runsOf,
  stateStored,
  watchJobs,
} from './support/queuePage.ts';
import { ShellPage } from './support/shellPage.ts';
import { evenStudent, heavyStudent } from './support/students.ts';
import { expect, test } from './support/test.ts';

/** Levels that the quick student takes from every pixel. */
const LEVELS = 8;

test('several photos, one cancelled, a reload in mid-run: the rest is finished by itself, and lies in one zip', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await watchJobs(page);
  const queue = new QueuePage(page);
  const good = await Promise.all(Array.from({ length: 8 }, (_, i) => image(i, i >= 5 ? 3 : 1)));
  await queue.open();
  await queue.openModelFile(heavyStudent('heavy.safetensors'));
  await queue.choosePhotos([...good, plainFile('notes.txt', 'no image', 'text/plain')]);
  await expect(queue.frame('notes.txt'), 'refused before its turn').toContainText('Can’t open', { timeout: 30_000 });
  await expect(queue.progress).toContainText(/[2-6] of 9 done · 1 failed/, { timeout: 120_000 });
  await queue.walkTo('photo-08.png');
  await page.getByRole('group', { name: 'This photo' }).getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(queue.frame('photo-08.png')).toContainText('Cancelled');
  await stateStored(page, 'photo-08.png', 'cancelled');
  await resultStored(page, 'photo-02.png'); // It is to come from the disk at the end.
  const done = async (): Promise<number> => Number(/(\d+) of 9/.exec(await queue.progress.innerText())![1]);
  const stored = (await done()) - 1; // The last one may still be on its way to the disk.
  await page.reload();

  await expect(queue.progress).toContainText(/of 9 done/, { timeout: 30_000 });
  expect(await done()).toBeGreaterThanOrEqual(stored);
  await expect(queue.student).toHaveValue('file:1');
  await expect(queue.progress).toContainText('7 of 9 done · 1 failed', { timeout: 150_000 });
  await queue.walkTo('photo-08.png');
  await expect(queue.status, 'what was cancelled stays so').toContainText('Cancelled');
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await expect(queue.progress).toContainText('8 of 9 done', { timeout: 60_000 });
  await allResultsStored(page, 8);
  const jobs = (await jobsOf(page)).length;
  expect(jobs, 'every photo that was not finished, and no other').toBeLessThanOrEqual(8 - stored);

  const { bytes } = await queue.download('Download all (ZIP)');
  await checkZip(bytes, good, null);
  const originals = unzipSync(bytes);
  await queue.walkTo('photo-01.jpg');
  await queue.finished();
  await expect(queue.divider).toBeVisible();
  await queue.format('JPEG');
  const jpegs = unzipSync((await queue.download('Download all (ZIP)')).bytes);
  expect((await jobsOf(page)).length, 'neither zips nor looking at results run the network').toBe(jobs);
  for (const { name } of good) {
    const [first, jpeg] = await Promise.all(
      [originals[resultName(name)]!, jpegs[resultName(name).replace(/\w+$/, 'jpg')]!].map((bytes) =>
        sharp(Buffer.from(bytes)).removeAlpha().raw().toBuffer({ resolveWithObject: true }),
      ),
    );
    expect([jpeg!.info.width, jpeg!.info.height]).toEqual([first!.info.width, first!.info.height]);
    const difference =
      jpeg!.data.reduce((sum, value, i) => sum + Math.abs(value - first!.data[i]!), 0) / jpeg!.data.length;
    expect(difference, `${name}: the JPEG shows the result`).toBeLessThan(LEVELS / 2);
  }
  // Less rain off one that comes from the disk, asked for while it still comes: that needs the network once.
  const runs = (await runsOf(page)).length;
  await queue.walkTo('photo-02.png');
  await page.getByRole('slider', { name: 'Strength' }).fill('50');
  await expect.poll(async () => (await runsOf(page)).length).toBe(runs + 1);
  await queue.finished();
});

test('two hundred photos: only those near the screen are in the page', async ({ page }) => {
  const queue = new QueuePage(page);
  const files = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => ({
      ...(await photo('small.png', i, { width: 24, height: 16 })),
      name: `p${i}.png`,
    })),
  );
  await queue.open();
  await queue.openModelFile(heavyStudent('heavy.safetensors'));
  await queue.choosePhotos(files);
  await expect(queue.progress).toContainText(/of 200 done · about \d/, { timeout: 30_000 });
  expect(await queue.photos.count()).toBeLessThan(40);
  await page.getByRole('button', { name: 'Cancel all' }).press('Enter');
  await expect(queue.progress).not.toContainText('left');
  await page.locator('li[data-current] [data-pick]').focus();
  await page.keyboard.press('End');
  await expect(queue.status).toContainText('p199.png');
  await expect(queue.frame('p199.png')).toBeInViewport();
  await expect(page.locator('li[data-current] [data-pick]')).toBeFocused();
});

test('the keyboard alone does the whole journey', async ({ page }) => {
  const queue = new QueuePage(page);
  const shell = new ShellPage(page);
  await queue.open();
  await queue.openModelFile(evenStudent('eight.safetensors', LEVELS));
  const chooser = page.waitForEvent('filechooser');
  await shell.tabTo(page.getByRole('button', { name: 'Choose photos' }));
  await page.keyboard.press('Enter');
  await (
    await chooser
  ).setFiles([...(await Promise.all([0, 1, 2].map((i) => image(i)))), plainFile('notes.txt', 'none', 'text/plain')]);
  await expect(queue.progress).toContainText('3 of 4 done · 1 failed', { timeout: 30_000 });

  await shell.tabTo(page.locator('li[data-current] [data-pick]'));
  await page.keyboard.press('End');
  await expect(queue.alerts).toContainText('This is not an image.');
  await page.keyboard.press('Delete');
  await expect(queue.progress).toContainText('3 of 3 done');
  await expect(page.locator('li[data-current] [data-pick]')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(queue.status).toContainText('photo-01.jpg');

  await shell.tabTo(page.getByRole('button', { name: 'Download all (ZIP)' }));
  const arriving = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await arriving).suggestedFilename()).toBe('derained.zip');
  await shell.tabTo(page.getByRole('button', { name: 'Remove all' }), 60);
  await page.keyboard.press('Enter');
  await shell.tabTo(page.getByRole('button', { name: 'Undo' }), 60);
  await page.keyboard.press('Enter');
  await expect(queue.progress).toContainText('3 of 3 done');
});

// Empty, the view is among those of shell.spec.
test('axe finds nothing, busy, done or with errors', async ({ page }) => {
  test.setTimeout(300_000);
  const queue = new QueuePage(page);
  const shell = new ShellPage(page);
  await queue.open();
  await queue.openModelFile(heavyStudent('heavy.safetensors'));
  await queue.choosePhotos([
    await photo('large.jpg', 200, { width: 1200, height: 900 }),
    await image(1),
    plainFile('notes.txt', 'none', 'text/plain'),
  ]);
  await expect(queue.status).toContainText(/\d\s%/, { timeout: 30_000 });
  await shell.isAccessibleInBothThemes();
  await page.getByRole('button', { name: 'Pause' }).press('Enter');
  await shell.isAccessibleInBothThemes();
  await queue.openModelFile(evenStudent('eight.safetensors', LEVELS));
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(queue.progress).toContainText('2 of 3 done', { timeout: 60_000 });
  await shell.isAccessibleInBothThemes();
  await queue.walkTo('notes.txt');
  await shell.isAccessibleInBothThemes();
  await page.setViewportSize({ width: 360, height: 740 });
  await shell.isAccessibleInBothThemes();
  await shell.fitsItsWidth();
  await page.getByRole('button', { name: 'Remove all' }).click();
  await shell.isAccessibleInBothThemes();
});
