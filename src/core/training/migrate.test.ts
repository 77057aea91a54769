import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import type { ImageSource } from '../data/imageSource.ts';
import { batchOf } from '../data/batchSquares.ts';
import { Sampler } from '../data/sampler.ts';
import { createPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { paperHyperparameters } from '../paper/hyperparameters.ts';
import type { Batch } from '../paper/notation.ts';
import { randomFromSeed } from '../random.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { checkConfig, presets } from './config.ts';
import type { TrainingConfig } from './config.ts';
import { migrateConfig } from './migrate.ts';

beforeAll(() => tf.setBackend('cpu'));

const { disabledTerms: _, ...otherHyperparameters } = paperHyperparameters;

/** A config as it was stored under earlier names, before there were `dense`, `downpour`, `driving`, and rain and images at random scale. */
const stored = {
  preset: 'custom',
  networks: { blocks: 4, filters: { f1: 16, f2: 16, f3: 16 }, imageSkip: true },
  hyperparameters: { ...otherHyperparameters, off: ['tv'] },
  halveEvery: 40,
  coolDown: 300,
  run: {
    seed: 7,
    steps: 3000,
    batch: 12,
    crop: 40,
    parts: 3,
    previewEvery: 25,
    validateEvery: 100,
    checkpointEvery: 100,
  },
  data: {
    rain: { light: 2, heavy: 2, crossing: 2, nearDrops: 2, veil: 2 },
    pairShare: 0.3,
    real: { photos: 1, rainyHalves: 1, generated: 2 },
    dry: 0.1,
    heldOut: 4,
    validationCrop: 160,
  },
} as unknown as TrainingConfig;

function noise(seed: string, width: number, height: number): Pixels {
  const random = randomFromSeed(11).split(seed);
  const image = createPixels(width, height);
  for (let i = 0; i < image.data.length; i++) if (i % 4 !== 3) image.data[i] = random.below(256);
  return image;
}

const source: ImageSource = {
  clean: ['a', 'b', 'c'],
  rainy: ['r'],
  pairs: [
    { id: 'p', direction: 8 },
    { id: 'q', direction: null },
  ],
  readClean: async (id) => noise(id, 60, 50),
  readRainy: async (id) => noise(id, 30, 70),
  readPair: async (id) => ({ rainy: noise(`${id} rainy`, 64, 48), clean: noise(`${id} clean`, 64, 48) }),
};

/** FNV-1a over the words of all tensors and labels. */
function hash(batches: readonly Batch[]): string {
  let value = 0x811c9dc5;
  const add = (words: ArrayLike<number>): void => {
    for (let i = 0; i < words.length; i++) value = Math.imul(value ^ words[i]!, 0x01000193);
  };
  for (const { xSyn, yGt, zGt, xReal, direction } of batches) {
    for (const tensor of [xSyn, yGt, zGt, xReal])
      add(new Uint32Array((tensor.dataSync() as Float32Array).slice().buffer));
    add(direction);
  }
  return (value >>> 0).toString(16);
}

function reread(config: TrainingConfig): TrainingConfig {
  const empty = { arrays: new Map(), counts: {}, history: [], validations: [], notes: [] };
  const images = { clean: 3, rainy: 1, pairs: 2 };
  return decodeCheckpoint(encodeCheckpoint({ ...empty, step: 0, config, images })).config;
}

it('is read under today’s names', () => {
  const config = reread(stored);
  expect(config).toMatchObject({
    hyperparameters: { disabledTerms: ['tv'] },
    decaySteps: 300,
    run: { microBatches: 3 },
    data: { rainFreeShare: 0.1 },
  });
  for (const name of ['coolDown', 'off', 'parts', 'dry']) expect(JSON.stringify(config)).not.toContain(`"${name}"`);
  expect(checkConfig(config)).toEqual([]);
  expect(migrateConfig(config)).toEqual(config);
});

it('has the neutral value of what it did not know', () => {
  const { data } = reread(stored);
  expect(data).toMatchObject({ rainScale: { min: 1, max: 1 }, rainVariety: 0, imageScale: { min: 1, max: 1 } });
  expect(data.rain).toEqual({ ...stored.data.rain, dense: 0, downpour: 0, driving: 0 });
  const known = {
    ...data,
    rain: { ...data.rain, downpour: 2 },
    rainScale: { min: 0.5, max: 3, share: 1 },
    rainVariety: 0.5,
  };
  expect(reread({ ...stored, data: known }).data).toEqual(known);
});

it.each([
  ['data.rain.downpour', { rain: { ...presets.quick.data.rain, downpour: -1 } }],
  ['data.rainScale.min', { rainScale: { min: 0, max: 1 } }],
  ['data.imageScale.max', { imageScale: { min: 2, max: 1 } }],
  ['data.rainVariety', { rainVariety: 1.5 }],
])('is refused where %s is out of range', (path, change) => {
  const config = { ...presets.quick, data: { ...presets.quick.data, ...change } };
  expect(checkConfig(config).map((problem) => problem.path)).toEqual([path]);
});

it('draws the batches that it drew when it was stored, to the last bit', async () => {
  const config = reread(stored);
  const sampler = new Sampler(source, source, { ...config.run, ...config.data });
  const batches = [];
  for (let index = 0; index < 6; index++) batches.push(batchOf(await sampler.squares(index), config.run.crop));
  expect(hash(batches)).toBe('4fe60ed0');
});
