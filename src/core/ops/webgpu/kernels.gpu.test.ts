import * as tf from '@tensorflow/tfjs';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomFromSeed } from '../../random.ts';
import { adamUpdate } from '../adamUpdate.ts';
import { conv3x3, conv3x3FilterGrad, conv3x3InputGrad } from '../conv3x3.ts';
import { meanAbsoluteDifference } from '../meanAbsoluteDifference.ts';
import { registerReferenceKernels } from '../reference.ts';
import { openWebgpuDevice } from './device.ts';
import { registerWebgpuVariants } from './register.ts';
import { availableVariants, safeSelection } from './variants.ts';

const device = await openWebgpuDevice(navigator.gpu);
const { convolution, filterGrad } = availableVariants(device, true);

/** n, h, w, cin, cout: odd sizes, single pixels, widths that whole blocks fill, and every channel count the presets have, on both sides. */
const shapes: readonly (readonly [number, number, number, number, number])[] = [
  [1, 1, 1, 3, 4],
  [2, 5, 7, 3, 16],
  [3, 9, 4, 4, 8],
  [4, 3, 17, 8, 3],
  [2, 11, 9, 16, 24],
  [1, 6, 19, 24, 32],
  [1, 7, 8, 32, 64],
  [1, 8, 5, 64, 128],
  [1, 5, 6, 128, 3],
  [2, 4, 5, 5, 6],
  [1, 3, 16, 8, 16],
  [2, 2, 32, 3, 12],
];
/** A kernel in another size of blocks shares the arithmetic of its first size: for it, the shapes at which blocks break off. */
const shapesOfSizes = shapes.filter((_, i) => i % 2 === 1);
const shapesOf = (variants: readonly { readonly name: string }[], i: number): typeof shapes =>
  variants.findIndex(({ name }) => name.split(' ')[0] === variants[i]!.name.split(' ')[0]) === i
    ? shapes
    : shapesOfSizes;
/**
 * Of the shapes from 3 or 4 channels, a tile needs the first: no width is special to it, and its layouts for 8, 12 and 16 channels
 * out are those for 6, 24 and 16 from others. It is the slowest to compile.
 */
const shapesOfTiles = shapes.filter(([, , , cin, cout]) => cin > 4 || cout < 8);
const convolutionShapes = (i: number): typeof shapes =>
  convolution[i]!.name === 'tiled' ? shapesOfTiles : shapesOf(convolution, i);
/** Half precision has eleven binary digits; sums of some hundred such products stay within a few of the last. */
const toleranceOf = ({ half }: { readonly half?: true }): number => (half ? 2e-3 : 2e-5);
const errors: string[] = [];

beforeAll(async () => {
  device.addEventListener('uncapturederror', (event) => errors.push(event.error.message));
  registerReferenceKernels('cpu');
  await useWebgpu();
});

async function useWebgpu(): Promise<void> {
  expect(await tf.setBackend('webgpu')).toBe(true);
  expect(tf.getBackend()).toBe('webgpu');
}

function normals(seed: number, ...shape: number[]): { values: Float32Array; shape: number[] } {
  const random = randomFromSeed(seed);
  return { values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()), shape };
}

/** A new tensor; typed as the convolutions want it, though some are of rank 1. */
function fill({ values, shape }: { values: Float32Array; shape: number[] }): Tensor4D {
  const tensor: tf.Tensor = tf.tensor(values, shape);
  return tensor as Tensor4D;
}

/** Runs something on a backend and reads all that comes out. */
async function outputs(backend: string, run: () => tf.Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const results = tf.tidy(run);
  const values = await Promise.all(results.map((result) => result.data() as Promise<Float32Array>));
  tf.dispose(results);
  return values;
}

async function expectSame(run: () => tf.Tensor[], tolerance = 2e-5): Promise<void> {
  const expected = await outputs('cpu', run);
  const actual = await outputs('webgpu', run);
  await useWebgpu();
  expected.forEach((values, k) => {
    expect(actual[k]!.length).toBe(values.length);
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[k]![i]!)), 0);
    expect(worst / scale, `output ${k}`).toBeLessThan(tolerance);
  });
  expect(errors).toEqual([]);
}

