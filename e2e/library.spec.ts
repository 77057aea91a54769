import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { blackPng, photo, plainFile, rainyPhoto, rotatedPhoto, type TestFile } from './support/libraryFiles.ts';
import { LibraryPage } from './support/libraryPage.ts';
import { ShellPage } from './support/shellPage.ts';
import { expect, test } from './support/test.ts';
import { storageRoom } from './support/trainingFaults.ts';

/** Rain100L's layout: the same names in `rainy` and `clean`. */
async function rain100L(count: number): Promise<Record<string, TestFile>> {
  const files: Record<string, TestFile> = {};
  for (let i = 1; i <= count; i++) {
    files[`Rain100L/rainy/${i}.png`] = await rainyPhoto(`${i}.png`, 40 * i, 60 + 20 * i);
    files[`Rain100L/clean/${i}.png`] = await photo(`${i}.png`, 40 * i);
  }
  return files;
}

function zipOf(name: string, files: Readonly<Record<string, TestFile>>): TestFile {
  const packed = zipSync(
    Object.fromEntries(Object.entries(files).map(([path, { buffer }]) => [path, new Uint8Array(buffer)])),
  );
  return { name, mimeType: 'application/zip', buffer: Buffer.from(packed) };
}

test('a mixed drop: images are kept, every other file gets its reason', async ({ page }) => {
  const library = new LibraryPage(page);
  await library.open();
  await expect(page.getByRole('heading', { name: 'No clean images yet' })).toBeVisible();
  const whole = await photo('whole.jpg', 200);
  const huge = blackPng('huge.png', 16_000, 16_000);
  expect(huge.buffer.length).toBeLessThan(60_000);

  await library.drop([
    whole,
    await photo('other.png', 20),
    plainFile('diary.txt', 'It rained all day.', 'text/plain'),
    plainFile('cut.jpg', whole.buffer.subarray(0, Math.floor(whole.buffer.length / 2)), 'image/jpeg'),
    plainFile('nothing.png', '', 'image/png'),
    huge,
    plainFile('fake.png', 'not at all', 'image/png'),
    zipOf('pairs.zip', await rain100L(2)),
  ]);

  await expect(library.summary).toHaveText('4 added (2 to Clean, 2 to Pairs), 5 not added.');
  await expect(library.errors).toHaveCount(5);
  await expect(library.errorOf('diary.txt')).toContainText('This is not an image. Choose JPEG');
  await expect(library.errorOf('cut.jpg')).toContainText('This JPEG is incomplete. Copy or download it again.');
  await expect(library.errorOf('nothing.png')).toContainText('The file is empty (0 bytes).');
  await expect(library.errorOf('huge.png')).toContainText(
    '16,000 × 16,000 (256 megapixels); the limit is 100 megapixels. Make it smaller',
  );
  await expect(library.errorOf('fake.png')).toContainText('This is not an image.');
  await expect(library.collection('Clean', 2)).toBeVisible();
  await expect(library.collection('Pairs', 2)).toBeVisible();

  await page.getByRole('button', { name: 'Dismiss diary.txt' }).click();
  await expect(library.errors).toHaveCount(4);
  await page.getByRole('button', { name: 'Dismiss all' }).click();
  await expect(library.errors).toHaveCount(0);

  await page.reload();
  await expect(library.collection('Clean', 2)).toBeVisible();
  await expect(library.image('whole')).toHaveAccessibleName('whole, 96 × 72 pixels');
  await library.drop([whole]);
  await expect(library.summary).toHaveText('1 already there.');
});

test('a first visitor takes the sample scenes with one press', async ({ page, server }) => {
  const library = new LibraryPage(page);
  await library.open();
  const scenes = (await (await page.request.get(`${server.url}/scenes/scenes.json`)).json()) as unknown[];
  expect(scenes.length).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Use the samples' }).click();
  await expect(library.summary).toHaveText(
    `${2 * scenes.length} added (${scenes.length} to Clean, ${scenes.length} to Rainy).`,
    { timeout: 30_000 },
  );
});

