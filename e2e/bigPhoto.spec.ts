import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { ROOT } from '../scripts/prepare.mjs';
import { BigPhotoPage } from './support/bigPhotoPage.ts';
import { cameraFile, flatPhoto, segmentsOf } from './support/cameraFile.ts';
import { expect, installed, test } from './support/offlineTest.ts';
import { evenStudent } from './support/students.ts';
import { watchRenderer } from './support/rendererMemory.ts';
import type { MemoryWatch } from './support/rendererMemory.ts';

const STUDENT = join(ROOT, 'public', 'students', 'quick.safetensors');
/** Pixels at a region's edge that the untiled run sees otherwise: the student's receptive radius, 2 · 4 + 3. */
const RADIUS = 11;

/** Tiles and workers take the same memory at any size, so a smaller photo takes more bytes a pixel. */
for (const { megapixels, width, height, bound, tag } of [
  { megapixels: 6, width: 3000, height: 2000, bound: 80, tag: '' },
  { megapixels: 24, width: 6000, height: 4000, bound: 40, tag: ' @large' },
]) {
  test(`with the server gone ${megapixels} megapixels of a camera go in and come out whole: size, metadata, and pixels as of an untiled run${tag}`, async ({
    page,
    browser,
    host,
  }) => {
    test.setTimeout(600_000);
    const camera = await cameraFile('camera.jpg', width, height, 24);
    // With its surroundings the untiled run crosses borders of tiles both ways, whatever their size.
    const region = { left: height / 2 - 500, top: width / 2 - 500, width: 1000, height: 1000 };
    await installed(page);
    await host.stop();
    const queue = new BigPhotoPage(page);
    await page.reload();
    await queue.student.selectOption('shipped:quick');
    const watch = await watchRenderer(browser);
    await queue.choosePhotos([camera]);
    await queue.finished();
    await expect(queue.status).toContainText(`${height} × ${width}`);
    const jpeg = await queue.resultAs('JPEG');
    const derained = await queue.resultAs('PNG');
    await stateMemory(watch, megapixels, bound);

    expect(await sharp(jpeg).metadata()).toMatchObject({
      format: 'jpeg',
      width: height,
      height: width,
      orientation: 1,
    });
    expect(Buffer.concat(segmentsOf(jpeg, 0xe1, 'http://ns.adobe.com/xap/1.0/\0')).equals(camera.xmp)).toBe(true);
    expect(Buffer.concat(segmentsOf(jpeg, 0xe2, 'ICC_PROFILE\0\x01\x01')).equals(camera.icc)).toBe(true);
    const { bytes, thumbnail, mayChange } = camera.exif;
    const [exif] = segmentsOf(jpeg, 0xe1, 'Exif\0\0');
    expect(exif).toHaveLength(bytes.length - thumbnail);
    expect([...exif!.keys()].filter((at) => exif![at] !== bytes[at] && !mayChange.has(at))).toEqual([]);

    await page.getByRole('slider', { name: 'Strength' }).fill('0');
    await expect(page.getByText('Derained, 0 %')).toBeVisible();
    const given = await queue.resultAs('PNG');
    const inner = {
      left: region.left + RADIUS,
      top: region.top + RADIUS,
      width: region.width - 2 * RADIUS,
      height: region.height - 2 * RADIUS,
    };
    const untiled = await untiledRun(await storedAs(given).extract(region).png().toBuffer());
    const found = await storedAs(derained).extract(inner).raw().toBuffer();
    const expected = await storedAs(untiled)
      .extract({ ...inner, left: RADIUS, top: RADIUS })
      .raw()
      .toBuffer();
    // Sums of floats in another order: a value on the edge between two levels may fall on its other side.
    const differing = found.filter((value, i) => value !== expected[i]).length;
    expect(found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0)).toBeLessThanOrEqual(1);
    expect(differing / found.length).toBeLessThan(1e-5);
    expect(found.equals(await storedAs(given).extract(inner).raw().toBuffer())).toBe(false);
  });
}

// Long: it takes a minute and 3 GB, so it runs by `npm run test:long` and not with the rest.
test('100 megapixels go in and come out, strip by strip', { tag: '@long' }, async ({ page, browser }) => {
  test.setTimeout(900_000);
  const size = { width: 12_240, height: 8160 };
  const given = await flatPhoto('wide.png', size);
  const queue = new BigPhotoPage(page);
  await queue.open();
  await queue.openModelFile(evenStudent('eight.safetensors', 8));
  const watch = await watchRenderer(browser);
  await queue.choosePhotos([given]);
  await queue.finished();
  const derained = await queue.resultAs('PNG');
  const jpeg = await queue.resultAs('JPEG');
  await stateMemory(watch, 100, 30);

  expect(await sharp(derained, { limitInputPixels: false }).metadata()).toMatchObject({ format: 'png', ...size });
  expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', ...size });
  for (const region of [
    { left: 0, top: 0, width: 900, height: 900 },
    { left: size.width - 700, top: size.height - 1100, width: 700, height: 1100 },
  ]) {
    const before = await storedAs(given.buffer).extract(region).raw().toBuffer();
    const after = await storedAs(derained).extract(region).raw().toBuffer();
    expect(after.equals(before.map((value) => Math.max(0, value - 8)))).toBe(true);
  }
});

/** The numbers as stored, whatever colours a profile says they are. */
function storedAs(file: Buffer): Sharp {
  return sharp(file, { ignoreIcc: true }).removeAlpha();
}

/** A PNG through the command line with the same student, small enough to be one tile. */
async function untiledRun(png: Buffer): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'petrichor-untiled-'));
  try {
    await writeFile(join(folder, 'region.png'), png);
    const out = join(folder, 'out');
    const args = [
      '--import',
      'tsx',
      join('cli', 'main.ts'),
      'derain',
      join(folder, 'region.png'),
      '--out',
      out,
      '--student',
      STUDENT,
      '--backend',
      'wasm',
    ];
    await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    return await readFile(join(out, 'region.png'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Says what a run took at most, and holds it under a bound of bytes a pixel beyond the empty page, without what the browser may drop. */
async function stateMemory(watch: MemoryWatch, megapixels: number, bound: number): Promise<void> {
  const memory = await watch.stop();
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`;
  const words = memory
    ? `${megapixels} megapixels: ${memory.own.toFixed(0)} MB of the page's own at most (${(memory.own / megapixels).toFixed(0)} bytes a pixel), ${memory.all.toFixed(0)} MB with what the browser keeps`
    : 'this system does not tell what a process holds';
  console.log(`peak memory, ${words} (${machine})`);
  test.info().annotations.push({ type: 'peak memory', description: words });
  if (memory) expect(memory.own / megapixels).toBeLessThan(bound);
}
