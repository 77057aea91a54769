import { beforeEach, describe, expect, it } from 'vitest';
import { ImageFileError } from '../../src/browser/imageFileError.ts';
import type { ImportEvent } from '../../src/protocol/importEvents.ts';
import type { PreparedPair } from '../../src/browser/library/prepare.ts';
import type { LibraryRecord } from '../../src/protocol/libraryRecord.ts';
import { createPixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import { sampleRecipe } from '../../src/core/rain/presets.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import type { LibraryApi, PairJob } from '../../src/protocol/library.ts';
import { fileOf, nodeImaging, pixelsOf } from '../testing/nodeImaging.ts';
import { createLibraryApi } from './libraryApi.ts';
import type { LibraryHost } from './libraryHost.ts';

const recipe = sampleRecipe('heavy', randomFromSeed(2));
const [width, height] = [48, 40];

let files: Map<string, Blob>;
let records: Map<string, LibraryRecord>;
let stored: PreparedPair[];
let decoded: number;
let api: LibraryApi;
let events: ImportEvent[];
let largest: number;

function grey(level: number): Pixels {
  const image = createPixels(width, height);
  for (let i = 0; i < image.data.length; i++) if (i % 4 < 3) image.data[i] = level;
  return image;
}

/** A clean record, as an import would have stored it. */
function record(id: string, size: { readonly width: number; readonly height: number }): LibraryRecord {
  const photo = { fileName: `${id}.png`, ...size, bytes: 1, type: 'image/png', hash: `hash of ${id}` } as const;
  return { id, name: id, collection: 'clean', photo, addedAt: 0, deletedAt: null, thumbnail: new Blob() };
}

describe('an import that fails', () => {
  it('is told after its news, and no news come after it', async () => {
    const told: string[] = [];
    const failing = createLibraryApi({
      ...host(),
      async *importFiles(dropped) {
        yield { type: 'started', total: dropped.length };
        yield { type: 'progressed', done: 1, total: 2 };
        throw new Error('The disk went away.');
      },
    });
    const importing = failing.importFiles([], 'clean', (batch) => void told.push(...batch.map(({ type }) => type)));
    await importing.catch((error: Error) => void told.push(error.message));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(told).toEqual(['started', 'progressed', 'The disk went away.']);
  });
});

/** A library in memory. */
const host = (): LibraryHost => ({
  async *importFiles(dropped, collection, estimateDirection, stop) {
    yield { type: 'started', total: dropped.length };
    let done = 0;
    for (const { file } of dropped) {
      if (stop.aborted) break;
      await file.arrayBuffer();
      yield { type: 'progressed', done: ++done, total: dropped.length };
    }
    yield {
      type: 'finished',
      ended: stop.aborted ? 'cancelled' : 'complete',
      accepted: done,
      duplicates: estimateDirection(grey(50), grey(50)) >= 0 && collection === 'pairs' ? 1 : 0,
      refused: 0,
      left: dropped.length - done,
    };
  },
  async *store(outcomes, { total }) {
    let [accepted, refused] = [0, 0];
    for await (const outcome of outcomes) {
      if ('type' in outcome) {
        refused += 1;
        yield outcome;
      } else {
        accepted += 1;
        stored.push(outcome.prepared as PreparedPair);
      }
      yield { type: 'progressed', done: accepted + refused, total };
    }
    const left = total - accepted - refused;
    yield { type: 'finished', ended: left ? 'cancelled' : 'complete', accepted, duplicates: 0, refused, left };
  },
  readRecord: async (id) => records.get(id),
  async readFile(id, role) {
    const file = files.get(`${id}/${role}`);
    if (!file) throw new Error(`There is no ${id}.`);
    return file;
  },
  async decode(file, maxPixels) {
    decoded += 1;
    largest = maxPixels;
    return nodeImaging.readPixels(file);
  },
  encode: (image, type) => fileOf(image, type === 'image/png' ? 'png' : 'jpeg'),
  thumbnail: async () => new Blob(['small']),
  bitmapOf: (image) => nodeImaging.bitmapOf(image, { colorSpace: 'srgb', convert: null }),
  now: () => 0,
});

beforeEach(async () => {
  files = new Map([['clean/photo', await fileOf(grey(60))]]);
  records = new Map([['clean', record('clean', { width, height })]]);
  [stored, events, decoded] = [[], [], 0];
  api = createLibraryApi(host());
});

const hear = (batch: readonly ImportEvent[]): void => void events.push(...batch);
const job = (name: string, image = 'clean'): PairJob => ({ name, image, recipe });

describe('an import', () => {
  const dropped = ['a', 'b', 'c'].map((path) => ({ path, file: new File(['x'], path) }));

  it('passes on what happens, in order', async () => {
    await api.importFiles(dropped, 'pairs', hear);
    expect(events.map(({ type }) => type)).toEqual(['started', 'progressed', 'progressed', 'progressed', 'finished']);
    expect(events.at(-1)).toMatchObject({ ended: 'complete', duplicates: 1 });
  });

  it('ends after the image in hand when cancelled; the next one is not', async () => {
    const importing = api.importFiles(dropped, 'clean', hear);
    await api.cancel();
    await importing;
    expect(events.at(-1)).toMatchObject({ type: 'finished', ended: 'cancelled' });
    await api.importFiles(dropped, 'clean', hear);
    expect(events.at(-1)).toMatchObject({ ended: 'complete', accepted: 3 });
  });
});

describe('pairs of the rain studio', () => {
  it('are the clean file itself and its image in the rain, without loss and labelled', async () => {
    await api.makePairs([job('one')], hear);
    expect(events.at(-1)).toMatchObject({ ended: 'complete', accepted: 1 });
    const [pair] = stored;
    expect(pair).toMatchObject({
      collection: 'pairs',
      name: 'one',
      madeFrom: 'hash of clean',
      direction: { index: recipe.direction, source: 'label' },
      rainy: { fileName: 'one.png', width, height },
      clean: { hash: 'hash of clean' },
    });
    const [[, rainy], [, clean]] = pair!.files as unknown as [[string, Blob], [string, Blob]];
    expect(clean).toBe(files.get('clean/photo'));
    const [rain, none] = await Promise.all([nodeImaging.readPixels(rainy), nodeImaging.readPixels(clean)]);
    expect(rain.data.some((value, i) => value > none.data[i]!)).toBe(true);
  });

  it('of a larger photo keep a smaller copy of it as their clean half', async () => {
    records.set('clean', record('clean', { width: 4000, height: 3000 }));
    await api.makePairs([job('one')], hear);
    expect(stored[0]).toMatchObject({ madeFrom: 'hash of clean', clean: { fileName: 'one-clean.png', width, height } });
  });

  it('of an image without a record, or of a pair’s, name no origin', async () => {
    files.set('other/photo', await fileOf(grey(40)));
    await api.makePairs([job('one', 'other')], hear);
    expect(stored[0]!.madeFrom).toBeUndefined();
    files.set('pair/photo', await fileOf(grey(40)));
    const { photo: rainy, ...rest } = record('pair', { width, height }) as Extract<LibraryRecord, { photo: unknown }>;
    const direction = { index: 0, source: 'label' } as const;
    records.set('pair', { ...rest, collection: 'pairs', rainy, clean: rainy, direction } as LibraryRecord);
    await api.makePairs([job('two', 'pair')], hear);
    expect(stored[1]!.madeFrom).toBeUndefined();
  });

  it('whose clean image cannot be read are refused with the reason, and the rest is made', async () => {
    files.set('broken/photo', new Blob(['no image']));
    await api.makePairs([job('one', 'gone'), job('two', 'broken'), job('three')], hear);
    const refused = events.filter((event) => event.type === 'refused');
    expect(refused).toMatchObject([
      { path: 'one.png', kind: 'damaged', reason: 'Its clean image could not be read.' },
      { path: 'two.png', reason: await reasonOf(files.get('broken/photo')!) },
    ]);
    expect(stored.map(({ name }) => name)).toEqual(['three']);
  });

  it('are no longer made after a cancel', async () => {
    const making = api.makePairs([job('one'), job('two'), job('three')], hear);
    await api.cancel();
    await making;
    expect(events.at(-1)).toMatchObject({ type: 'finished', ended: 'cancelled' });
    expect(stored.length).toBeLessThan(3);
  });
});

describe('what is shown', () => {
  it('is the middle of a clean image in the rain, decoded once however often it is drawn', async () => {
    const bitmap = await api.previewRain('clean', recipe, 'rainy', 20, 10);
    expect([bitmap.width, bitmap.height]).toEqual([20, 10]);
    expect(pixelsOf(await api.previewRain('clean', recipe, 'clean', 20, 10)).data[0]).toBe(60);
    expect(decoded).toBe(1);
  });

  it('is tried again after an image could not be read', async () => {
    await expect(api.previewRain('late', recipe, 'rainy', 20, 10)).rejects.toThrow('There is no late.');
    files.set('late/photo', await fileOf(grey(80)));
    expect((await api.previewRain('late', recipe, 'rainy', 20, 10)).width).toBe(20);
    await api.previewRain('clean', recipe, 'rainy', 20, 10);
    expect(largest).toBe(600_000);
  });

  it('is the image chosen last, though one chosen before could not be read', async () => {
    const shown = (id: string): Promise<ImageBitmap> => api.previewRain(id, recipe, 'clean', 20, 10);
    const [late, clean] = await Promise.allSettled([shown('late'), shown('clean')]);
    expect([late.status, clean.status]).toEqual(['rejected', 'fulfilled']);
    await shown('clean');
    expect(decoded, 'it is still in hand').toBe(1);
  });

  it('is a pair’s rain map, brightened', async () => {
    files.set('pair/rainy', await fileOf(grey(90)));
    files.set('pair/clean', await fileOf(grey(60)));
    const map = await nodeImaging.readPixels(await api.rainMap('pair', 3));
    expect(Math.abs(map.data[0]! - 90)).toBeLessThanOrEqual(1);
  });
});

async function reasonOf(file: Blob): Promise<string> {
  const error: unknown = await nodeImaging.readPixels(file).catch((thrown: unknown) => thrown);
  if (error instanceof ImageFileError) return error.reason;
  throw error;
}
