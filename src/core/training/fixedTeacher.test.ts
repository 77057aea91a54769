import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { initialWeights } from '../architectures/registry.ts';
import type { ImageSource } from '../data/imageSource.ts';
import { createPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import type { Images } from '../paper/notation.ts';
import { randomFromSeed } from '../random.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { presets } from './config.ts';
import type { TrainingConfig } from './config.ts';
import type { LossPoint } from './events.ts';
import { FixedTeacher, fixedTeacherSquares } from './fixedTeacher.ts';
import type { TeacherOutputStore } from './ports.ts';
import { asTeacher, withPretrained } from './pretrained.ts';
import type { Pretrained } from './pretrained.ts';
import { train } from './session.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

/** Keeps outputs in memory and counts what is written. */
class MemoryStore implements TeacherOutputStore {
  readonly files = new Map<string, Uint8Array>();
  written = 0;
  read = async (key: string): Promise<Uint8Array | null> => this.files.get(key) ?? null;
  write = async (key: string, bytes: Uint8Array): Promise<void> => {
    this.files.set(key, bytes);
    this.written += 1;
  };
}

describe('a teacher that finds a quarter of the light to be rain', () => {
  let runs = 0;
  const quarter = {
    f1: { variables: new Map(), apply: (x: Images) => ((runs += 1), tf.mul(0.25, x) as Images) },
    f2: { variables: new Map(), apply: (x: Images) => tf.clone(x) },
  };
  const arrays = new Map([['f1', { data: Float32Array.of(0.25) }]]);
  /** Two squares of one pixel. */
  const x = (...levels: number[]): Images =>
    tf.tensor4d(
      levels.flatMap((level) => [level, level, level]),
      [levels.length, 1, 1, 3],
    );
  const rounded = (images: Images): number[] => [...images.dataSync()].map((value) => Math.round(value * 1e4) / 1e4);

  beforeEach(() => void (runs = 0));

  it('gives zReal = x/4 and yReal = 3x/4, and is run once for each square', async () => {
    const teacher = new FixedTeacher(quarter, arrays, undefined);
    const tensors = tf.memory().numTensors;
    const { z, y } = await teacher.outputsOn(x(0.8, 0.4), [0, 1]);
    expect(rounded(z)).toEqual([0.2, 0.2, 0.2, 0.1, 0.1, 0.1]);
    expect(rounded(y)).toEqual([0.6, 0.6, 0.6, 0.3, 0.3, 0.3]);
    expect(tf.memory().numTensors).toBe(tensors + 3); // z, y and x
    const again = await teacher.outputsOn(x(0.4, 0.8, 0.4), [1, 0, 1]);
    expect(rounded(again.z)).toEqual([0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1]);
    expect(runs).toBe(2);
  });

  it('is not run for what the store knows of this teacher and this image', async () => {
    const store = new MemoryStore();
    await new FixedTeacher(quarter, arrays, store).outputsOn(x(0.8, 0.4), [0, 1]);
    const later = await new FixedTeacher(quarter, arrays, store).outputsOn(x(0.4, 0.8), [7, 8]);
    expect([rounded(later.z), runs]).toEqual([[0.1, 0.1, 0.1, 0.2, 0.2, 0.2], 2]);
    const other = new Map([['f1', { data: Float32Array.of(0.5) }]]);
    await new FixedTeacher(quarter, other, store).outputsOn(x(0.8), [0]);
    await new FixedTeacher(quarter, arrays, store).outputsOn(x(0.7), [0]);
    expect([runs, store.files.size]).toEqual([4, 4]);
  });

  it('computes again what is half written or cannot be read, and goes on without a store that takes nothing', async () => {
    const store = new MemoryStore();
    await new FixedTeacher(quarter, arrays, store).outputsOn(x(0.8), [0]);
    for (const [key, bytes] of store.files) store.files.set(key, bytes.subarray(0, 5));
    const { z } = await new FixedTeacher(quarter, arrays, store).outputsOn(x(0.8), [0]);
    const broken = { read: () => Promise.reject(new Error('no')), write: () => Promise.reject(new Error('full')) };
    const { y } = await new FixedTeacher(quarter, arrays, broken).outputsOn(x(0.8), [0]);
    expect([rounded(z), rounded(y), runs]).toEqual([[0.2, 0.2, 0.2], [0.6, 0.6, 0.6], 3]);
  });

  it('has as many different squares as 256 MB hold, at most 4,096', () => {
    expect([32, 64, 96, 128, 512].map(fixedTeacherSquares)).toEqual([4096, 4096, 2314, 1302, 81]);
  });
});

describe('a run of the student alone', () => {
  const photo = (seed: number): Pixels => {
    const image = createPixels(40, 32);
    const random = randomFromSeed(seed);
    for (let i = 0; i < image.data.length; i++) image.data[i] = 80 + random.below(100);
    return image;
  };
  /** Unpaired: real rain, and clean images. */
  const source: ImageSource = {
    clean: ['1', '2', '3'],
    rainy: ['4', '5'],
    pairs: [],
    readClean: async (id) => photo(Number(id)),
    readRainy: async (id) => photo(Number(id)),
    readPair: async (id) => Promise.reject(new Error(`no ${id}`)),
  };
  const tiny: TrainingConfig = {
    ...presets.quick,
    networks: { blocks: 1, filters: { f1: 3, f2: 3, f3: 3 }, imageSkip: true },
    run: { seed: 5, steps: 3, batch: 2, crop: 16, previewEvery: 9, validateEvery: 9, checkpointEvery: 9 },
    data: { ...presets.quick.data, heldOut: 1, validationCrop: 16, real: { photos: 1, rainyHalves: 0, generated: 0 } },
  };
  const shape = { architecture: 'prn', blocks: 1, filters: 2, imageSkip: true };
  const published = asTeacher({
    role: 'student',
    shape,
    weights: initialWeights(shape, randomFromSeed(3)),
    provenance: null,
  });

  async function run(config: TrainingConfig, start: Pretrained, store: MemoryStore, from?: Checkpoint) {
    const points: LossPoint[] = [];
    const saved: Checkpoint[] = [];
    const ports = {
      source,
      now: () => 0,
      yieldToEventLoop: async () => {},
      saveCheckpoint: async (bytes: Uint8Array) => void saved.push(decodeCheckpoint(bytes)),
      teacherOutputs: store,
      control: { stopRequested: false, checkpointRequested: false, takeChange: () => null },
    };
    const types: string[] = [];
    for await (const event of train(config, ports, from, start)) {
      types.push(event.type === 'stopped' ? event.reason : event.type);
      if (event.type === 'stepped') points.push(...event.points);
    }
    return { points, types, saved: saved.at(-1)! };
  }

  it('learns from a published network, whose outputs are computed once', async () => {
    const store = new MemoryStore();
    const config = withPretrained(tiny, { teacher: published }, 'prn.pth');
    const first = await run(config, { teacher: published }, store);
    expect(first.types.at(-1)).toBe('finished');
    expect(store.written).toBe(6 + 2); // those of the next batch judge the last weights
    const second = await run(config, { teacher: published }, store);
    expect(store.written).toBe(8);
    expect(second.points.map(({ objective }) => objective)).toEqual(first.points.map(({ objective }) => objective));
    const { cycle } = first.points[0]!.losses;
    expect(cycle).toBeLessThan(1e-4); // y + z = x
    expect(first.points.every(({ losses }) => losses.distillRef > 0 && losses.content === 0)).toBe(true);
  });

  it('goes on from its checkpoint without the file', async () => {
    const store = new MemoryStore();
    const config = withPretrained(tiny, { teacher: published }, 'prn.pth');
    const whole = await run({ ...config, run: { ...config.run, steps: 5 } }, { teacher: published }, store);
    const half = (await run(config, { teacher: published }, store)).saved;
    expect(half.config.teacher).toBe('prn.pth');
    const rest = await run(config, {}, store, {
      ...half,
      config: { ...half.config, run: { ...config.run, steps: 5 } },
    });
    expect(rest.points.map(({ objective }) => objective)).toEqual(
      whole.points.slice(3).map(({ objective }) => objective),
    );
    for (const [name, { data }] of rest.saved.arrays) {
      if (/^weights\/f[12]\//.test(name)) expect(data).toEqual(half.arrays.get(name)!.data);
    }
  });
});
