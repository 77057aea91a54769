import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { DerainPage } from './support/derainPage.ts';
import { blackPng, photo, plainFile, rainyPhoto } from './support/libraryFiles.ts';
import type { TestFile } from './support/libraryFiles.ts';
import { resultStored } from './support/queuePage.ts';
import { ShellPage } from './support/shellPage.ts';
import { evenStudent, evenTeacher } from './support/students.ts';
import { expect, test } from './support/test.ts';

/** RGB bytes of an image file, upright. */
const pixelsOf = (bytes: Buffer): Promise<Buffer> =>
  sharp(bytes).rotate().removeAlpha().toColourspace('srgb').raw().toBuffer();

test('removes the rain from a photo with a student from a file', async ({ page }) => {
  const queue = new DerainPage(page);
  const rainy = await rainyPhoto('street.png', 210, 80, { width: 300, height: 200 });
  await queue.open();
  await queue.openModelFile(evenStudent('eight.safetensors', 8));
  await expect(queue.student).toHaveValue('file:1');
  await queue.choosePhotos([rainy]);
  await queue.finished();
  const { name, bytes } = await queue.download();
  expect(name).toBe('street-derained.png');
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 300, height: 200 });
  const before = await pixelsOf(rainy.buffer);
  expect((await pixelsOf(bytes)).equals(before.map((value) => Math.max(0, value - 8)) as Buffer)).toBe(true);
});

test('asks once more for a student whose file was cut off on the way, and says so when that fails too', async ({
  page,
}) => {
  const queue = new DerainPage(page);
  let failures = 1;
  await page.route('**/students/*.safetensors', (route) => (failures-- > 0 ? route.abort() : route.continue()));
  await queue.open();
  await queue.choosePhotos([await rainyPhoto('street.png', 210, 80)]);
  await queue.finished();
  failures = 2;
  await queue.student.selectOption({ label: 'Quick' });
  await expect(page.getByText('The student “Quick” could not be loaded.').first()).toBeVisible();
});

for (const [kind, profile] of [
  ['as it was', null],
  ['in a wide colour space too', 'p3'],
] as const) {
  test(`leaves every pixel without rain bit for bit ${kind}`, async ({ page }) => {
    const queue = new DerainPage(page);
    const { buffer } = await photo('clean.png', 120, { width: 333, height: 217 });
    const given = profile ? await sharp(buffer).withIccProfile(profile).png().toBuffer() : buffer;
    await queue.open();
    await queue.openModelFile(evenStudent('nothing.safetensors', 0.4));
    await queue.choosePhotos([{ name: 'clean.png', mimeType: 'image/png', buffer: given }]);
    await queue.finished();
    const { bytes } = await queue.download();
    const stored = (file: Buffer): Promise<Buffer> => sharp(file, { ignoreIcc: true }).removeAlpha().raw().toBuffer();
    expect((await stored(bytes)).equals(await stored(given))).toBe(true);
    expect((await sharp(bytes).metadata()).icc).toEqual((await sharp(given).metadata()).icc);
  });
}

test('takes more or less of the rain, without running again', async ({ page }) => {
  const queue = new DerainPage(page);
  const rainy = await photo('half.png', 40);
  await queue.open();
  await queue.openModelFile(evenStudent('ten.safetensors', 10));
  await queue.choosePhotos([rainy]);
  await queue.finished();
  await page.getByRole('slider', { name: 'Strength' }).fill('50');
  await expect(page.getByText('Derained, 50 %')).toBeVisible();
  await expect(page).toHaveURL(/strength=50/);
  const { bytes } = await queue.download();
  const before = await pixelsOf(rainy.buffer);
  expect((await pixelsOf(bytes)).equals(before.map((value) => Math.max(0, value - 5)) as Buffer)).toBe(true);
});

