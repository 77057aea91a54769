import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { photo, plainFile } from './support/libraryFiles.ts';
import { checkZip, mixedFiles, picture } from './support/mixedFiles.ts';
import { allResultsStored, jobsOf, QueuePage, watchJobs } from './support/queuePage.ts';
import { ShellPage } from './support/shellPage.ts';
import { evenStudent, heavyStudent } from './support/students.ts';
import { expect, test } from './support/test.ts';

/** Levels that the quick student takes from every pixel. */
const LEVELS = 8;

test('thirty files, five of them broken: twenty-five results in the zip, five reasons', async ({ page }) => {
  test.setTimeout(120_000);
  const desk = new QueuePage(page);
  const { files, good, broken } = await mixedFiles(25);
  await desk.open();
  await desk.openModelFile(evenStudent('eight.safetensors', LEVELS));
  await desk.choosePhotos(files);
  await expect(desk.progress).toContainText('25 of 30 done · 5 failed', { timeout: 90_000 });
  await checkZip((await desk.download('Download all (ZIP)')).bytes, good, LEVELS);
  for (const [name, reason] of Object.entries(broken)) {
    await desk.walkTo(name);
    await expect(desk.alerts, name).toContainText(reason);
  }
});

test('another format for a finished queue is written from the results; no network runs again', async ({ page }) => {
  await watchJobs(page);
  const desk = new QueuePage(page);
  const good = await Promise.all([0, 1, 2].map((i) => picture(i)));
  await desk.open();
  await desk.openModelFile(evenStudent('eight.safetensors', LEVELS));
  await desk.choosePhotos(good);
  await expect(desk.progress).toContainText('3 of 3 done');
  const pngs = unzipSync((await desk.download('Download all (ZIP)')).bytes);
  const runs = await jobsOf(page);
  expect(runs).toHaveLength(3);
  await allResultsStored(page, 3);
  await page.reload();
  await expect(desk.progress).toContainText('3 of 3 done');
  await desk.format('JPEG');
  const jpegs = unzipSync((await desk.download('Download all (ZIP)')).bytes);
  expect(await jobsOf(page), 'runs after the reload').toEqual([]);
  for (const { name } of good) {
    const stem = `${name.replace(/\.\w+$/, '')}-derained`;
    const [png, jpeg] = await Promise.all(
      [pngs[`${stem}.png`]!, jpegs[`${stem}.jpg`]!].map((bytes) =>
        sharp(Buffer.from(bytes)).removeAlpha().raw().toBuffer({ resolveWithObject: true }),
      ),
    );
    expect([jpeg!.info.width, jpeg!.info.height]).toEqual([png!.info.width, png!.info.height]);
    const difference =
      jpeg!.data.reduce((sum, value, i) => sum + Math.abs(value - png!.data[i]!), 0) / jpeg!.data.length;
    expect(difference, `${name}: the JPEG shows the result`).toBeLessThan(LEVELS / 2);
  }
});

test('two hundred photos: only those near the screen are in the page', async ({ page }) => {
  const desk = new QueuePage(page);
  const files = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => ({
      ...(await photo('small.png', i, { width: 24, height: 16 })),
      name: `p${i}.png`,
    })),
  );
  await desk.open();
  await desk.openModelFile(heavyStudent('heavy.safetensors'));
  await desk.choosePhotos(files);
  await expect(desk.progress).toContainText(/of 200 done · about \d/, { timeout: 30_000 });
  expect(await desk.photos.count()).toBeLessThan(40);
  await page.getByRole('button', { name: 'Cancel all' }).press('Enter');
  await expect(desk.progress).not.toContainText('left');
  await page.locator('li[data-current] [data-pick]').focus();
  await page.keyboard.press('End');
  await expect(desk.status).toContainText('p199.png');
  await expect(desk.frame('p199.png')).toBeInViewport();
  await expect(page.locator('li[data-current] [data-pick]')).toBeFocused();
});

test('the keyboard alone does the whole journey', async ({ page }) => {
  const desk = new QueuePage(page);
  const shell = new ShellPage(page);
  await desk.open();
  await desk.openModelFile(evenStudent('eight.safetensors', LEVELS));
  const chooser = page.waitForEvent('filechooser');
  await shell.tabTo(page.getByRole('button', { name: 'Choose photos' }));
  await page.keyboard.press('Enter');
  await (
    await chooser
  ).setFiles([...(await Promise.all([0, 1, 2].map((i) => picture(i)))), plainFile('notes.txt', 'none', 'text/plain')]);
  await expect(desk.progress).toContainText('3 of 4 done · 1 failed', { timeout: 30_000 });

  await shell.tabTo(page.locator('li[data-current] [data-pick]'));
  await page.keyboard.press('End');
  await expect(desk.alerts).toContainText('This is not a picture.');
  await page.keyboard.press('Delete');
  await expect(desk.progress).toContainText('3 of 3 done');
  await expect(page.locator('li[data-current] [data-pick]')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(desk.status).toContainText('photo-01.jpg');

  await shell.tabTo(page.getByRole('button', { name: 'Download all (ZIP)' }));
  const arriving = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await arriving).suggestedFilename()).toBe('derained.zip');
  await shell.tabTo(page.getByRole('button', { name: 'Remove all' }), 60);
  await page.keyboard.press('Enter');
  await shell.tabTo(page.getByRole('button', { name: 'Undo' }), 60);
  await page.keyboard.press('Enter');
  await expect(desk.progress).toContainText('3 of 3 done');
});

test('axe finds nothing, empty, busy, done or with errors', async ({ page }) => {
  test.setTimeout(120_000);
  const desk = new QueuePage(page);
  const shell = new ShellPage(page);
  await desk.open();
  await shell.isAccessibleInBothThemes();
  await desk.openModelFile(heavyStudent('heavy.safetensors'));
  await desk.choosePhotos([
    await photo('large.jpg', 200, { width: 1200, height: 900 }),
    await picture(1),
    plainFile('notes.txt', 'none', 'text/plain'),
  ]);
  await expect(desk.status).toContainText(/\d %/, { timeout: 30_000 });
  await shell.isAccessibleInBothThemes();
  await page.getByRole('button', { name: 'Pause' }).press('Enter');
  await shell.isAccessibleInBothThemes();
  await desk.openModelFile(evenStudent('eight.safetensors', LEVELS));
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(desk.progress).toContainText('2 of 3 done', { timeout: 60_000 });
  await shell.isAccessibleInBothThemes();
  await desk.walkTo('notes.txt');
  await shell.isAccessibleInBothThemes();
  await page.getByRole('button', { name: 'Remove all' }).click();
  await shell.isAccessibleInBothThemes();
});