describe.each(convolution.map((variant, i) => [variant.name, variant, convolutionShapes(i)] as const))(
  'convolution %s',
  (_name, variant, its) => {
    beforeAll(() => registerWebgpuVariants({ ...safeSelection, forward: variant, inputGrad: variant }));

    it.each(its)(
      'equals the reference, forward and input gradient: %d×%d×%d, %d → %d channels',
      async (n, h, w, cin, cout) => {
        const [x, weight, bias, skip, dy, y] = [
          normals(1, n, h, w, cin),
          normals(2, 3, 3, cin, cout),
          normals(3, cout),
          normals(4, n, h, w, cout),
          normals(5, n, h, w, cout),
          normals(6, n, h, w, cout),
        ].map((content) => () => fill(content));
        const fused = n % 2 === 1; // odd batches: ReLU, skip and mask; even ones: none
        await expectSame(
          () => [
            conv3x3(x!(), weight!(), bias!() as unknown as Tensor1D, fused ? { relu: true, skip: skip!() } : {}),
            conv3x3InputGrad(dy!(), weight!(), fused ? y!() : undefined),
          ],
          toleranceOf(variant),
        );
      },
    );
  },
);

describe.each(filterGrad.map((variant, i) => [variant.name, variant, shapesOf(filterGrad, i)] as const))(
  'filter gradient %s',
  (_name, variant, its) => {
    beforeAll(() => registerWebgpuVariants({ ...safeSelection, filterGrad: variant }));

    it.each(its)('equals the reference: %d×%d×%d, %d → %d channels', async (n, h, w, cin, cout) => {
      const [x, dy, y] = [normals(1, n, h, w, cin), normals(2, n, h, w, cout), normals(3, n, h, w, cout)].map(
        (content) => () => fill(content),
      );
      await expectSame(() => conv3x3FilterGrad(x!(), dy!(), n % 2 === 1 ? y!() : undefined), toleranceOf(variant));
    });

    it('gives the same bits every time', async () => {
      const same = normals(7, 4, 24, 24, 16);
      const run = (): tf.Tensor[] => conv3x3FilterGrad(fill(same), fill(same), undefined);
      const [first] = await outputs('webgpu', run);
      const [again] = await outputs('webgpu', run);
      expect(again).toEqual(first);
    });
  },
);

const [halfConvolution, halfFilterGrad] = [convolution.find(({ half }) => half), filterGrad.find(({ half }) => half)];
// Written only where the adapter has half precision: `npm run test:vulkan` over Mesa's lavapipe is one such place.
if (halfConvolution && halfFilterGrad) {
  describe('half precision', () => {
    beforeAll(() =>
      registerWebgpuVariants({ ...safeSelection, inputGrad: halfConvolution, filterGrad: halfFilterGrad }),
    );
    const [x, dy, weight] = [normals(1, 1, 6, 9, 16), normals(2, 1, 6, 9, 16), normals(3, 3, 3, 16, 16)].map(
      (content) => () => fill(content),
    );

    it.each([1e-6, 1e-8])(
      'keeps the digits of gradients as small as a mean over an image makes them: %f',
      async (scale) => {
        await expectSame(
          () => {
            const small = dy!().mul<Tensor4D>(scale);
            return [conv3x3InputGrad(small, weight!(), undefined), ...conv3x3FilterGrad(x!(), small, undefined)].map(
              (sum) => tf.mul(sum, 1 / scale),
            );
          },
          toleranceOf(halfConvolution) * (scale < 1e-7 ? 5 : 1),
        );
      },
    );

    it('holds what is too large for it as its largest number, not as infinity', async () => {
      const [large] = await outputs('webgpu', () => [
        conv3x3InputGrad(tf.fill([1, 1, 1, 4], 1e5) as Tensor4D, tf.ones([3, 3, 4, 4]) as Tensor4D, undefined),
      ]);
      expect([...large!].every(Number.isFinite)).toBe(true);
    });

    it('is not chosen from unless it was asked for', () => {
      const usual = availableVariants(device, false);
      expect([...usual.convolution, ...usual.filterGrad].some(({ half }) => half)).toBe(false);
    });
  });
}

