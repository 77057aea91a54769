import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeWasmHost } from '../../../../cli/wasmThreads.ts';
import { randomFromSeed } from '../../random.ts';
import { adamUpdate } from '../adamUpdate.ts';
import { conv3x3, conv3x3FilterGrad, conv3x3InputGrad } from '../conv3x3.ts';
import { registerReferenceKernels } from '../reference.ts';
import { registerWasmBackend, removeWasmBackend } from './register.ts';
import type { WasmHost } from './register.ts';

/** n, height, width, input channels, output channels. */
type Shape = readonly [n: number, h: number, w: number, cin: number, cout: number];

const shapes: readonly Shape[] = [
  [1, 1, 1, 3, 3],
  [1, 2, 3, 1, 2],
  [2, 5, 7, 3, 16],
  [1, 9, 6, 16, 3],
  [3, 13, 11, 4, 8],
  [2, 12, 12, 8, 4],
  [2, 24, 48, 16, 16],
  [1, 17, 31, 24, 24],
  [1, 28, 28, 24, 24],
  [1, 18, 22, 15, 24],
  [1, 18, 22, 24, 12],
  [1, 12, 10, 48, 24],
  [1, 12, 10, 15, 64],
  [1, 12, 10, 64, 12],
  [2, 10, 15, 24, 32],
  [4, 21, 19, 32, 32],
  [1, 8, 9, 5, 7],
  [1, 10, 14, 64, 64],
  [1, 11, 5, 64, 128],
  [1, 7, 9, 128, 128],
];

const plain = nodeWasmHost(1);
const { spawn: _, ...alone } = plain;
const hosts: readonly (readonly [string, WasmHost])[] = [
  ['two threads, relaxed SIMD where the machine has it', nodeWasmHost(2)],
  ['two threads, plain SIMD', { ...nodeWasmHost(2), relaxedKernels: plain.kernels }],
  ['one thread, memory not shared', { ...alone, threads: 4 }],
];

/** What the reference gives, by case; computed once for all hosts. */
const references = new Map<string, Float32Array[]>();

beforeAll(async () => {
  registerReferenceKernels('cpu');
  for (const shape of shapes) {
    for (const masked of [false, true])
      references.set(`${shape} ${masked}`, await on('cpu', () => everyResult(shape, masked)));
  }
}, 60_000);
afterAll(removeWasmBackend);

