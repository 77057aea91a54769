import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerReferenceKernels } from '../ops/reference.ts';
import { randomFromSeed } from '../random.ts';
import { kernelPair } from './directionKernels.ts';
import {
  contentLoss,
  cycleLoss,
  directionLoss,
  distillRealLoss,
  distillRefLoss,
  reconstructionLoss,
  tvLoss,
} from './losses.ts';
import type { Images } from './notation.ts';
import { removeRain, addRain } from './rainModel.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

const value = (tensor: tf.Tensor): number => tensor.dataSync()[0]!;

/** A 1 × h × w image whose three channels are equal. */
function grey(rows: readonly (readonly number[])[]): Images {
  return tf.tensor4d([rows.map((row) => row.map((level) => [level, level, level]))]);
}

function noise(shape: [number, number, number, number], seed: number): Images {
  const random = randomFromSeed(seed);
  return tf.tensor4d(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.uniform()),
    shape,
  );
}

/** Largest difference between the tape's gradient and central differences, over some entries of x. */
function gradientError(loss: (x: Images) => tf.Scalar, x: Images): number {
  const gradient = tf
    .grad(loss as (x: tf.Tensor) => tf.Tensor)(x)
    .dataSync();
  const values = x.dataSync();
  const h = 1e-3;
  let worst = 0;
  for (let i = 0; i < values.length; i += 7) {
    const moved = (by: number): number => {
      const copy = Float32Array.from(values);
      copy[i] = copy[i]! + by;
      return value(loss(tf.tensor4d(copy, x.shape)));
    };
    worst = Math.max(worst, Math.abs(gradient[i]! - (moved(h) - moved(-h)) / (2 * h)));
  }
  return worst;
}

describe('the rain model, Eq. (1) and Eq. (9)', () => {
  it('takes rain away and puts it on', () => {
    const clean = grey([[0.25, 0.5]]);
    const rain = grey([[0.5, 0]]);
    const rainy = addRain(clean, rain);
    expect([...rainy.dataSync()]).toEqual([0.75, 0.75, 0.75, 0.5, 0.5, 0.5]);
    expect([...removeRain(rainy, rain).dataSync()]).toEqual([...clean.dataSync()]);
  });
});

describe.each([
  ['content, Eq. (4)', contentLoss],
  ['reconstruction, Eq. (8)', reconstructionLoss],
  ['distillation on real rain, Eq. (10)', distillRealLoss],
  ['distillation on the reference, Eq. (10)', distillRefLoss],
])('%s', (_, loss) => {
  it('is the mean of absolute differences', () => {
    expect(
      value(
        loss(
          grey([
            [0, 0.5],
            [1, 1],
          ]),
          grey([
            [0.5, 0.5],
            [0, 0.5],
          ]),
        ),
      ),
    ).toBe(0.5); // (½ + 0 + 1 + ½) / 4
  });

  it('is zero between equal images and grows in proportion to the difference', () => {
    const a = noise([2, 4, 5, 3], 1);
    const b = noise([2, 4, 5, 3], 2);
    expect(value(loss(a, a))).toBe(0);
    expect(value(loss(tf.add(a, tf.mul(3, tf.sub(b, a))) as Images, a))).toBeCloseTo(3 * value(loss(b, a)), 5);
  });

  it('has the gradient that finite differences give', () => {
    const target = noise([1, 4, 4, 3], 4);
    expect(gradientError((x) => loss(x, target), noise([1, 4, 4, 3], 3))).toBeLessThan(2e-3);
  });
});

