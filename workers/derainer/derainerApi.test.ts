import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createPixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import type { EdsrShape } from '../../src/core/architectures/edsr.ts';
import { initialWeights, shapeOfSize } from '../../src/core/architectures/registry.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { encodeStudent, encodeTeacher } from '../../src/core/weights/modelFile.ts';
import type { DerainerApi, DerainEvent, DerainJob, LayerTile } from '../../src/protocol/derainer.ts';
import { fileOf, nodeImaging, pixelsOf } from '../testing/nodeImaging.ts';
import { openOnnxInNode } from '../testing/nodeOnnx.ts';
import { ToyBackend } from '../testing/toyBackend.ts';
import { createDerainerApi } from './derainerApi.ts';

const shape: EdsrShape = { architecture: 'edsr', blocks: 1, filters: 3, imageSkip: true };
const weights = initialWeights(shape, randomFromSeed(3));
const student = new Blob([encodeStudent({ shape, weights, provenance: null })]);
const teacher = new Blob([
  encodeTeacher({ shapes: { f1: shape, f2: shape }, weights: { f1: weights, f2: weights }, provenance: null }),
]);
const SIZE = { width: 150, height: 110 };

let backend: ToyBackend;
let api: DerainerApi;
let events: DerainEvent[];
let betweenTiles: () => void;
let training: boolean;

beforeEach(async () => {
  backend = new ToyBackend();
  events = [];
  betweenTiles = () => {};
  training = false;
  api = createDerainerApi({
    backend,
    imaging: nodeImaging,
    openOnnx: openOnnxInNode,
    isTraining: async () => training,
    async yieldToEventLoop() {
      betweenTiles();
      await new Promise((resolve) => setTimeout(resolve));
    },
  });
  await api.loadModel('student', student);
  await api.openPhoto('photo', await fileOf(noise(SIZE.width, SIZE.height)));
});

function noise(width: number, height: number): Pixels {
  const random = randomFromSeed(5);
  const image = createPixels(width, height);
  for (let i = 0; i < image.data.length; i++) if (i % 4 < 3) image.data[i] = random.below(256);
  return image;
}

/** Small memory, so that the photo takes several tiles. */
function derain(options: Partial<DerainJob> = {}, heard = events): Promise<void> {
  const job = { photo: 'photo', model: 'student', backend: 'wasm', strength: 1, ensemble: false } as const;
  const focus = { x: 0, y: 0 };
  return api.derain({ ...job, focus, memoryBytes: 1, ...options }, (batch) => void heard.push(...batch));
}

const types = (heard = events): string[] => [...new Set(heard.map(({ type }) => type))];
const tilesOf = (heard: readonly DerainEvent[]): LayerTile[] =>
  heard.flatMap((event) => (event.type === 'tileDerained' && event.share > 0 ? [event.tile] : []));

async function composed(model = 'student', layer = { kind: 'derained', strength: 1 } as const): Promise<LayerTile[]> {
  const tiles: LayerTile[] = [];
  const region = { left: 0, top: 0, ...SIZE };
  expect(await api.compose('photo', model, layer, region, (batch) => void tiles.push(...batch))).toBe(true);
  return tiles;
}

/** The first pixel of each tile by its place. */
const digest = (tiles: readonly LayerTile[]): Map<string, string> =>
  new Map(tiles.map(({ rect, bitmap }) => [`${rect.left},${rect.top}`, pixelsOf(bitmap).data.join()]));

