import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { adobeRgbProfile } from '../src/browser/metadata/testing/adobeRgb.ts';
import { BigPhotoPage } from './support/bigPhotoPage.ts';
import { segmentsOf } from './support/cameraFile.ts';
import { photo, plainFile } from './support/libraryFiles.ts';
import { QueuePage } from './support/queuePage.ts';
import { evenStudent } from './support/students.ts';
import { expect, test } from './support/test.ts';

test('keeps what an AVIF says besides its pixels', async ({ page }) => {
  const queue = new BigPhotoPage(page);
  const { buffer } = await photo('base.png', 300, { width: 120, height: 80 });
  const avif = await sharp(buffer)
    .withIccProfile('p3')
    .withExif({ IFD0: { Artist: 'A photographer' } })
    .avif({ effort: 0 })
    .toBuffer();
  const { icc } = await sharp(avif).metadata();
  await queue.open();
  await queue.openModelFile(evenStudent('nothing.safetensors', 0));
  await queue.choosePhotos([{ name: 'garden.avif', mimeType: 'image/avif', buffer: avif }]);
  await queue.finished();
  for (const format of ['JPEG', 'PNG', 'WebP'] as const) {
    const kept = await sharp(await queue.resultAs(format)).metadata();
    expect(kept).toMatchObject({ format: format.toLowerCase(), width: 120, height: 80 });
    expect(kept.exif!.toString('latin1')).toContain('A photographer');
    expect(kept.icc!.equals(icc!)).toBe(true);
  }
});

test('shows both halves in the colours of the profile, as an img element does, and keeps it', async ({
  page,
}, info) => {
  const adobe = info.outputPath('adobe.icc');
  writeFileSync(adobe, adobeRgbProfile());
  const queue = new QueuePage(page);
  await queue.open();
  await queue.openModelFile(evenStudent('nothing.safetensors', 0.4));
  const plain = sharp({ create: { width: 240, height: 240, channels: 3, background: { r: 90, g: 160, b: 100 } } });
  const reference = await page.context().newPage();
  for (const [name, profile] of [
    ['adobe.png', adobe],
    ['p3.png', 'p3'],
  ] as const) {
    const buffer = await plain.clone().withIccProfile(profile).png().toBuffer();
    await queue.choosePhotos([{ name, mimeType: 'image/png', buffer }]);
    if (name === 'p3.png') await queue.walkTo(name);
    await expect(queue.status.getByText(name, { exact: true })).toBeVisible();
    await queue.finished();
    await reference.setContent(`<img src="data:image/png;base64,${buffer.toString('base64')}">`);
    const wanted = await colorAt(await reference.locator('img').screenshot(), 0.5);
    // Three eighths down the stage: above the divider's handle.
    for (const across of [0.45, 0.55])
      await expect
        .poll(async () => distance(await colorAt(await queue.stage.screenshot(), across), wanted), {
          message: `${name} at ${across}`,
          timeout: 30_000,
        })
        .toBeLessThanOrEqual(2);
    const { bytes } = await queue.download();
    const stored = (file: Buffer): Promise<Buffer> => sharp(file, { ignoreIcc: true }).removeAlpha().raw().toBuffer();
    expect((await stored(bytes)).equals(await stored(buffer))).toBe(true);
    expect((await sharp(bytes).metadata()).icc).toEqual((await sharp(buffer).metadata()).icc);
  }
});

/** Red, green and blue of a screenshot, three eighths down it, at that part of its width. */
async function colorAt(screenshot: Buffer, across: number): Promise<number[]> {
  const { data, info } = await sharp(screenshot).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = 3 * (Math.floor(info.height * 0.375) * info.width + Math.floor(info.width * across));
  return [...data.subarray(at, at + 3)];
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

test('keeps captions (IPTC) from JPEG to JPEG', async ({ page }) => {
  const queue = new BigPhotoPage(page);
  const { buffer } = await photo('base.jpg', 30);
  const captions = Buffer.from('8BIM\x04\x04\0\0\0\0\0\x0a\x1c\x02\x78\0\x05Rain!', 'latin1');
  const body = Buffer.concat([Buffer.from('Photoshop 3.0\0'), captions]);
  const given = Buffer.concat([
    buffer.subarray(0, 2),
    Buffer.from([0xff, 0xed, 0, body.length + 2]),
    body,
    buffer.subarray(2),
  ]);
  await queue.open();
  await queue.openModelFile(evenStudent('nothing.safetensors', 0));
  await queue.choosePhotos([{ name: 'press.jpg', mimeType: 'image/jpeg', buffer: given }]);
  await queue.finished();
  expect(Buffer.concat(segmentsOf(await queue.resultAs('JPEG'), 0xed, 'Photoshop 3.0\0')).equals(captions)).toBe(true);
});

test('leaves alpha as it was, in PNG byte for byte', async ({ page }) => {
  const queue = new BigPhotoPage(page);
  const [width, height] = [256, 64];
  const rgba = Buffer.from(
    Uint8Array.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? Math.floor(i / 4) % width : 90)),
  );
  const buffer = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  await queue.open();
  await queue.openModelFile(evenStudent('eight.safetensors', 8));
  await queue.choosePhotos([{ name: 'ramp.png', mimeType: 'image/png', buffer }]);
  await queue.finished();
  const alphaOf = (file: Buffer): Promise<Buffer> => sharp(file).extractChannel('alpha').raw().toBuffer();
  const result = await queue.resultAs('PNG');
  expect((await alphaOf(result)).equals(await alphaOf(buffer))).toBe(true);
  const { data } = await sharp(result).raw().toBuffer({ resolveWithObject: true });
  expect([...data.subarray(4 * 255, 4 * 256)]).toEqual([82, 82, 82, 255]);
});