test('leaves what is painted over as it was, through strength, undo and a reload', async ({ page }) => {
  const queue = new DerainPage(page);
  const size = { width: 300, height: 200 };
  const rainy = await photo('sign.png', 40, size);
  const before = await pixelsOf(rainy.buffer);
  const levelsTaken = async (x: number, y: number): Promise<number> => {
    const after = await pixelsOf((await queue.download()).bytes);
    const at = (y * size.width + x) * 3;
    return before[at]! - after[at]!;
  };
  await queue.open();
  await queue.openModelFile(evenStudent('ten.safetensors', 10));
  await queue.choosePhotos([rainy]);
  await queue.finished();
  await page.getByRole('button', { name: 'Protect parts' }).click();
  await queue.stage.focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Space');
  expect([await levelsTaken(150, 100), await levelsTaken(5, 5)], 'the middle, by keys').toEqual([0, 10]);
  const box = (await queue.stage.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2 - 120, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 120, box.y + box.height / 2 + 60, { steps: 4 });
  await page.mouse.up();
  await new ShellPage(page).isAccessibleInBothThemes();
  await page.getByRole('slider', { name: 'Strength' }).fill('50');
  await expect(page.getByText('Derained, 50 %')).toBeVisible();
  expect([await levelsTaken(110, 110), await levelsTaken(150, 100), await levelsTaken(5, 5)]).toEqual([0, 0, 5]);
  await page.keyboard.press('Control+z');
  expect([await levelsTaken(110, 110), await levelsTaken(150, 100)], 'one stroke back').toEqual([5, 0]);
  await resultStored(page, 'sign.png');
  await page.reload();
  await queue.finished();
  expect([await levelsTaken(110, 110), await levelsTaken(150, 100)], 'kept').toEqual([5, 0]);
  await page.getByRole('button', { name: 'Protect parts' }).click();
  await page.getByRole('button', { name: 'Redo' }).click();
  expect(await levelsTaken(110, 110), 'and what was taken back too').toBe(0);
  await page.getByRole('button', { name: 'Done', exact: true }).press('Enter');
  await expect(page.getByRole('button', { name: 'Protect parts' })).toBeFocused();
});

test('keeps the camera’s notes, upright and without the old orientation', async ({ page }) => {
  const queue = new DerainPage(page);
  const { buffer } = await photo('base.png', 300, { width: 120, height: 80 });
  const exif = { IFD0: { Copyright: 'Someone', Artist: 'A photographer' } };
  const jpeg = await sharp(buffer)
    .withExif(exif)
    .withIccProfile('p3')
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 95 })
    .toBuffer();
  const profile = (await sharp(jpeg).metadata()).icc!;
  await queue.open();
  await queue.openModelFile(evenStudent('nothing.safetensors', 0));
  await queue.choosePhotos([{ name: 'rotated.jpg', mimeType: 'image/jpeg', buffer: jpeg }]);
  await queue.finished();
  await expect(page.getByText('80 × 120')).toBeVisible();
  await expect(page.getByText('Kept: EXIF (orientation reset, thumbnail dropped), colour profile.')).toBeVisible();
  const same = await queue.download();
  expect(same.name, 'a JPEG stays one').toBe('rotated-derained.jpg');
  await expect(page.getByText(`${(same.bytes.length / 1000).toFixed(1)} kB, original`)).toBeVisible();
  for (const format of ['JPEG', 'PNG', 'WebP'] as const) {
    await queue.format(format);
    const { bytes } = await queue.download();
    const kept = await sharp(bytes).metadata();
    expect(kept).toMatchObject({ format: format.toLowerCase(), width: 80, height: 120 });
    expect(kept.orientation ?? 1).toBe(1);
    expect(kept.exif!.toString('latin1')).toContain('A photographer');
    expect(kept.icc!.equals(profile)).toBe(true);
  }
  await page
    .getByRole('switch', { name: /Keep EXIF metadata/ })
    .or(page.getByRole('checkbox', { name: /Keep EXIF metadata/ }))
    .uncheck({ force: true });
  const stripped = await sharp((await queue.download()).bytes).metadata();
  expect(stripped.exif).toBeUndefined();
});

test('refuses a damaged model file with a reason, and disturbs nothing else', async ({ page }) => {
  const queue = new DerainPage(page);
  await queue.open();
  await queue.openModelFile(evenStudent('good.safetensors', 3));
  await queue.choosePhotos([await photo('scene.png', 10)]);
  await queue.finished();
  const whole = evenStudent('short.safetensors', 3);
  await queue.offerModelFile({ ...whole, buffer: whole.buffer.subarray(0, whole.buffer.length - 5) });
  await expect(queue.alerts).toContainText('short.safetensors');
  await expect(queue.alerts).toContainText('cut short');
  await expect(queue.student).toHaveValue('file:1');
  await expect(queue.status).toContainText('Done in');
  await queue.offerModelFile(plainFile('notes.safetensors', 'these are no weights'));
  await expect(queue.alerts).toContainText('notes.safetensors');
  await expect(queue.student).toHaveValue('file:1');
  await new ShellPage(page).isAccessible();
});