describe('deraining', () => {
  it('gives the same tiles, and so the same bytes, at every visit, however busy the machine is', async () => {
    const speeds = new Map<string, string>();
    const visit = async (msPerReading: number): Promise<DerainEvent[]> => {
      let time = 0;
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => (time += msPerReading));
      api = createDerainerApi({
        backend,
        openOnnx: openOnnxInNode,
        imaging: nodeImaging,
        speeds: { get: async (key) => speeds.get(key), set: async (key, value) => void speeds.set(key, value) },
        isTraining: async () => false,
        yieldToEventLoop: () => new Promise((resolve) => setTimeout(resolve)),
      });
      await api.loadModel('student', student);
      await api.openPhoto('photo', await fileOf(noise(SIZE.width, SIZE.height)));
      const heard: DerainEvent[] = [];
      await derain({ memoryBytes: 1e9 }, heard);
      clock.mockRestore();
      return heard;
    };
    const [idle, busy] = [await visit(1), await visit(900)];
    expect(busy[0]).toMatchObject({ type: 'derainStarted' });
    expect(busy[0]).toEqual(idle[0]);
    expect(digest(tilesOf(busy))).toEqual(digest(tilesOf(idle)));
  });

  it('reports tiles until the photo is done, and composes the same result again', async () => {
    await derain();
    expect(types()).toEqual(['derainStarted', 'tileDerained', 'derained']);
    expect(events[0]).toMatchObject({ report: { description: 'toy' } });
    const tiles = tilesOf(events);
    expect(tiles.length).toBeGreaterThan(2);
    expect(events.findLast((event) => event.type === 'tileDerained')).toMatchObject({ share: 1, msLeft: 0 });
    expect(digest(await composed())).toEqual(digest(tiles));
  });

  it('begins where the person looks and follows when the focus moves', async () => {
    const corner = { x: SIZE.width - 1, y: SIZE.height - 1 };
    await derain({ focus: corner });
    const [first] = tilesOf(events);
    expect([first!.rect.left > 0, first!.rect.top > 0]).toEqual([true, true]);
    const moved: DerainEvent[] = [];
    betweenTiles = () => {
      void api.setFocus('photo', corner);
      void api.setFocus('another photo', { x: 0, y: 0 });
    };
    await derain({}, moved);
    const [origin, next] = tilesOf(moved);
    expect(origin!.rect).toMatchObject({ left: 0, top: 0 });
    expect(next!.rect).toEqual(first!.rect);
  });

  it('ends after the tile in hand when cancelled', async () => {
    betweenTiles = () => void api.cancel();
    await derain();
    expect(types().at(-1)).toBe('cancelled');
    expect(tilesOf(events).length).toBeLessThanOrEqual(1);
  });

  it('lets a newer job overtake: the running one ends, the waiting one never starts', async () => {
    const [second, third]: [DerainEvent[], DerainEvent[]] = [[], []];
    let later: Promise<unknown> | undefined;
    betweenTiles = () => void (later ??= Promise.all([derain({}, second), derain({}, third)]));
    await derain();
    await later;
    expect(types().at(-1)).toBe('cancelled');
    expect(types(second)).toEqual(['cancelled']);
    expect(types(third)).toEqual(['derainStarted', 'tileDerained', 'derained']);
  });

  it('averages eight results where asked, which differ from one', async () => {
    await derain({ memoryBytes: 1e9 });
    const once = digest(tilesOf(events));
    const averaged: DerainEvent[] = [];
    await derain({ memoryBytes: 1e9, ensemble: true }, averaged);
    expect(types(averaged).at(-1)).toBe('derained');
    expect(digest(tilesOf(averaged))).not.toEqual(once);
  });

  it('shows a network of several octaves at work from the coarse to the fine', async () => {
    const pyramid = shapeOfSize('pyramid', { blocks: 1, filters: 4, imageSkip: true });
    const file = encodeStudent({
      shape: pyramid,
      weights: initialWeights(pyramid, randomFromSeed(4)),
      provenance: null,
    });
    await api.loadModel('pyramid', new Blob([file]));
    await derain({ model: 'pyramid', memoryBytes: 1e9 });
    expect(types()).toEqual(['derainStarted', 'tileDerained', 'derained']);
    const shares = events.flatMap((event) => (event.type === 'tileDerained' ? [event.share] : []));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    const [coarse] = tilesOf(events);
    expect(coarse!.rect, 'the whole photo at once').toEqual({ left: 0, top: 0, ...SIZE });
  });

  it('cuts photos of other sizes into the same squares on WebGPU, which keeps memory for each size', async () => {
    const sizeOn = async (reported: ToyBackend['reported'], photo: string): Promise<unknown> => {
      backend.reported = reported;
      const heard: DerainEvent[] = [];
      await derain({ photo, backend: reported, memoryBytes: 1e9 }, heard);
      expect(types(heard).at(-1)).toBe('derained');
      const [first] = heard;
      return first?.type === 'derainStarted' && first.tile;
    };
    await api.openPhoto('other', await fileOf(noise(SIZE.width - 13, SIZE.height + 7)));
    expect(await sizeOn('webgpu', 'photo')).toBe(await sizeOn('webgpu', 'other'));
  });

  it('of a network that needs the whole photo says how large it may be, where memory does not suffice', async () => {
    const whole = shapeOfSize('ddn-image', { blocks: 12, filters: 16, imageSkip: true });
    const file = encodeStudent({ shape: whole, weights: initialWeights(whole, randomFromSeed(4)), provenance: null });
    await api.loadModel('whole', new Blob([file]));
    await derain({ model: 'whole' });
    expect(events.at(-1)).toMatchObject({ type: 'derainFailed', reason: expect.stringMatching(/\d/) });
    const request = { backend: 'wasm', model: 'whole', ensemble: false, memoryBytes: 1 } as const;
    expect(await api.measure(request), 'and nothing is promised').toMatchObject({ secondsFor12Mp: null });
  });

  it('rejects a job whose photo or model was never opened, and goes on with the next', async () => {
    await expect(derain({ photo: 'none' })).rejects.toThrow('never opened');
    await expect(derain({ model: 'none' })).rejects.toThrow('never opened');
    await derain();
    expect(types().at(-1)).toBe('derained');
  });
});