test('opens files as people have them: 16 bits, no end marker, a moving image', async ({ page }) => {
  const queue = new BigPhotoPage(page);
  const file = (name: string): Buffer =>
    readFileSync(join(import.meta.dirname, '..', 'src', 'fixtures', 'photos', name));
  await queue.open();
  await queue.openModelFile(evenStudent('nothing.safetensors', 0));
  await queue.choosePhotos([{ name: 'ramp16.png', mimeType: 'image/png', buffer: file('ramp16.png') }]);
  await queue.finished();
  const samples = (png: Buffer): Promise<Buffer> =>
    sharp(png).toColourspace('rgb16').removeAlpha().raw({ depth: 'ushort' }).toBuffer();
  expect((await samples(await queue.resultAs('PNG'))).equals(await samples(file('ramp16.png')))).toBe(true);
  await queue.choosePhotos([
    { name: 'no-end.jpg', mimeType: 'image/jpeg', buffer: file('no-end-marker.jpg') },
    { name: 'moving.png', mimeType: 'image/png', buffer: file('moving.png') },
    { name: 'half.jpg', mimeType: 'image/jpeg', buffer: file('cut-in-half.jpg') },
  ]);
  await queue.photos
    .filter({ hasText: 'no-end.jpg' })
    .getByRole('button', { name: /^no-end/ })
    .click();
  await queue.finished();
  await queue.photos
    .filter({ hasText: 'moving.png' })
    .getByRole('button', { name: /^moving/ })
    .click();
  await expect(queue.alerts).toContainText('This is a moving PNG', { timeout: 45_000 });
  await queue.photos.filter({ hasText: 'half.jpg' }).getByRole('button', { name: /^half/ }).click();
  await expect(queue.alerts).toContainText('This JPEG is incomplete.', { timeout: 45_000 });
});

test('opens a HEIC, decoded here where the browser cannot, and writes it as JPEG', async ({ page }) => {
  const queue = new BigPhotoPage(page);
  const fixture = (name: string): Buffer =>
    readFileSync(join(import.meta.dirname, '..', 'src', 'fixtures', 'photos', name));
  await queue.open();
  await queue.openModelFile(evenStudent('nothing.safetensors', 0));
  await queue.choosePhotos([{ name: 'IMG_3001.HEIC', mimeType: 'image/heic', buffer: fixture('phone.heic') }]);
  await queue.finished();
  await expect(page.getByText('HEIC cannot be written: it becomes JPEG.')).toBeVisible();
  const result = await queue.resultAs('JPEG');
  const about = await sharp(result).metadata();
  expect(about).toMatchObject({ format: 'jpeg', width: 64, height: 96 });
  expect(about.orientation ?? 1).toBe(1);
  expect(about.exif!.toString('latin1')).toContain('A. Person');
  const shown = (image: Buffer, angle: number): Promise<Buffer> =>
    sharp(image).rotate(angle).toColourspace('srgb').raw().toBuffer();
  const [ours, scene] = [await shown(result, 0), await shown(fixture('heic-scene.jpg'), 90)];
  expect(ours.reduce((sum, value, i) => sum + Math.abs(value - scene[i]!), 0) / scene.length).toBeLessThan(5);

  await queue.choosePhotos([{ name: 'ten.heic', mimeType: 'image/heic', buffer: fixture('ten-bit-ramp.heic') }]);
  await queue.photos.filter({ hasText: 'ten.heic' }).getByRole('button', { name: /^ten/ }).click();
  await queue.finished();
  const ten = await queue.resultAs('PNG');
  await expect(page.getByText('Over 8 bits a channel stay, as 16.')).toBeVisible();
  expect(await sharp(ten).metadata()).toMatchObject({ depth: 'ushort', hasProfile: true });
  const raw = sharp(ten, { ignoreIcc: true }).toColourspace('rgb16').raw({ depth: 'ushort' });
  const samples = new Uint16Array(Uint8Array.from(await raw.toBuffer()).buffer);
  const level = 65_535 / 1023; // of ten bits: red is 0…1023 from pixel to pixel
  for (let i = 0; i < 1024; i++) expect(Math.abs(samples[3 * i]! - i * level)).toBeLessThanOrEqual(level + 1);

  await queue.choosePhotos([
    plainFile('empty-frame.heic', heic(64, 64), 'image/heic'),
    plainFile('vast.heic', heic(20_000, 9000), 'image/heic'),
  ]);
  for (const [name, reason] of [
    ['empty-frame', 'This HEIC file is damaged.'],
    ['vast', '20,000 × 9,000 (180 megapixels)'],
  ] as const) {
    await queue.photos
      .filter({ hasText: name })
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .click();
    await expect(queue.alerts).toContainText(reason, { timeout: 45_000 });
  }
});

/** The frame of a HEIC file of that size; the image itself is missing. */
function heic(width: number, height: number): Buffer {
  const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
  const u32 = (value: number): Buffer => Buffer.concat([u16(value >>> 16), u16(value & 0xffff)]);
  const box = (name: string, ...content: Buffer[]): Buffer => {
    const body = Buffer.concat(content);
    return Buffer.concat([u32(body.length + 8), Buffer.from(name), body]);
  };
  const properties = box(
    'iprp',
    box('ipco', box('ispe', u32(0), u32(width), u32(height))),
    box('ipma', u32(0), u32(1), u16(1), Buffer.from([1, 0x81])),
  );
  return Buffer.concat([
    box('ftyp', Buffer.from('heic'), u32(0), Buffer.from('mif1heic')),
    box('meta', u32(0), box('pitm', u32(0), u16(1)), properties),
    box('mdat', Buffer.alloc(64)),
  ]);
}
