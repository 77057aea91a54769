import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { fromBlocks, halve, meanOfBlocks, toBlocks } from './halve.ts';

beforeAll(() => tf.setBackend('cpu'));

const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4, 1]); // 1 2 3 4 over 5 6 7 8

it('puts the pixels of a block into the channels, row by row, and back', () => {
  expect([...toBlocks(x).dataSync()]).toEqual([1, 2, 5, 6, 3, 4, 7, 8]);
  const images = tf.randomUniform([2, 6, 4, 3], 0, 1, 'float32', 1) as tf.Tensor4D;
  expect([...fromBlocks(toBlocks(images)).dataSync()]).toEqual([...images.dataSync()]);
});

it('halves by the mean of four', () => {
  expect([...halve(x).dataSync()]).toEqual([3.5, 5.5]);
  const images = tf.randomUniform([2, 6, 4, 3], 0, 1, 'float32', 1) as tf.Tensor4D;
  const difference = tf.sub(halve(images), tf.avgPool(images, 2, 2, 'valid'));
  expect(tf.max(tf.abs(difference)).dataSync()[0]).toBeLessThan(1e-6);
  expect(meanOfBlocks(toBlocks(images)).shape).toEqual([2, 3, 2, 3]);
});

it('hands a quarter of the gradient to each of the four', () => {
  const gradient = tf.grad((of: tf.Tensor) => tf.sum(halve(of as tf.Tensor4D)))(x);
  expect([...gradient.dataSync()]).toEqual(Array(8).fill(0.25));
});
