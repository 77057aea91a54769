import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { double, fromBlocks, halve, toBlocks } from './halve.ts';

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
  const blocks = tf.reshape(toBlocks(images), [2, 3, 2, 4, 3]);
  expect(tf.max(tf.abs(tf.sub(halve(images), tf.mean(blocks, 3)))).dataSync()[0]).toBeLessThan(1e-6);
});

it('hands a quarter of the gradient to each of the four', () => {
  const gradient = tf.grad((of: tf.Tensor) => tf.sum(halve(of as tf.Tensor4D)))(x);
  expect([...gradient.dataSync()]).toEqual(Array(8).fill(0.25));
});

it('doubles by repeating, and adds the gradients of a block up', () => {
  const small = tf.tensor4d([1, 2], [1, 1, 2, 1]);
  expect([...double(small).dataSync()]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  const gradient = tf.grad((of: tf.Tensor) => tf.sum(tf.mul(double(of as tf.Tensor4D), x)))(small);
  expect([...gradient.dataSync()]).toEqual([1 + 2 + 5 + 6, 3 + 4 + 7 + 8]);
});
