import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeWasmHost } from '../../../cli/wasmThreads.ts';
import type { ImageSource } from '../data/imageSource.ts';
import { createPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { registerWasmBackend, removeWasmBackend } from '../ops/wasm/register.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import type { Images } from '../paper/notation.ts';
import { randomFromSeed } from '../random.ts';
import { decodeCheckpoint } from '../training/checkpoint.ts';
import { presets } from '../training/config.ts';
import type { TrainingConfig } from '../training/config.ts';
import { studentOf } from '../training/exportModel.ts';
import { train } from '../training/session.ts';
import { decodeStudent, encodeStudent } from '../weights/modelFile.ts';
import { ShapeError } from './architecture.ts';
import type { Architecture, NetworkShape, NetworkSize } from './architecture.ts';
import { architectures, parseShape } from './registry.ts';

/** On WASM, the backend with the fewest kernels: an operation without a gradient there cannot be trained by most people. */
beforeAll(async () => {
  await registerWasmBackend(nodeWasmHost(1));
  registerReferenceKernels('cpu');
  await tf.setBackend('wasm');
});
afterAll(removeWasmBackend);

/** The smallest network of an architecture. */
function smallest(architecture: Architecture, imageSkip = true): NetworkShape {
  for (const [blocks, filters] of [1, 2].flatMap((b) => [2, 4, 8, 16].map((f) => [b, f] as const))) {
    try {
      return architecture.ofSize({ blocks, filters, imageSkip });
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
    }
  }
  throw new Error(`No small network of ${architecture.id} was found.`);
}

/** Fresh weights, with offsets that are not all zero. */
function weightsOf(architecture: Architecture, shape: NetworkShape): Map<string, Tensor> {
  const random = randomFromSeed(4);
  const initial = architecture.init(shape, random);
  return new Map(
    architecture.weights(shape).map(({ name, shape: dims }) => {
      const values = initial.get(name)!;
      const shift = dims.length === 1 ? 0.1 : 0;
      return [
        name,
        tf.tensor(
          values.map((value) => value + shift * random.uniform()),
          [...dims],
        ),
      ];
    }),
  );
}

function randomImages(height: number, width: number): Images {
  return tf.randomUniform([1, height, width, 3], 0, 1, 'float32', 7) as Images;
}

const largest = (x: Tensor): number => tf.max(tf.abs(x)).dataSync()[0]!;

describe.each(architectures().map((architecture) => [architecture.id, architecture] as const))(
  '%s',
  (_id, architecture) => {
    const shape = smallest(architecture);

    it('is the same after its shape was stored, and in the size that its settings say', () => {
      expect(parseShape(JSON.parse(JSON.stringify(shape)))).toEqual(shape);
      expect(architecture.ofSize(architecture.sizeOf(shape))).toEqual(shape);
      expect(() => architecture.parse({ ...shape, imageSkip: 'yes' })).toThrow(ShapeError);
    });

    it('begins with the weights that it names, none of them twice', () => {
      const names = architecture.weights(shape).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      const initial = architecture.init(shape, randomFromSeed(1));
      expect([...initial.keys()]).toEqual(names);
      for (const { name, shape: dims } of architecture.weights(shape))
        expect(initial.get(name)!.length).toBe(dims.reduce((a, b) => a * b, 1));
    });

    it('takes an image of any size, and gives y or the rain map x − y', () => {
      tf.tidy(() => {
        const weights = weightsOf(architecture, shape);
        const x = randomImages(37, 43);
        const y = architecture.apply(x, weights, shape);
        expect(y.shape).toEqual([1, 37, 43, 3]);
        expect(Number.isFinite(largest(y))).toBe(true);
        expect(largest(tf.sub(y, x))).toBeGreaterThan(1e-4);
        if (architecture.id === 'edsr') return; // without the skip it is another network
        const z = architecture.apply(x, weights, smallest(architecture, false));
        expect(largest(tf.sub(tf.sub(x, z), y))).toBeLessThan(1e-4);
      });
    });

    it('frees all but the result', () => {
      const weights = weightsOf(architecture, shape);
      const x = randomImages(16, 16);
      const before = tf.memory().numTensors;
      architecture.apply(x, weights, shape).dispose();
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([x, ...weights.values()]);
    });

    it('sees no further than its radius: a tile with that halo equals the whole', () => {
      const radius = architecture.radius(shape);
      if (radius === Infinity || architecture.octaves) return;
      const multiple = architecture.multiple(shape);
      const halo = Math.ceil(radius / multiple) * multiple;
      const [height, inner, width] = [multiple === 1 ? 12 : 2 * multiple, 2 * multiple, 2 * halo + 6 * multiple];
      tf.tidy(() => {
        const weights = weightsOf(architecture, shape);
        const x = randomImages(height, width);
        const whole = architecture.apply(x, weights, shape);
        const tile = architecture.apply(tf.slice(x, [0, 0, 0, 0], [1, height, inner + halo, 3]), weights, shape);
        const part = [1, height, inner, 3] as [number, number, number, number];
        const difference = tf.sub(tf.slice(whole, [0, 0, 0, 0], part), tf.slice(tile, [0, 0, 0, 0], part));
        expect(largest(difference)).toBeLessThan(5e-6 * Math.max(1, largest(whole)));
      });
    });

    it('has the gradient of its differences, and on WASM the one of plain JavaScript', async () => {
      // Far from the bends of its ReLUs, where differences mean nothing: what is normalized is shifted to be positive.
      const weights = [...weightsOf(architecture, shape)].map(([name, weight]): [string, Float32Array, number[]] => [
        name,
        (weight.dataSync() as Float32Array).map((value) => (/bn\w*\.bias$/.test(name) ? value + 3 : value)),
        weight.shape,
      ]);
      const pixels = (await randomImages(16, 16).data()) as Float32Array;
      const on = async (backend: string, steps: readonly number[]): Promise<Slopes> => {
        await tf.setBackend(backend);
        return tf.tidy(() => slopesOf(architecture, shape, weights, pixels, steps));
      };
      const plain = await on('cpu', []);
      const { tape, differences } = await on('wasm', [2e-4, 5e-5]);
      expect(Math.abs(tape - plain.tape)).toBeLessThan(2e-3 * Math.abs(plain.tape) + 1e-3);
      const error = Math.min(...differences.map((difference) => Math.abs(tape - difference)));
      expect(error).toBeLessThan(0.1 * Math.abs(tape) + 0.05);
    });

    it('trains as teacher and student, is saved, and is exported', async () => {
      const size: NetworkSize = architecture.sizeOf(shape);
      const { blocks, filters } = size;
      const config: TrainingConfig = {
        ...presets.quick,
        networks: {
          architecture: architecture.id,
          f2Blocks: 1,
          blocks,
          filters: { f1: filters, f2: 2, f3: filters },
          imageSkip: true,
        },
        run: { seed: 5, steps: 1, batch: 1, crop: 16, previewEvery: 9, validateEvery: 9, checkpointEvery: 1 },
        data: { ...presets.quick.data, heldOut: 1, validationCrop: 16 },
      };
      const saved: Uint8Array[] = [];
      const ports = {
        source,
        now: () => 0,
        yieldToEventLoop: async () => {},
        saveCheckpoint: async (bytes: Uint8Array) => void saved.push(bytes),
        control: { stopRequested: false, checkpointRequested: false, takeChange: () => null },
      };
      const events = [];
      for await (const event of train(config, ports)) events.push(event);
      expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished', step: 1 });
      const checkpoint = decodeCheckpoint(saved.at(-1)!);
      const student = decodeStudent(encodeStudent(studentOf(checkpoint, 'average', '2026-01-01')));
      expect(student.shape).toEqual(shape);
      const fresh = architecture.init(shape, randomFromSeed(5).split('f3'));
      const changed = [...student.weights].filter(([name, values]) =>
        values.some((value, i) => value !== fresh.get(name)![i]),
      );
      expect(changed.length).toBeGreaterThan(0);
    });
  },
);

/** The derivative along a random direction of all weights, by the tape and by central differences of some widths. */
type Slopes = { tape: number; differences: number[] };

function slopesOf(
  architecture: Architecture,
  shape: NetworkShape,
  weights: readonly (readonly [string, Float32Array, number[]])[],
  pixels: Float32Array,
  steps: readonly number[],
): Slopes {
  const x = tf.tensor4d(pixels, [1, 16, 16, 3]);
  const probe = tf.randomNormal([1, 16, 16, 3], 0, 1, 'float32', 9);
  const values = weights.map(([, data, dims]) => tf.tensor(data, dims));
  const directions = weights.map(([name, data, dims], i) => {
    const most = data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    return tf.mul(tf.randomNormal(dims, 0, 1, 'float32', i + 1), name.includes('.running_') ? 0 : Math.min(0.1, most));
  });
  const loss = (...at: Tensor[]): Tensor => {
    const named = new Map(weights.map(([name], i) => [name, at[i]!]));
    return tf.sum(tf.mul(probe, architecture.apply(x, named, shape)));
  };
  const parts = tf
    .grads(loss)(values)
    .map((gradient, i) => tf.sum(tf.mul(gradient, directions[i]!)).dataSync()[0]!);
  const moved = (by: number): number =>
    loss(...values.map((value, i) => tf.add(value, tf.mul(directions[i]!, by)))).dataSync()[0]!;
  return {
    tape: parts.reduce((sum, part) => sum + part, 0),
    differences: steps.map((step) => (moved(step) - moved(-step)) / (2 * step)),
  };
}

function image(seed: number): Pixels {
  const random = randomFromSeed(seed);
  const pixels = createPixels(32, 32);
  for (let i = 0; i < pixels.data.length; i++) pixels.data[i] = i % 4 === 3 ? 255 : 60 + random.below(120);
  return pixels;
}

const source: ImageSource = {
  clean: ['0', '1', '2'],
  rainy: [],
  pairs: [],
  readClean: async (id) => image(Number(id)),
  readRainy: async (id) => Promise.reject(new Error(`no ${id}`)),
  readPair: async (id) => Promise.reject(new Error(`no ${id}`)),
};