describe('the direction regularizer, Eq. (5)', () => {
  it('over two octaves is the mean of the whole and of its 2×2 means', () => {
    const [z, target] = [noise([2, 12, 16, 3], 8), noise([2, 12, 16, 3], 9)];
    const half = (x: Images): Images => tf.avgPool(x, 2, 2, 'valid');
    const whole = value(directionLoss(z, target, [7, 12], 5));
    const coarse = value(directionLoss(half(z), half(target), [7, 12], 5));
    expect(value(directionLoss(z, target, [7, 12], 5, 2))).toBeCloseTo((whole + coarse) / 2, 6);
    expect(gradientError((x) => directionLoss(x, target, [7, 12], 5, 2), z)).toBeLessThan(2e-3);
  });

  it('with size 3 is |∂x| + |∂y| of the difference, by hand', () => {
    const z = grey([
      [0, 0, 0],
      [0, 0.5, 1.25],
      [0, 0, 0],
    ]);
    // One valid position, the middle: right − here = 0.75; above − here = −0.5.
    expect(
      value(
        directionLoss(
          z,
          grey([
            [0, 0, 0],
            [0, 0, 0],
            [0, 0, 0],
          ]),
          [4],
          3,
        ),
      ),
    ).toBeCloseTo(1.25, 6);
  });

  it.each([5, 7] as const)('with size %i filters each image by its own label, valid region only', (size) => {
    const [zSyn, zGt] = [noise([2, 9, 8, 3], 1), noise([2, 9, 8, 3], 2)];
    const direction = [3, 11];
    const difference = tf.sub(zSyn, zGt).arraySync() as number[][][][];
    let sum = 0;
    let count = 0;
    direction.forEach((index, n) => {
      const { parallel, perpendicular } = kernelPair(index, size);
      for (let y = 0; y + size <= 9; y++) {
        for (let x = 0; x + size <= 8; x++) {
          for (let c = 0; c < 3; c++) {
            for (const kernel of [parallel, perpendicular]) {
              let response = 0;
              for (let v = 0; v < size; v++)
                for (let u = 0; u < size; u++) response += kernel[v * size + u]! * difference[n]![y + v]![x + u]![c]!;
              sum += Math.abs(response);
            }
            count++;
          }
        }
      }
    });
    expect(value(directionLoss(zSyn, zGt, direction, size))).toBeCloseTo(sum / count, 5);
  });

  it('does not see a constant offset between the rain maps', () => {
    const z = noise([1, 9, 9, 3], 5);
    expect(value(directionLoss(tf.add(z, 0.3) as Images, z, [6], 5))).toBeLessThan(1e-6);
  });

  it.each([3, 5, 7] as const)('with size %i has the gradient that finite differences give', (size) => {
    const zGt = noise([2, 8, 9, 3], 7);
    expect(gradientError((z) => directionLoss(z, zGt, [2, 16], size), noise([2, 8, 9, 3], 6))).toBeLessThan(2e-3);
  });
});

describe('total variation', () => {
  it('adds the mean differences to the right and downwards', () => {
    // To the right: 0.5, 0.25; downwards: 1, 0.75.
    expect(
      value(
        tvLoss(
          grey([
            [0, 0.5],
            [1, 1.25],
          ]),
        ),
      ),
    ).toBeCloseTo(0.375 + 0.875, 6);
  });

  it('is zero on a flat image and the same for a mirrored one', () => {
    expect(value(tvLoss(tf.fill([2, 4, 4, 3], 0.7)))).toBe(0);
    const y = noise([1, 6, 7, 3], 8);
    expect(value(tvLoss(tf.reverse(y, 2) as Images))).toBeCloseTo(value(tvLoss(y)), 6);
  });

  it('has the gradient that finite differences give', () => {
    expect(gradientError(tvLoss, noise([1, 5, 6, 3], 9))).toBeLessThan(2e-3);
  });
});

describe('cycle', () => {
  it('is what is missing between the two parts and the whole', () => {
    expect(value(cycleLoss(grey([[0.5, 0.5]]), grey([[0.25, 0]]), grey([[0.75, 1]])))).toBe(0.25);
  });

  it('has the gradient that finite differences give, in both parts', () => {
    const [y, z, x] = [noise([1, 4, 4, 3], 10), noise([1, 4, 4, 3], 11), noise([1, 4, 4, 3], 12)];
    expect(gradientError((part) => cycleLoss(part, z, x), y)).toBeLessThan(2e-3);
    expect(gradientError((part) => cycleLoss(y, part, x), z)).toBeLessThan(2e-3);
  });
});