describe.each(hosts)('WASM kernels: %s', (_name, host) => {
  beforeAll(async () => {
    await registerWasmBackend(host);
    await tf.setBackend('wasm');
  });

  it.each(shapes)('equal the reference for n %i, %i×%i, %i → %i channels', async (...shape) => {
    for (const masked of [false, true]) {
      const fast = await on('wasm', () => everyResult(shape, masked));
      const reference = references.get(`${shape} ${masked}`)!;
      expect(fast.length).toBe(reference.length);
      fast.forEach((values, i) => expectClose(values, reference[i]!));
    }
  });

  it('give the same bits twice', async () => {
    const first = await on('wasm', () => everyResult([2, 30, 50, 16, 24], true));
    const second = await on('wasm', () => everyResult([2, 30, 50, 16, 24], true));
    second.forEach((values, i) => expect(Buffer.from(values.buffer).equals(Buffer.from(first[i]!.buffer))).toBe(true));
  });

  it.each([1, 4, 37, 9216, 20001])('update %i numbers as the reference does', async (size) => {
    const fast = await on('wasm', () => adamResult(size));
    const reference = await on('cpu', () => adamResult(size));
    fast.forEach((values, i) => expectClose(values, reference[i]!));
  });

  it.each([
    [
      [2, 5, 7, 3],
      [0, 0, 1, 0],
      [2, 5, 6, 3],
    ],
    [
      [3, 4, 5, 6],
      [1, 1, 2, 3],
      [1, 2, 3, 2],
    ],
    [
      [6, 4],
      [2, 0],
      [3, 4],
    ],
    [[9], [4], [5]],
    [
      [2, 3, 2, 2, 3],
      [1, 0, 1, 0, 1],
      [1, 3, 1, 2, 2],
    ],
  ])('slice %j from %j by %j as the reference does', async (shape, begin, size) => {
    const cut = () => [
      tf.slice(random(shape, 7), begin, size),
      tf.slice(tf.cast(random(shape, 7), 'int32'), begin, size),
    ];
    expect(await on('wasm', cut)).toEqual(await on('cpu', cut));
  });

  it.each([
    [
      [
        [2, 5, 7, 12],
        [2, 5, 7, 3],
      ],
      -1,
    ],
    [
      [
        [3, 1],
        [3, 5],
        [3, 4],
      ],
      1,
    ],
    [[[6], [3]], 0],
    [
      [
        [2, 3, 4],
        [2, 5, 4],
      ],
      1,
    ],
  ])('join %j along axis %i as the reference does', async (parts, axis) => {
    const joined = () => [
      tf.concat(
        parts.map((shape, i) => random(shape, i + 1)),
        axis,
      ),
      tf.concat(
        parts.map((shape, i) => tf.cast(random(shape, i + 1), 'int32')),
        axis,
      ),
    ];
    expect(await on('wasm', joined)).toEqual(await on('cpu', joined));
  });

  it('let clones outlive what they were cloned from', async () => {
    await tf.setBackend('wasm');
    const first = random([3, 4], 8);
    const values = first.dataSync();
    const second = tf.clone(first);
    first.dispose();
    expect(second.dataSync()).toEqual(values);
    second.dispose();
  });

  it('leave no tensor behind', async () => {
    await tf.setBackend('wasm');
    const before = tf.memory();
    for (let i = 0; i < 5; i++) await on('wasm', () => everyResult([1, 12, 12, 8, 8], true));
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
  });
});

/** Forward, input gradient, filter gradient and bias gradient for seeded inputs; `masked`: with ReLU, and with a skip. */
function everyResult([n, h, w, cin, cout]: Shape, masked: boolean): tf.Tensor[] {
  const x = random([n, h, w, cin], 1) as tf.Tensor4D;
  const filter = random([3, 3, cin, cout], 2).mul(1 / Math.sqrt(9 * cin)) as tf.Tensor4D;
  const bias = random([cout], 3) as tf.Tensor1D;
  const skip = random([n, h, w, cout], 4) as tf.Tensor4D;
  const dy = random([n, h, w, cout], 5) as tf.Tensor4D;
  const mask = masked ? (random([n, h, w, cout], 6) as tf.Tensor4D) : undefined;
  const y = conv3x3(x, filter, bias, masked ? { relu: true, skip } : {});
  return [
    y,
    conv3x3(x, filter, bias, { relu: !masked }),
    conv3x3InputGrad(dy, filter, mask),
    ...conv3x3FilterGrad(x, dy, mask),
  ];
}

function adamResult(size: number): tf.Tensor[] {
  const [w, gradient, m, average] = [1, 2, 3, 4].map((seed) => random([size], seed)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const inputs = { w, gradient, m, v: tf.square(random([size], 5)), average };
  return adamUpdate(inputs, {
    learningRate: 0.1,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-4,
    step: 3,
    averageDecay: 0.99,
  });
}

/** Standard normal numbers. */
function random(shape: number[], seed: number): tf.Tensor {
  const source = randomFromSeed(seed);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => source.normal()),
    shape,
  );
}

async function on(backend: string, compute: () => tf.Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const results = tf.tidy(compute);
  const values = results.map((result) => result.dataSync() as Float32Array);
  tf.dispose(results);
  return values;
}

/** Equal within 2·10⁻⁵ of the largest value. */
function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  let worst = 0;
  expected.forEach((value, i) => (worst = Math.max(worst, Math.abs(actual[i]! - value))));
  expect(worst / largest).toBeLessThan(2e-5);
}