test('deleting can be undone, also after a reload, until it is made final', async ({ page }) => {
  const library = new LibraryPage(page);
  await library.open();
  await library.drop([await photo('a.png', 10), await photo('b.png', 90), await photo('c.png', 180)]);
  await expect(library.images).toHaveCount(3);

  await library.image('a').click();
  await library.image('b').click({ modifiers: ['Shift'] });
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(library.images).toHaveCount(1);
  await page.reload();
  await expect(library.images).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(library.images).toHaveCount(3);

  await library.image('c').click();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  await page.reload();
  await expect(library.collection('Clean', 2)).toBeVisible();
});

test('a pair shows its rain map, and its direction is changed by keyboard', async ({ page }) => {
  const library = new LibraryPage(page);
  await library.open();
  const folder = await mkdtemp(join(tmpdir(), 'petrichor-library-'));
  try {
    const files: Record<string, TestFile> = {
      'test/rainy/1.png': await rainyPhoto('1.png', 200, 70),
      'test/latent/1.png': await photo('1.png', 200),
      'test/streak/1.png': await photo('1.png', 0),
      'test/rainy/2.png': await rainyPhoto('2.png', 120, 110),
      'test/latent/2.png': await photo('2.png', 120),
      'test/direction/direction.txt': plainFile('direction.txt', '70\n110\n'),
    };
    for (const [path, { buffer }] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), buffer);
    }
    await library.addFolder(join(folder, 'test'));
    await expect(library.summary).toHaveText('2 added to Pairs.');
  } finally {
    await rm(folder, { recursive: true });
  }

  await library.goTo('Pairs');
  await expect(library.image('1')).toHaveAccessibleName('1, 96 × 72 pixels, rain at 70 degrees');
  await page.getByRole('listbox').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('img', { name: /rainy$|clean$|rain map$/ })).toHaveCount(3);
  await expect(dialog.getByText('as labelled')).toBeVisible();
  const dial = dialog.getByRole('slider', { name: 'Direction of the rain' });
  await dial.focus();
  await page.keyboard.press('ArrowUp');
  await expect(dial).toHaveAttribute('aria-valuetext', '80 degrees');
  await expect(dialog.getByText('set by hand')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(library.image('1')).toHaveAccessibleName(/rain at 80 degrees/);
});

test('a dragged folder is walked to its leaves, and photos are upright', async ({ page }) => {
  const library = new LibraryPage(page);
  await library.open();
  const folder = await mkdtemp(join(tmpdir(), 'petrichor-library-'));
  try {
    await mkdir(join(folder, 'trip', 'clean', 'day 1'), { recursive: true });
    await mkdir(join(folder, 'trip', 'rainy'));
    await writeFile(join(folder, 'trip', 'clean', 'day 1', 'tall.jpg'), (await rotatedPhoto('tall.jpg', 30)).buffer);
    await writeFile(join(folder, 'trip', 'rainy', 'storm.png'), (await rainyPhoto('storm.png', 200, 100)).buffer);
    await library.dragIn([join(folder, 'trip')]);
    await expect(library.summary).toHaveText('2 added (1 to Clean, 1 to Rainy).');
  } finally {
    await rm(folder, { recursive: true });
  }
  await expect(library.image('tall')).toHaveAccessibleName('tall, 72 × 96 pixels');
  await library.image('tall').click();
  await page.getByRole('button', { name: 'Move to Rainy' }).click();
  await library.goTo('Rainy');
  await expect(library.images).toHaveCount(2);
});

test('pairs without labels get the direction of their streaks', async ({ page }) => {
  const library = new LibraryPage(page);
  await library.open();
  await library.drop([zipOf('pairs.zip', await rain100L(3))]);
  await expect(library.summary).toHaveText('3 added to Pairs.');
  await expect(library.images, 'the collection that received them is shown').toHaveCount(3);
  for (const [name, angle] of [
    ['1', 80],
    ['2', 100],
    ['3', 120],
  ] as const) {
    await expect(library.image(name)).toHaveAccessibleName(new RegExp(`rain at ${angle} degrees`));
  }
});

