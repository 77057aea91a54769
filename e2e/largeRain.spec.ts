import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { ROOT } from '../scripts/prepare.mjs';
import { sampleRecipe } from '../src/core/rain/presets.ts';
import { makeRainyPair } from '../src/core/rain/rainyPair.ts';
import { drawRain } from '../src/core/rain/streaks.ts';
import { randomFromSeed } from '../src/core/random.ts';
import { DerainPage } from './support/derainPage.ts';
import { expect, test } from './support/test.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** RGB bytes of a sample without rain, reduced to the size that it has under rain, before it is enlarged. */
async function scene({ width, height }: Size): Promise<Buffer> {
  const file = join(ROOT, 'public', 'scenes', 'harbour-clean.webp');
  return sharp(file).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
}

/** The same in dense rain; its streaks are 4 to 6 pixels wide. */
function inRain(clean: Buffer, { width, height }: Size): Buffer {
  const recipe = sampleRecipe('dense', randomFromSeed(7));
  const rgb = Float32Array.from(clean, (value) => value / 255);
  const { rainy } = makeRainyPair(rgb, drawRain(recipe, width, height), recipe.veil);
  return Buffer.from(Uint8ClampedArray.from(rainy, (value) => value * 255));
}

function enlarged(rgb: Buffer, { width, height }: Size, factor: number): Sharp {
  return sharp(rgb, { raw: { width, height, channels: 3 } }).resize(width * factor, height * factor, {
    kernel: 'cubic',
    fit: 'fill',
  });
}

/** PSNR of RGB bytes, dB. */
function psnr(a: Buffer, b: Buffer): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / sum);
}

// The small one, too, is several tiles at two octaves.
for (const { megapixels, size, factor, tag } of [
  { megapixels: 1.5, size: { width: 300, height: 200 }, factor: 5, tag: '' },
  { megapixels: 24, size: { width: 500, height: 333 }, factor: 12, tag: ' @large' },
]) {
  test(`takes rain ${factor} times as large off a photo of ${megapixels} megapixels${tag}`, async ({ page }) => {
    test.setTimeout(1_200_000);
    const small = await scene(size);
    const clean = await enlarged(small, size, factor).raw().toBuffer();
    const given = enlarged(inRain(small, size), size, factor);
    const rainy = await given.clone().raw().toBuffer();
    const queue = new DerainPage(page);
    await queue.open('?model=shipped:broad');
    await queue.choosePhotos([{ name: 'large.png', mimeType: 'image/png', buffer: await given.png().toBuffer() }]);
    const begun = Date.now();
    await expect(queue.status).toContainText(/\d\s%/, { timeout: 120_000 });
    test.info().annotations.push({ type: 'first whole look', description: `${Date.now() - begun} ms` });
    await expect(queue.status).toContainText('Done in', { timeout: 1_000_000 });
    const { bytes } = await queue.download();
    const derained = await sharp(bytes).removeAlpha().raw().toBuffer();
    const [before, after] = [psnr(rainy, clean), psnr(derained, clean)];
    test.info().annotations.push({ type: 'PSNR', description: `${before.toFixed(2)} → ${after.toFixed(2)} dB` });
    expect(after - before).toBeGreaterThanOrEqual(5);
  });
}
