/**
 * Fits GMM's prior of clean images on patches of 8 × 8 pixels drawn from photos, and writes it among the files that ship with the page.
 *
 *   npm run gmm:fit -- FOLDER… [--components 48] [--patches 30000] [--iterations 12] [--seed 1]
 *
 * The same photos give the same numbers. A component is 64·65/2 numbers: 48 of them make a file of 400 kB.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOptions, wholeOption } from '../cli/options.ts';
import { gatherPhotos, readPhoto } from '../cli/photos.ts';
import { ROOT } from '../scripts/prepare.mjs';
import { weightsOfMixture } from '../src/core/architectures/gmm.ts';
import { fitMixture } from '../src/core/gmm/fitMixture.ts';
import { takePatch } from '../src/core/gmm/patches.ts';
import { lumaOf, PATCH } from '../src/core/gmm/removeRain.ts';
import { rgbOf } from '../src/core/images/tensors.ts';
import { randomFromSeed } from '../src/core/random.ts';
import { encodeStudent } from '../src/core/weights/modelFile.ts';

const { values, rest } = readOptions(process.argv.slice(2), {
  components: 'text',
  patches: 'text',
  iterations: 'text',
  seed: 'text',
});
if (rest.length === 0) throw new Error('Usage: npm run gmm:fit -- FOLDER…   (folders of clean photos)');
const components = wholeOption('components', values.components ?? '48', 1, 256);
const iterations = wholeOption('iterations', values.iterations ?? '12', 1, 1000);
const random = randomFromSeed(wholeOption('seed', values.seed ?? '1', 0, 2 ** 32 - 1));

const photos = await gatherPhotos(rest);
const each = Math.ceil(wholeOption('patches', values.patches ?? '30000', 1000, 1e7) / photos.length);
const size = PATCH * PATCH;
const vectors = new Float32Array(photos.length * each * size);
for (const [i, { path }] of photos.entries()) {
  const image = await readPhoto(path);
  const { width, height } = image;
  const plane = lumaOf({ data: rgbOf(image), width, height }).data;
  for (let k = 0; k < each; k++) {
    const at = (i * each + k) * size;
    const [left, top] = [random.below(width - PATCH + 1), random.below(height - PATCH + 1)];
    takePatch(plane, { width, side: PATCH }, left, top, vectors.subarray(at, at + size));
  }
}
const mixture = fitMixture(vectors, size, random.split('fit'), {
  components,
  iterations,
  floor: 1e-6,
  onIteration: (iteration, logLikelihood) =>
    console.log(`iteration ${iteration}: mean log density ${logLikelihood.toFixed(3)}`),
});
const shape = { architecture: 'gmm', components, imageSkip: true };
const bytes = encodeStudent({ shape, weights: weightsOfMixture(mixture), provenance: null });
await writeFile(join(ROOT, 'public', 'compared', 'gmm.safetensors'), bytes);
console.log(
  `${components} components from ${photos.length * each} patches of ${photos.length} photos: ${bytes.byteLength} bytes`,
);
