import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { readOnnxHeader } from '../src/core/weights/foreign/onnxHeader.ts';
import { ComparePage } from './support/comparePage.ts';
import { DerainPage } from './support/derainPage.ts';
import { photo, plainFile } from './support/libraryFiles.ts';
import type { TestFile } from './support/libraryFiles.ts';
import { ShellPage } from './support/shellPage.ts';
import { evenStudent, evenTeacher, foreignOnnx, publishedPrenet } from './support/students.ts';
import { expect, test } from './support/test.ts';

/** The same image ten levels brighter, as if even rain lay on it, and without. */
async function pairOfTen(): Promise<TestFile[]> {
  const { buffer } = await photo('base.png', 210, { width: 220, height: 140 });
  const clean = await sharp(buffer).linear(0.8, 10).png().toBuffer();
  const rainy = await sharp(clean).linear(1, 10).png().toBuffer();
  return [
    { name: 'rain-1.png', mimeType: 'image/png', buffer: rainy },
    { name: 'norain-1.png', mimeType: 'image/png', buffer: clean },
  ];
}

/** Its header is sound, its pixels are not. */
async function tornPhoto(name: string): Promise<TestFile> {
  const { buffer, mimeType } = await photo(name, 90);
  const middle = buffer.length >> 1;
  return { name, mimeType, buffer: Buffer.from(buffer).fill(7, middle, middle + 64) };
}

test('a published file beside a student and a teacher: figures, table, presented, exported', async ({ page }) => {
  test.setTimeout(300_000);
  const compare = new ComparePage(page);
  const shell = new ShellPage(page);
  await compare.open();
  await compare.openModels([evenStudent('ten.safetensors', 10), evenTeacher('guide.safetensors', 4)]);
  await expect(compare.derainers).toContainText('2 of 6');

  // A file that fits two networks is asked about; dropped, and chosen once more, it is listed once.
  const published = [publishedPrenet('net_latest.pth')];
  for (const open of [() => compare.drop(published), () => compare.openModels(published)]) {
    await open();
    await compare.answer('PReNet');
    await expect(compare.derainers.getByRole('checkbox', { name: /PReNet · net_latest/ })).toHaveCount(1);
  }
  await compare.openModels([plainFile('notes.pth', 'these are no weights')]);
  await expect(page.getByRole('alert').filter({ hasText: 'notes.pth' })).toContainText('no known format');

  await compare.openModels([foreignOnnx('restorer.onnx', 10)]);
  await shell.isAccessible();
  await compare.answerAsUsual();
  await expect(compare.derainers).toContainText('4 of 6');

  await compare.choosePhotos(await pairOfTen());
  await expect(compare.status).toContainText('ground truth known');
  await expect(compare.cell('restorer')).toContainText('PSNR-Y – · SSIM-Y – · NIQE –');
  const places = await compare.places();
  await expect(compare.status).toContainText('4 of 4 done', { timeout: 240_000 });
  await expect(compare.cell('ten')).toContainText('PSNR-Y exact · SSIM-Y 1.0000');
  await expect(compare.cell('restorer')).toContainText('PSNR-Y exact · SSIM-Y 1.0000');
  expect(await compare.places(), 'no image moves when its figures come').toEqual(places);
  await expect(compare.cell('PReNet · net_latest')).toContainText(
    /PSNR-Y [−\d.]+\sdB\s.*\ss\/MP.* multiply-adds\/pixel/,
  );
  await shell.isAccessibleInBothThemes();

  // A photo that cannot be read says so where it would stand, its ground truth in a message, and nothing else changes.
  await compare.choosePhotos([await tornPhoto('rain-2.png'), await tornPhoto('norain-2.png')]);
  await expect(page.getByText('“Ground truth of rain-2.png”: This PNG file is damaged.')).toBeVisible();
  await expect(compare.image('rain-2.png')).toContainText('This PNG file is damaged.');
  await compare.image('rain-2.png').click();
  await expect(compare.cell('Original')).toContainText('This photo cannot be read. This PNG file is damaged. Copy');
  await expect(compare.status).toContainText('4 of 8 done · 4 failed');
  await shell.isAccessible();
  await compare.status.getByRole('button', { name: 'Remove rain-2.png' }).click();
  await expect(compare.status).toContainText('4 of 4 done');

  // From the photo over the rain map to the truth is one press; keys show one image, and flip to the one before.
  await page.getByRole('button', { name: 'Original | rain map | teacher | student | truth' }).click();
  const path = ['1 Original', '2 Rain map, guide × 4', '3 guide', '4 ten', '5 Ground truth'];
  await expect(compare.names).toHaveText(path.map((name) => name.replace(' ', '')));
  await compare.grid.focus();
  await page.keyboard.press('4');
  await expect(compare.names).toHaveText(['4ten']);
  await page.keyboard.press('5');
  await page.keyboard.press('f');
  await expect(compare.names).toHaveText(['4ten']);
  await page.keyboard.press('Escape');
  await expect(compare.names).toHaveCount(5);

  await compare.show('Table');
  const rows = compare.table.getByRole('row');
  await expect(rows).toHaveCount(6);
  await compare.table.getByRole('button', { name: 'PSNR-Y (dB)', exact: true }).click();
  await expect(rows.nth(1)).toContainText('ten');
  await expect(rows.nth(1).getByRole('cell').nth(1)).toHaveText('99.00');
  await shell.isAccessible();
  const csv = (await compare.download('CSV')).bytes.toString().trim().split('\n');
  expect(csv[0]).toMatch(/^derainer,image,psnrY,ssimY,.*mapPsnrY,.*parameters,multiplyAdds$/);
  expect(csv.filter((line) => line.startsWith('PReNet · net_latest,'))).toHaveLength(2);

  await compare.show('Images');
  await compare.status.getByRole('button', { name: 'Present' }).click();
  await expect(compare.presented.getByRole('img')).toHaveCount(5);
  await page.keyboard.press('2');
  await expect(compare.presented.getByRole('img')).toHaveAccessibleName(/^Rain map, guide × 4/);
  await shell.isAccessible();
  await page.keyboard.press('Escape');
  await expect(compare.presented).toBeHidden();

  const sheet = await sharp((await compare.download('Grid as PNG')).bytes).metadata();
  expect([sheet.format, sheet.width! > 3 * 220]).toEqual(['png', true]);
  const moving = await compare.download('Animation, WebP');
  expect(moving.name).toBe('rain-1-before-after.webp');
  expect(await sharp(moving.bytes, { pages: -1 }).metadata()).toMatchObject({ format: 'webp', pages: 2 });

  // The teacher takes the rain off the same photo in Derain; label and file say whose the result is.
  await compare.grid.getByRole('button', { name: 'Use guide in Derain' }).click();
  const derain = new DerainPage(page);
  await derain.finished();
  await expect(derain.divider).toHaveAccessibleName(/by the teacher to the right$/);
  await expect(derain.student.locator('option', { hasText: 'guide' })).toHaveCount(1);
  expect((await derain.download()).name).toBe('rain-1-derained-teacher.png');
  await page.getByRole('link', { name: 'Compare' }).click();

  await page.setViewportSize({ width: 360, height: 740 });
  await shell.fitsItsWidth();

  // The images are there again after a reload; the files of models are not.
  await page.reload();
  await expect(compare.status).toContainText('rain-1.png');
  await expect(compare.status).toContainText('ground truth known');
});