describe('the registered kernels', () => {
  beforeAll(() => registerWebgpuVariants(safeSelection));

  it('give tf.grads the gradients that the reference gives', async () => {
    const inputs = [normals(1, 2, 6, 7, 3), normals(2, 3, 3, 3, 8), normals(3, 8), normals(4, 2, 6, 7, 8)];
    await expectSame(() =>
      tf.grads((x, w, b, skip) =>
        tf.sum(tf.square(conv3x3(x as Tensor4D, w as Tensor4D, b as Tensor1D, { relu: true, skip: skip as Tensor4D }))),
      )(inputs.map(({ values, shape }) => tf.tensor(values, shape))),
    );
  });

  it('update as Adam does', async () => {
    const [w, gradient, m, average] = [1, 2, 3, 4].map((seed) => normals(seed, 3, 3, 3, 5));
    const attrs = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-4, step: 3, averageDecay: 0.9 };
    const tensor = ({ values, shape }: { values: Float32Array; shape: number[] }): tf.Tensor =>
      tf.tensor(values, shape);
    await expectSame(() =>
      adamUpdate(
        {
          w: tensor(w!),
          gradient: tensor(gradient!),
          m: tensor(m!),
          v: tf.square(tensor(m!)),
          average: tensor(average!),
        },
        attrs,
      ),
    );
  });

  it('give the mean absolute difference and its gradient, for whole and broken workgroups', async () => {
    for (const size of [1, 300, 2048]) {
      const [a, b] = [normals(1, size), normals(2, size)].map((content) => () => fill(content));
      await expectSame(() => [
        meanAbsoluteDifference(a!(), b!()),
        tf.grad((x) => meanAbsoluteDifference(x, undefined, 2))(a!()),
        ...tf.grads((x, y) => tf.mul(3, meanAbsoluteDifference(x!, y!)))([a!(), b!()]),
      ]);
    }
  });

  it('keep tensors and bytes constant over many steps', async () => {
    const x = tf.keep(tf.tensor(normals(1, 2, 8, 8, 3).values, [2, 8, 8, 3]));
    let state = [1, 2, 3, 4].map((seed) => tf.keep(tf.tensor(normals(seed, 3, 3, 3, 8).values, [3, 3, 3, 8])));
    const bias = tf.keep(tf.zeros([8]));
    const step = (t: number): void => {
      const gradient = tf.tidy(() =>
        tf.grad((w) => tf.sum(conv3x3(x as Tensor4D, w as Tensor4D, bias as Tensor1D, { relu: true })))(state[0]!),
      );
      const [w, m, v, average] = state as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const next = adamUpdate(
        { w, gradient, m, v: t === 1 ? tf.square(v) : v, average },
        { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-4, step: t, averageDecay: 0.9 },
      );
      tf.dispose([gradient, ...state]);
      state = next;
    };
    const afterwards: string[] = [];
    for (let t = 1; t <= 60; t++) {
      tf.engine().startScope();
      step(t);
      for (const tensor of state) tf.keep(tensor);
      tf.engine().endScope();
      if (t % 20 === 0) {
        await state[0]!.data();
        const { numTensors, numBytesInGPU, numBytesAllocatedInGPU } = tf.memory() as tf.MemoryInfo &
          Record<string, number>;
        afterwards.push([numTensors, numBytesInGPU, numBytesAllocatedInGPU].join());
      }
    }
    expect(afterwards[1]).toBe(afterwards[0]);
    expect(afterwards[2]).toBe(afterwards[0]);
    tf.dispose([x, bias, ...state]);
  });

  it('refuse an image that does not fit into one buffer of the device', () => {
    const side = Math.ceil(Math.sqrt(device.limits.maxStorageBufferBindingSize / 16));
    const x = tf.ones([1, 4, 4, 4]) as Tensor4D;
    const huge = tf.tidy(() => tf.reshape(x, [1, 4, 4, 4])) as Tensor4D;
    Object.defineProperty(huge, 'shape', { value: [1, side + 1, side + 1, 4] });
    const filter = tf.ones([3, 3, 4, 4]) as Tensor4D;
    expect(() => conv3x3(huge, filter, tf.zeros([4]))).toThrow('exceeds the');
  });
});
