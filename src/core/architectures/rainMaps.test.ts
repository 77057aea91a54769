import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { createDerainer } from '../inference/derainer.ts';
import type { Derained } from '../inference/derainer.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import type { Images } from '../paper/notation.ts';
import { randomFromSeed } from '../random.ts';
import { architectureNamed, estimatesRain, initialWeights, networkWeights, shapeOfSize } from './registry.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

/** The rain map that a network gives when the last layer of it has no filters but a bias of 0.3. */
function rainOf(architecture: string, last: string): { z: number[]; shape: number[] } {
  const shape = shapeOfSize(architecture, { blocks: 1, filters: 2, imageSkip: true });
  const weights = initialWeights(shape, randomFromSeed(1));
  weights.get(`${last}.weight`)!.fill(0);
  weights.get(`${last}.bias`)!.fill(0.3);
  return tf.tidy(() => {
    const tensors = new Map(
      networkWeights(shape).map(({ name, shape: dims }) => [name, tf.tensor(weights.get(name)!, [...dims])]),
    );
    const { z } = architectureNamed(architecture).layers!(tf.fill([1, 10, 12, 3], 0.5) as Images, tensors, shape);
    return { z: [...z.dataSync()], shape: z.shape };
  });
}

/** What the derainer of a fresh network finds. */
function found(architecture: string): Derained & { readonly x: Images } {
  const shape = shapeOfSize(architecture, { blocks: 2, filters: 2, imageSkip: true });
  const weights = initialWeights(shape, randomFromSeed(1));
  const derainer = createDerainer({ role: 'student', shape, weights, provenance: null });
  const x = tf.fill([1, 10, 12, 3], 0.5) as Images;
  const result = derainer.derain(x);
  derainer.dispose();
  return { ...result, x };
}

it('BRN gives the rain of its last iteration', () => {
  const { z, shape } = rainOf('brn', 'conv_r.0');
  expect(shape).toEqual([1, 10, 12, 3]);
  for (const value of z) expect(value).toBeCloseTo(0.3, 6);
});

it('UMRL gives the rain that it takes off before its last layers, in units of the image and in its size', () => {
  const { z, shape } = rainOf('umrl', 'refine3');
  expect(shape).toEqual([1, 10, 12, 3]);
  for (const value of z) expect(value).toBeCloseTo(Math.tanh(0.3) / 2, 6);
});

it('RCDNet’s is what its derainer finds, of the size of the image; other networks leave it at what the image lost', () => {
  const before = tf.memory().numTensors;
  const { x, y, z } = found('rcdnet-reduced');
  expect(z!.shape).toEqual(y.shape);
  expect([...z!.dataSync()].every(Number.isFinite)).toBe(true);
  tf.dispose([x, y, z!]);
  const other = found('brn');
  expect(other.z).toBeNull();
  tf.dispose([other.x, other.y]);
  expect(tf.memory().numTensors).toBe(before);
});

it('counts as an estimate where image and rain add up', () => {
  const known = (architecture: string): boolean =>
    estimatesRain(shapeOfSize(architecture, { blocks: 2, filters: 2, imageSkip: true }));
  expect(['brn', 'umrl', 'rcdnet-reduced', 'prenet'].map(known)).toEqual([false, false, true, false]);
});
