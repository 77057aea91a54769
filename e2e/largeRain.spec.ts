import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { ROOT } from '../scripts/prepare.mjs';
import { sampleRecipe } from '../src/core/rain/presets.ts';
import { makeRainyPair } from '../src/core/rain/rainyPair.ts';
import { drawRain } from '../src/core/rain/streaks.ts';
import { randomFromSeed } from '../src/core/random.ts';
import { DerainPage } from './support/derainPage.ts';
import { expect, test } from './support/test.ts';

/** The small scene under rain, before it is enlarged. */
const SMALL = { width: 500, height: 333 };

/** RGB bytes of a sample without rain, reduced. */
async function scene(): Promise<Buffer> {
  const file = join(ROOT, 'public', 'scenes', 'harbour-clean.webp');
  return sharp(file).resize(SMALL.width, SMALL.height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
}

/** The same in dense rain; its streaks are 4 to 6 pixels wide. */
function inRain(clean: Buffer): Buffer {
  const recipe = sampleRecipe('dense', randomFromSeed(7));
  const rgb = Float32Array.from(clean, (value) => value / 255);
  const { rainy } = makeRainyPair(rgb, drawRain(recipe, SMALL.width, SMALL.height), recipe.veil);
  return Buffer.from(Uint8ClampedArray.from(rainy, (value) => value * 255));
}

function enlarged(rgb: Buffer, factor: number): Sharp {
  return sharp(rgb, { raw: { ...SMALL, channels: 3 } }).resize(SMALL.width * factor, SMALL.height * factor, {
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

for (const { megapixels, factor, tag } of [
  { megapixels: 4, factor: 5, tag: '' },
  { megapixels: 24, factor: 12, tag: ' @large' },
]) {
  test(`takes rain ${factor} times as large off a photo of ${megapixels} megapixels${tag}`, async ({ page }) => {
    test.setTimeout(1_200_000);
    const small = await scene();
    const clean = await enlarged(small, factor).raw().toBuffer();
    const given = enlarged(inRain(small), factor);
    const rainy = await given.clone().raw().toBuffer();
    const queue = new DerainPage(page);
    await queue.open('?model=shipped:broad');
    await queue.choosePhotos([{ name: 'large.png', mimeType: 'image/png', buffer: await given.png().toBuffer() }]);
    const begun = Date.now();
    await expect(queue.status).toContainText(/\d %/, { timeout: 120_000 });
    test.info().annotations.push({ type: 'first whole look', description: `${Date.now() - begun} ms` });
    await expect(queue.status).toContainText('Done in', { timeout: 1_000_000 });
    const { bytes } = await queue.download();
    const derained = await sharp(bytes).removeAlpha().raw().toBuffer();
    const [before, after] = [psnr(rainy, clean), psnr(derained, clean)];
    test.info().annotations.push({ type: 'PSNR', description: `${before.toFixed(2)} → ${after.toFixed(2)} dB` });
    expect(after - before).toBeGreaterThanOrEqual(5);
  });
}
