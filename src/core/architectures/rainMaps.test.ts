import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { createDerainer } from '../inference/derainer.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import type { Images } from '../paper/notation.ts';
import { randomFromSeed } from '../random.ts';
import { estimatesRain, initialWeights, shapeOfSize } from './registry.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

/** What a network finds when the last layer of its rain map has no filters but a bias of 0.3. */
function found(architecture: string, filters: number, last: string): { y: number[]; z: number[]; shape: number[] } {
  const shape = shapeOfSize(architecture, { blocks: 1, filters, imageSkip: true });
  const weights = initialWeights(shape, randomFromSeed(1));
  weights.get(`${last}.weight`)!.fill(0);
  weights.get(`${last}.bias`)!.fill(0.3);
  const derainer = createDerainer({ role: 'student', shape, weights, provenance: null });
  const { y, z } = derainer.derain(tf.fill([1, 10, 12, 3], 0.5) as Images);
  const result = { y: [...y.dataSync()], z: [...z!.dataSync()], shape: z!.shape };
  tf.dispose([y, z!]);
  derainer.dispose();
  return result;
}

it('BRN gives the rain of its last iteration', () => {
  const { y, z, shape } = found('brn', 2, 'conv_r.0');
  expect(shape).toEqual([1, 10, 12, 3]);
  for (const value of z) expect(value).toBeCloseTo(0.3, 6);
  expect(y.every(Number.isFinite)).toBe(true);
});

it('UMRL gives the rain that it takes off before its last layers, in units of the image and in its size', () => {
  const { z, shape } = found('umrl', 2, 'refine3');
  expect(shape).toEqual([1, 10, 12, 3]);
  for (const value of z) expect(value).toBeCloseTo(Math.tanh(0.3) / 2, 6);
});

it('leaves the number of tensors as it was', () => {
  const before = tf.memory().numTensors;
  found('brn', 2, 'conv_r.0');
  expect(tf.memory().numTensors).toBe(before + 1); // the image
});

it('is known of the networks that do', () => {
  const known = (architecture: string, filters: number): boolean =>
    estimatesRain(shapeOfSize(architecture, { blocks: 2, filters, imageSkip: true }));
  expect([known('brn', 2), known('umrl', 2), known('rcdnet-reduced', 2), known('prenet', 2)]).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