test('what lies on Derain’s stage fills the screen, one image or all of them, and its model is exported', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const derain = new DerainPage(page);
  const { presented } = new ComparePage(page);
  await derain.open();
  await derain.openModelFile(evenStudent('eight.safetensors', 8));
  await derain.choosePhotos([await photo('street.png', 210)]);
  await derain.finished();
  await page.getByRole('button', { name: 'Present' }).click();
  await expect(presented.getByRole('img')).toHaveCount(2);
  await page.keyboard.press('2');
  await expect(presented.getByRole('img')).toHaveAccessibleName('Derained');
  await page.keyboard.press('2');
  await expect(presented.getByRole('img')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(presented).toBeHidden();
  await expect(page.getByRole('button', { name: 'Present' })).toBeFocused();

  await page.getByRole('button', { name: 'Export eight …' }).click();
  const files = page.getByRole('list', { name: 'For other programs' });
  const kinds = [/eight\.onnx.*\skB/s, /eight-pytorch\.safetensors.*\skB/s, /eight-tfjs\.zip.*\skB/s];
  await expect(files.getByRole('listitem')).toHaveText(kinds, { timeout: 60_000 });
  const arriving = page.waitForEvent('download');
  await files.getByRole('button', { name: 'Download eight.onnx' }).click();
  expect(readOnnxHeader(await readFile(await (await arriving).path())).opset).toBe(17);
  await new ShellPage(page).isAccessible();
});