test('the rain studio makes labelled pairs', async ({ page }) => {
  const library = new LibraryPage(page);
  await library.open();
  await page.getByRole('button', { name: 'Rain studio' }).click();
  await expect(page.getByRole('dialog', { name: 'Rain studio' })).toContainText('needs at least one image in Clean');
  await page.keyboard.press('Escape');
  await library.drop([await photo('a.png', 10), await photo('b.png', 90)]);
  await expect(library.summary).toHaveText('2 added to Clean.');
  await page.getByRole('button', { name: 'Rain studio' }).click();
  const studio = page.getByRole('dialog', { name: 'Rain studio' });
  await studio.getByRole('textbox', { name: 'Angle, °' }).fill('120');
  await studio.getByRole('textbox', { name: 'Angle, °' }).press('Enter');
  await expect(studio.getByRole('img', { name: 'a: Rainy, rain at 120 degrees' })).toBeVisible();
  await studio.getByRole('textbox', { name: 'Angle variation (±), °' }).fill('0');
  await studio.getByRole('textbox', { name: 'How many pairs' }).fill('3');
  await studio.getByRole('textbox', { name: 'How many pairs' }).press('Enter');
  await studio.getByRole('button', { name: 'Make 3 pairs' }).click();
  await expect(library.summary).toHaveText('3 added to Pairs.');
  await expect(library.images).toHaveCount(3);
  await expect(library.images.first()).toHaveAccessibleName(/rain at 120 degrees/);
});

test('an import can be called off, and another tab sees what was added', async ({ page, context }) => {
  const library = new LibraryPage(page);
  const elsewhere = new LibraryPage(await context.newPage());
  await elsewhere.open();
  await library.open();
  const large = await photo('large.png', 30, { width: 2400, height: 1600 });
  const copies = Array.from({ length: 80 }, (_, i) => ({ ...large, name: `large-${i}.png` }));
  await library.drop(copies);
  await expect(library.images.first()).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(library.summary).toHaveText(/^Cancelled: \d+ added to Clean, \d+ left out\.$/);
  const added = Number(/\d+/.exec(await library.summary.innerText())![0]);
  await expect(elsewhere.collection('Clean', added)).toBeVisible();
});

test('a full disk is said plainly and keeps what was stored', async ({ page }) => {
  const library = new LibraryPage(page);
  await library.open();
  await (
    await storageRoom(page)
  )(2_000_000); // for two of the images, besides what empty databases take
  const noisy = Array.from({ length: 8 }, (_, i) => i);
  await library.drop(await Promise.all(noisy.map((i) => noise(`noise-${i}.png`, i))));
  await expect(library.summary).toContainText('Storage is full', { timeout: 30_000 });
  await expect(library.errors.first()).toContainText('There is no room left for it in this browser.');
  const kept = await library.images.count();
  expect(kept).toBeGreaterThan(0);
  await page.reload();
  await expect(library.images).toHaveCount(kept);
});

// Empty, the view is among those of shell.spec.
test('nothing for axe to find', async ({ page }) => {
  const shell = new ShellPage(page);
  const library = new LibraryPage(page);
  await library.open();
  await library.drop([await photo('a.png', 10), plainFile('diary.txt', 'rain'), zipOf('pairs.zip', await rain100L(2))]);
  await expect(library.summary).toHaveText('3 added (1 to Clean, 2 to Pairs), 1 not added.');
  await library.image('a').click();
  await shell.isAccessibleInBothThemes();
  await page.getByRole('button', { name: 'Rain studio' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await shell.isAccessibleInBothThemes();
  await page.keyboard.press('Escape');
  await library.goTo('Pairs');
  await library.image('1').dblclick();
  await expect(page.getByRole('dialog').getByRole('img')).toHaveCount(3);
  await shell.isAccessibleInBothThemes();
});

/** An image that does not compress: 600 × 400 of pseudo-random bytes. */
async function noise(name: string, seed: number): Promise<TestFile> {
  const { default: sharp } = await import('sharp');
  let state = seed + 1;
  const data = Buffer.from(
    Array.from({ length: 600 * 400 * 3 }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24),
  );
  return {
    name,
    mimeType: 'image/png',
    buffer: await sharp(data, { raw: { width: 600, height: 400, channels: 3 } })
      .png()
      .toBuffer(),
  };
}
