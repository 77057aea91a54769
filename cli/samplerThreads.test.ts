import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Sampler } from '../src/core/data/sampler.ts';
import type { SamplerOptions } from '../src/core/data/sampler.ts';
import type { DatasetSplit } from '../src/core/data/split.ts';
import { createPixels } from '../src/core/images/pixels.ts';
import type { ParallelSampler } from '../src/core/training/ports.ts';
import type { DatasetOptions } from './datasetOptions.ts';
import { writePhoto } from './photos.ts';
import { openSamplerThreads } from './samplerThreads.ts';
import { trainingSource } from './trainingSource.ts';

const options: SamplerOptions = {
  seed: 3,
  batch: 3,
  crop: 16,
  rain: { light: 1, heavy: 1 },
  pairShare: 0.5,
  real: { photos: 0, rainyHalves: 0, generated: 1 },
  rainFreeShare: 0.2,
};
let home = '';
let data: DatasetOptions;
let images: DatasetSplit['train'];
let threads: ParallelSampler | null = null;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sampler-threads-'));
  await mkdir(join(home, 'clean'));
  for (const name of ['a', 'b']) {
    const photo = createPixels(24, 20);
    photo.data.forEach((_, i) => (photo.data[i] = i % 4 === 3 ? 255 : (i * (name === 'a' ? 7 : 11)) % 256));
    await writePhoto(join(home, 'clean', `${name}.png`), photo);
  }
  const none = { rainy: [], pairs: [], rainyOfPairs: [], trainOnly: null, validateOnly: null };
  data = { clean: [join(home, 'clean')], ...none };
  images = { clean: ['a', 'b'], rainy: [], pairs: [] };
});
afterEach(async () => {
  threads?.close();
  await rm(home, { recursive: true });
});

it('draw the very batches that a sampler draws by itself, also when a run goes back', async () => {
  const { source } = await trainingSource(data);
  const sampler = new Sampler(source, images, options);
  threads = openSamplerThreads(data, 2)(images, options);
  for (const index of [0, 1, 2, 7, 3]) expect(await threads.squares(index)).toEqual(await sampler.squares(index));
});

it('say which image cannot be read, and when they have ended', async () => {
  await writeFile(join(home, 'clean', 'a.png'), 'no image');
  await writeFile(join(home, 'clean', 'b.png'), 'no image');
  threads = openSamplerThreads(data, 2)(images, options);
  await expect(threads.squares(0)).rejects.toThrow(/[ab]\.png/);
  threads.close();
  await expect(threads.squares(9)).rejects.toThrow('A thread that draws batches has ended.');
});