test('works through a queue, says why some files are none, and hands all results over in a zip', async ({ page }) => {
  const queue = new DerainPage(page);
  const cut = await photo('cut.jpg', 30);
  const files: TestFile[] = [
    await photo('one.png', 0),
    plainFile('notes.txt', 'no image'),
    await photo('two.jpg', 90),
    { ...cut, buffer: cut.buffer.subarray(0, cut.buffer.length / 2) },
    await photo('one.png', 180),
    blackPng('vast.png', 33_000, 30),
    blackPng('bomb.png', 16_000, 16_000),
  ];
  await queue.open();
  await queue.openModelFile(evenStudent('one.safetensors', 1));
  await queue.choosePhotos(files);
  await expect(queue.photos).toHaveCount(7);
  await expect(page.getByText('3 of 7 done · 4 failed')).toBeVisible({ timeout: 30_000 });
  await queue.photos
    .filter({ hasText: 'notes.txt' })
    .getByRole('button', { name: /^notes/ })
    .click();
  await expect(queue.alerts).toContainText('This is not an image.');
  await queue.photos.filter({ hasText: 'vast.png' }).getByRole('button', { name: /^vast/ }).click();
  await expect(queue.alerts).toContainText('the limit is 32,767 pixels a side');
  await queue.photos.filter({ hasText: 'bomb.png' }).getByRole('button', { name: /^bomb/ }).click();
  await expect(queue.alerts).toContainText('256 megapixels');
  await queue.photos.filter({ hasText: 'cut.jpg' }).getByRole('button', { name: /^cut/ }).click();
  await expect(queue.alerts).toContainText('is incomplete');
  await queue.photos.first().getByRole('button', { name: /^one/ }).click();
  await page.getByRole('slider', { name: 'Strength' }).fill('40');
  await expect(queue.photos.first(), 'for this photo only').toContainText('one · 40 %');
  await expect(queue.photos.last()).not.toContainText('%');
  await page.getByRole('button', { name: 'Run all again with …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run all again with …' });
  await dialog.getByRole('slider', { name: 'Strength' }).fill('100');
  await new ShellPage(page).isAccessible();
  await dialog.getByRole('button', { name: 'Apply to all 3' }).click();
  await expect(queue.photos.first()).not.toContainText('%');
  await expect(page).not.toHaveURL(/strength/);
  const { name, bytes } = await queue.download('Download all (ZIP)');
  expect(name).toBe('derained.zip');
  expect(Object.keys(unzipSync(bytes)).sort()).toEqual([
    'one-derained (2).png',
    'one-derained.png',
    'two-derained.jpg',
  ]);
});

test('compares with a teacher and with the truth, and measures against it', async ({ page }) => {
  const queue = new DerainPage(page);
  const size = { width: 128, height: 96 };
  await queue.open();
  await queue.openModelFile(evenStudent('student.safetensors', 6));
  await queue.choosePhotos([await rainyPhoto('rainy.png', 60, 90, size)]);
  await queue.finished();
  await queue.openModelFile(evenTeacher('teacher.safetensors', 4));
  await expect(page.getByRole('combobox', { name: 'Compare with' })).toHaveValue('file:2');
  await expect(queue.student).toHaveValue('file:1');
  await expect(queue.divider).toHaveAttribute('aria-label', /teacher – teacher \(file\) to the left/);
  await page.getByLabel('Ground truth', { exact: true }).setInputFiles(await photo('clean.png', 60, size));
  await expect(page.getByRole('row', { name: /PSNR-Y/ }).first()).toContainText(/\d+\.\d\d\sdB/);
  await page.getByRole('combobox', { name: 'Compare with' }).selectOption('truth');
  await expect(queue.divider).toHaveAttribute('aria-label', /Ground truth to the left/);
});

test('shows format, metadata and strength beside a photo without scrolling', async ({ page }) => {
  const queue = new DerainPage(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await queue.open('?model=shipped:fine');
  await queue.choosePhotos([await photo('scene.jpg', 10)]);
  await queue.finished();
  for (const control of [
    page.getByRole('combobox', { name: 'Format' }),
    page.getByRole('slider', { name: 'Quality' }),
    page.getByText('Keep EXIF metadata'),
    page.getByText('No metadata in this file.'),
    page.getByRole('slider', { name: 'Strength' }),
    page.getByRole('button', { name: 'Download' }),
  ])
    await expect(control.first()).toBeInViewport({ ratio: 1 });
});

test('is done with the keyboard alone', async ({ page }) => {
  const queue = new DerainPage(page);
  await queue.open();
  await queue.openModelFile(evenStudent('student.safetensors', 6));
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose photos' }).focus();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(await photo('keys.png', 77, { width: 900, height: 600 }));
  await expect(queue.stage, 'the button that had the focus is gone').toBeFocused();
  await queue.finished();
  await queue.divider.focus();
  await page.keyboard.press('Home');
  await expect(queue.divider).toHaveAttribute('aria-valuenow', '0');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('ArrowRight');
  await expect(queue.divider).toHaveAttribute('aria-valuenow', '12');
  await queue.stage.focus();
  const zoom = page.getByRole('button', { name: /^Zoom \d/ });
  await page.keyboard.press('1');
  await expect(zoom).toHaveText('100 %');
  for (let i = 0; i < 20; i++) await page.keyboard.press('+');
  await expect(zoom).toHaveText('800 %');
  await page.keyboard.press('0');
  await expect(zoom).not.toHaveText('800 %');
  const arriving = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Download$/ }).focus();
  await page.keyboard.press('Enter');
  expect((await arriving).suggestedFilename()).toBe('keys-derained.png');
});