describe('a lost device', () => {
  it('in the middle of a job is replaced, and the result is that of an undisturbed run', async () => {
    await derain();
    const undisturbed = digest(await composed());
    const again: DerainEvent[] = [];
    let calls = 0;
    betweenTiles = () => void (++calls === 2 && backend.lose('The driver was reset.'));
    await derain({}, again);
    expect(backend.forgotten).toBe(1);
    expect(again.filter(({ type }) => type === 'derainStarted')).toHaveLength(2);
    expect(types(again).at(-1)).toBe('derained');
    expect(digest(await composed())).toEqual(undisturbed);
  });

  it('that is lost again and again fails the job after two replacements, and the next job starts anew', async () => {
    betweenTiles = () => backend.lose('It is broken.');
    await derain();
    expect(events.at(-1)).toMatchObject({ type: 'derainFailed', reason: 'It is broken.' });
    expect(events.filter(({ type }) => type === 'derainStarted')).toHaveLength(3);
    betweenTiles = () => {};
    const next: DerainEvent[] = [];
    await derain({}, next);
    expect(types(next).at(-1)).toBe('derained');
  });

  it('is not replaced once the job was cancelled', async () => {
    betweenTiles = () => {
      backend.lose('It was reset.');
      void api.cancel();
    };
    await derain();
    expect(events.filter(({ type }) => type === 'derainStarted')).toHaveLength(1);
    expect(types().at(-1)).toBe('cancelled');
  });

  it('that cannot be had fails the job with the reason', async () => {
    backend.missing.add('webgpu');
    await derain({ backend: 'webgpu' });
    expect(events).toMatchObject([{ type: 'derainFailed', reason: 'There is no webgpu here.' }]);
  });
});

describe('backends', () => {
  it('are started once, warm or not, and changed when another is asked for', async () => {
    const tensors = tf.memory().numTensors;
    expect(await api.warmUp('none', 'wasm', 1e8)).toBeNull();
    expect(backend.asked).toEqual([]);
    expect(await api.warmUp('student', 'wasm', 1e8), 'seconds for 12 megapixels').toBeGreaterThan(0);
    await api.warmUp('student', 'cpu', 1e8);
    await derain();
    expect(backend.asked).toEqual(['wasm']);
    await derain({ backend: 'auto' });
    expect(backend.asked).toEqual(['wasm', 'auto']);
    await api.loadModel('student', student);
    expect(tf.memory().numTensors, 'weights are freed with their model').toBe(tensors);
  });

  it('that cannot be warmed up are left for the first job to report', async () => {
    backend.missing.add('webgpu');
    expect(await api.warmUp('student', 'webgpu', 1e8)).toBeNull();
    await derain();
    expect(types().at(-1)).toBe('derained');
  });

  it('are measured, alone or beside a training, but not beside a photo', async () => {
    const request = { backend: 'wasm', model: 'student', ensemble: false, memoryBytes: 1 } as const;
    training = true;
    expect(await api.measure(request)).toMatchObject({ refused: false, shared: true });
    training = false;
    const alone = await api.measure({ ...request, model: null });
    expect(alone).toMatchObject({ refused: false, shared: false, secondsFor12Mp: null });
    backend.missing.add('webgpu');
    expect(await api.measure({ ...request, backend: 'webgpu' })).toMatchObject({ reason: 'There is no webgpu here.' });
    let beside: ReturnType<DerainerApi['measure']> | undefined;
    betweenTiles = () => void (beside ??= api.measure(request));
    await derain();
    expect(await beside).toMatchObject({ refused: true, reason: 'A photo is being worked on.' });
  });
});

