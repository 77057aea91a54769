import * as tf from '@tensorflow/tfjs';
import type { Rank, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { normalizeByImage, normalizeByStored } from './normalize.ts';
import { gradientError, normal } from './testing/finiteDifference.ts';

beforeAll(() => tf.setBackend('cpu'));

describe('normalizeByImage', () => {
  it('takes mean and biased variance of every image and channel by itself', () => {
    const x = tf.tensor4d([1, 10, 3, 10, 0, 4, 0, 8], [2, 1, 2, 2]);
    const y = normalizeByImage(x, tf.tensor1d([2, 1]), tf.tensor1d([0, 5]), 0);
    const values = [...y.dataSync()];
    expect(values.slice(4).filter((_, i) => i % 2 === 1)).toEqual([4, 6]); // 4 and 8: mean 6, deviation 2
    expect([values[0], values[2]]).toEqual([-2, 2]); // 1 and 3: mean 2, deviation 1
  });

  it('loses no digits on a bright, large, almost even image', () => {
    const x = tf.tidy(() => tf.add(1000, tf.mul(normal<Rank.R4>([1, 300, 400, 1], 1), 0.1))) as Tensor4D;
    const y = normalizeByImage(x, tf.ones([1]), tf.zeros([1]), 0);
    expect(tf.mean(tf.square(y)).dataSync()[0]).toBeCloseTo(1, 3);
  });

  it('has the gradient of its differences', () => {
    const inputs = [normal<Rank.R4>([2, 3, 4, 2], 2), normal<Rank.R1>([2], 3), normal<Rank.R1>([2], 4)];
    const operation = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor =>
      normalizeByImage(x as Tensor4D, scale as Tensor1D, offset as Tensor1D, 1e-3);
    expect(gradientError(operation, inputs)).toBeLessThan(5e-3);
  });
});

describe('normalizeByStored', () => {
  const stored = { mean: tf.tensor1d([1]), variance: tf.tensor1d([3]) };

  it('takes the statistics it is given', () => {
    const y = normalizeByStored(tf.tensor4d([5], [1, 1, 1, 1]), stored, tf.tensor1d([3]), tf.tensor1d([0.5]), 1);
    expect(y.dataSync()[0]).toBeCloseTo(6.5, 6); // (5 − 1) / 2 · 3 + 0.5
  });

  it('has the gradient of its differences, and none towards the statistics', () => {
    const inputs = [normal<Rank.R4>([1, 2, 3, 1], 5), normal<Rank.R1>([1], 6), normal<Rank.R1>([1], 7)];
    const operation = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor =>
      normalizeByStored(x as Tensor4D, stored, scale as Tensor1D, offset as Tensor1D, 1e-3);
    expect(gradientError(operation, inputs)).toBeLessThan(2e-3);
    const x = inputs[0] as Tensor4D;
    const ofStatistics = tf.grads((mean, variance) =>
      tf.sum(
        normalizeByStored(
          x,
          { mean: mean as Tensor1D, variance: variance as Tensor1D },
          tf.ones([1]),
          tf.zeros([1]),
          1e-3,
        ),
      ),
    )([stored.mean, stored.variance]);
    expect(ofStatistics.map((gradient) => [...gradient.dataSync()])).toEqual([[0], [0]]);
  });
});
