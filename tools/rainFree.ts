/**
 * What a student does to photos without rain, by their size: enlarged or reduced to so many megapixels, derained, and compared
 * with what they were. Prints a table.
 *
 *   npm run rain-free -- --photos DIR [--student FILE] [--megapixels 0.5,4,24] [--count 8] [--threads 2]
 *
 * With Broad a photo of 24 megapixels takes about 100 s of processor time.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { startBackend } from '../cli/backend.ts';
import { derainPhoto, loadModel } from '../cli/derainPhoto.ts';
import { gatherPhotos, readPhoto } from '../cli/photos.ts';
import { alignedText } from '../cli/scoreTable.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { psnrY, scoresOf } from '../src/core/metrics/metrics.ts';
import { ROOT } from '../scripts/prepare.mjs';

/** Equal images count as this, as in the suite. */
const EQUAL_DB = 99;

const { values } = parseArgs({
  options: {
    photos: { type: 'string' },
    student: { type: 'string', default: join(ROOT, 'public/students/broad.safetensors') },
    megapixels: { type: 'string', default: '0.5,4,24' },
    count: { type: 'string', default: '8' },
    threads: { type: 'string', default: '2' },
  },
});
if (!values.photos) throw new Error('--photos DIR is needed.');

await startBackend('wasm', Number(values.threads), (reason) => console.error(reason));
const model = await loadModel({ path: values.student }, false);
const all = await gatherPhotos([values.photos]);
const count = Math.min(all.length, Number(values.count));
const photos = Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
const lines = [['megapixels', 'photos', `mean ${psnrY.label}`, 'lowest', 'of']];
for (const megapixels of values.megapixels.split(',').map(Number)) {
  const scores: { readonly stem: string; readonly decibels: number }[] = [];
  for (const { stem, path } of photos) {
    const clean = await resized(await readPhoto(path), megapixels);
    const { derained } = await derainPhoto(model, clean, 1);
    const score = scoresOf({ output: derained, rainy: null, clean }, [psnrY])[psnrY.name] ?? Infinity;
    scores.push({ stem, decibels: Math.min(EQUAL_DB, score) });
    console.error(`${megapixels} MP, ${stem}: ${score.toFixed(2)} dB`);
  }
  const mean = scores.reduce((sum, { decibels }) => sum + decibels, 0) / count;
  const lowest = scores.toSorted((a, b) => a.decibels - b.decibels)[0]!;
  lines.push([String(megapixels), String(count), mean.toFixed(2), lowest.decibels.toFixed(2), lowest.stem]);
}
console.log(alignedText(lines));
process.exit(0);

/** The image at so many megapixels, bicubically. */
async function resized(image: Pixels, megapixels: number): Promise<Pixels> {
  const scale = Math.sqrt((megapixels * 1e6) / (image.width * image.height));
  const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
  const data = await sharp(image.data, { raw: { width: image.width, height: image.height, channels: 4 } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .raw()
    .toBuffer();
  return { width, height, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength) };
}