describe('models', () => {
  it('say what they are, or why they cannot be used', async () => {
    expect(await api.loadModel('teacher', teacher)).toMatchObject({
      refused: false,
      role: 'teacher',
      size: expect.stringContaining('1 blocks × 3 filters'),
    });
    const layers = shapeOfSize('rcdnet', { blocks: 17, filters: 32, imageSkip: true });
    const values = initialWeights(layers, randomFromSeed(1));
    const file = new Blob([encodeStudent({ shape: layers, weights: values, provenance: null })]);
    expect(await api.loadModel('layers', file), 'its rain map is its own').toMatchObject({ estimatesRain: true });
    expect(await api.loadModel('broken', new Blob(['not a model']))).toMatchObject({ refused: true });
    const gone = { arrayBuffer: () => Promise.reject(new TypeError('a bug')) } as unknown as Blob;
    await expect(api.loadModel('gone', gone)).rejects.toThrow('a bug');
  });

  it('of a teacher give a rain map of their own', async () => {
    await api.loadModel('teacher', teacher);
    await derain({ model: 'teacher' });
    const tiles: LayerTile[] = [];
    const region = { left: 0, top: 0, width: 1, height: 1 };
    const layer = { kind: 'rainMap', gain: 2 } as const;
    expect(await api.compose('photo', 'teacher', layer, region, (batch) => void tiles.push(...batch))).toBe(true);
    expect(tiles[0]!.rect, 'what is looked at comes first').toMatchObject({ left: 0, top: 0 });
  });
});

describe('the rain that was found', () => {
  it('is none before a run, and of the size of a small photo after it', async () => {
    expect(await api.rainMap('photo', 'student')).toBeNull();
    expect(await api.rainMap('never opened', 'student')).toBeNull();
    await derain();
    const map = (await api.rainMap('photo', 'student'))!;
    expect([map.width, map.height, map.data.length]).toEqual([150, 110, 150 * 110 * 3]);
    expect(map.data.some((value) => value !== 0)).toBe(true);
  });
});

describe('layers', () => {
  it('are overtaken by a newer request, and not there before a run or after the photo is closed', async () => {
    const layer = { kind: 'derained', strength: 0.5 } as const;
    const region = { left: 0, top: 0, ...SIZE };
    expect(await api.compose('photo', 'student', layer, region, () => {})).toBe(false);
    await derain();
    const [older, newer] = await Promise.all([
      api.compose('photo', 'student', layer, region, () => {}),
      api.compose('photo', 'student', { ...layer, strength: 1.5 }, region, () => {}),
    ]);
    expect([older, newer]).toEqual([false, true]);
    await api.closePhoto('photo');
    expect(await api.compose('photo', 'student', layer, region, () => {})).toBe(false);
  });
});

describe('a photo', () => {
  it('in a wide colour space is shown small at first, then in its size unless it was closed', async () => {
    const wide = { ...nodeImaging, decode: async (file: Blob) => ({ ...(await nodeImaging.decode(file)), ...P3 }) };
    const P3 = { colorSpace: 'display-p3' as const };
    const own = createDerainerApi({
      backend,
      imaging: wide,
      openOnnx: openOnnxInNode,
      isTraining: async () => false,
      yieldToEventLoop: async () => {},
    });
    const large = await fileOf(createPixels(2100, 4));
    const [shown, closed]: [ImageBitmap[], ImageBitmap[]] = [[], []];
    expect(await own.openPhoto('a', large, (bitmap) => void shown.push(bitmap))).toMatchObject({
      width: 2100,
      bitmap: { width: 2048 },
    });
    await own.openPhoto('b', large, (bitmap) => void closed.push(bitmap));
    await own.closePhoto('b');
    await expect.poll(() => shown.length, { timeout: 5000 }).toBe(1);
    expect(shown[0]!.width).toBe(2100);
    expect(closed).toEqual([]);
    expect(await own.openPhoto('c', new Blob(['no image']))).toMatchObject({ refused: true });
  });
});
