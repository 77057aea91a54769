import * as tf from '@tensorflow/tfjs';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noiseImage, noiseSource } from '../data/testing/noiseSource.ts';
import { createPixels } from '../images/pixels.ts';
import { derain, pixelSource } from '../inference/derain.ts';
import { createDerainer } from '../inference/derainer.ts';
import { conv3x3 } from '../ops/conv3x3.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import { decodeCheckpoint } from '../training/checkpoint.ts';
import { presets } from '../training/config.ts';
import type { TrainingConfig } from '../training/config.ts';
import type { TrainingEvent } from '../training/events.ts';
import { studentOf } from '../training/exportModel.ts';
import { train } from '../training/session.ts';
import { decodeStudent, encodeStudent } from '../weights/modelFile.ts';
import type { Architecture, NetworkShape, NetworkSize } from './architecture.ts';
import { architectures, describeNetwork, parameterCount, registerArchitecture } from './registry.ts';

type ToyShape = NetworkShape & NetworkSize;

/** Two convolutions; nothing outside this file knows it. */
const toy: Architecture<ToyShape> = {
  id: 'toy',
  title: 'Toy',
  usual: { blocks: 1, filters: 3 },
  parse: ({ blocks, filters, imageSkip }) => ({
    architecture: 'toy',
    blocks: Number(blocks),
    filters: Number(filters),
    imageSkip: imageSkip === true,
  }),
  ofSize: (size) => ({ architecture: 'toy', ...size }),
  sizeOf: ({ blocks, filters, imageSkip }) => ({ blocks, filters, imageSkip }),
  weights: ({ filters }) => [
    { name: 'in', shape: [3, 3, 3, filters] },
    { name: 'out', shape: [3, 3, filters, 3] },
  ],
  init: (shape, random) =>
    new Map(
      toy.weights(shape).map(({ name, shape: dims }) => {
        const stream = random.split(name);
        return [name, Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => 0.1 * stream.normal())];
      }),
    ),
  apply: (x, weights, { filters, imageSkip }) =>
    tf.tidy(() => {
      const inner = conv3x3(x, weights.get('in') as Tensor4D, tf.zeros([filters]) as Tensor1D, { relu: true });
      return conv3x3(inner, weights.get('out') as Tensor4D, tf.zeros([3]) as Tensor1D, imageSkip ? { skip: x } : {});
    }),
  radius: () => 2,
  multiple: () => 1,
  footprint: ({ filters }) => ({ alive: filters + 6, kept: filters + 3, widest: filters }),
  multiplyAdds: ({ filters }) => 54 * filters,
};

let unregister: () => void;
beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
  unregister = registerArchitecture(toy);
});
afterAll(() => unregister());

const source = noiseSource(40, 32);

const config: TrainingConfig = {
  ...presets.quick,
  networks: { architecture: 'toy', blocks: 1, filters: { f1: 3, f2: 3, f3: 4 }, imageSkip: true },
  run: { seed: 5, steps: 3, batch: 1, crop: 16, previewEvery: 3, validateEvery: 3, checkpointEvery: 3 },
  data: { ...presets.quick.data, heldOut: 1, validationCrop: 24 },
};

describe('an architecture registered here alone', () => {
  it('is listed', () => {
    expect(architectures().map(({ id }) => id)).toContain('toy');
  });

  it('trains, is saved, loaded and exported, and derains in tiles as in one piece', async () => {
    const saved: Uint8Array[] = [];
    const events: TrainingEvent[] = [];
    const ports = {
      source,
      now: () => 0,
      yieldToEventLoop: async () => {},
      saveCheckpoint: async (bytes: Uint8Array) => void saved.push(bytes),
      control: { stopRequested: false, checkpointRequested: false, takeChange: () => null },
    };
    for await (const event of train(config, ports)) events.push(event);
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished', step: 3 });
    expect(events[0]).toMatchObject({ type: 'started', parameters: { f1: 162, f3: 216 } });

    const checkpoint = decodeCheckpoint(saved.at(-1)!);
    const student = decodeStudent(encodeStudent(studentOf(checkpoint, 'average', '2026-01-01')));
    expect(student.shape).toEqual({ architecture: 'toy', blocks: 1, filters: 4, imageSkip: true });
    expect(parameterCount(student.shape)).toBe(216);
    expect(describeNetwork(student.shape)).toBe('Toy, 1 blocks × 4 filters');

    const derainer = createDerainer({ role: 'student', ...student });
    const result = async (tile: number): Promise<Uint8ClampedArray> => {
      const whole = createPixels(40, 32);
      for await (const fact of derain({
        image: pixelSource(noiseImage(9, 40, 32)),
        network: derainer,
        tile,
        order: 'rows',
        strength: 1,
        yieldToEventLoop: async () => {},
        now: () => 0,
        stop: { aborted: false },
      })) {
        if (fact.type !== 'tiled') continue;
        const { left, top, width, height } = fact.rect;
        for (let y = 0; y < height; y++) {
          const row = fact.pixels.data.subarray(y * width * 4, (y + 1) * width * 4);
          whole.data.set(row, ((top + y) * 40 + left) * 4);
        }
      }
      return whole.data;
    };
    expect(await result(16)).toEqual(await result(1000));
    derainer.dispose();
  });
});
