import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { registerReferenceKernels } from '../ops/reference.ts';
import type { Images } from '../paper/notation.ts';
import { randomFromSeed } from '../random.ts';
import { didMdn } from './didMdn.ts';

beforeAll(async () => {
  registerReferenceKernels('cpu');
  await tf.setBackend('cpu');
});

it('hands the image on while it is new, so that training need not first find the image itself', () => {
  const shape = didMdn.ofSize({ blocks: 1, filters: 8, imageSkip: true });
  const fresh = didMdn.init(shape, randomFromSeed(1));
  const ramp = tf.linspace(0.05, 0.95, 32 * 32 * 3).reshape([1, 32, 32, 3]) as Images;
  const mean = tf.tidy(() => {
    const weights = new Map(
      didMdn.weights(shape).map(({ name, shape: dims }) => [name, tf.tensor(fresh.get(name)!, [...dims])]),
    );
    return tf.mean(tf.abs(tf.sub(didMdn.apply(ramp, weights, shape), ramp))).dataSync()[0]!;
  });
  expect(mean).toBeLessThan(0.06);
});
