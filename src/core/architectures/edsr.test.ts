import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerReferenceKernels } from '../ops/reference.ts';
import type { Images } from '../paper/notation.ts';
import { randomFromSeed } from '../random.ts';
import { edsr } from './edsr.ts';
import type { EdsrShape } from './edsr.ts';
import { networkShapes } from './networks.ts';
import { parameterCount } from './registry.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

describe('EDSR', () => {
  it('has the published number of parameters at paper size', () => {
    const shapes = networkShapes({ blocks: 16, filters: { f1: 64, f2: 64, f3: 128 }, imageSkip: true });
    expect([shapes.f1, shapes.f2, shapes.f3].map(parameterCount)).toEqual([1_222_147, 1_222_147, 4_877_315]);
  });

  it('sees exactly 2B + 3 pixels in each direction', () => {
    const shape: EdsrShape = { architecture: 'edsr', blocks: 1, filters: 2, imageSkip: false };
    const weights = new Map(edsr.weights(shape).map(({ name, shape: dims }) => [name, tf.ones([...dims])]));
    const side = 15;
    const middle = 7;
    const at = (x: number): tf.Tensor4D =>
      tf.tensor4d(
        Float32Array.from({ length: side * side * 3 }, (_, i) => (i === (middle * side + x) * 3 ? 1 : 0)),
        [1, side, side, 3],
      );
    const centre = (x: Images): number =>
      edsr.apply(x, weights, shape).slice([0, middle, middle, 0], [1, 1, 1, 1]).dataSync()[0]!;
    const radius = edsr.radius(shape);
    expect(radius).toBe(5);
    expect(centre(at(middle + radius))).not.toBe(centre(tf.zeros([1, side, side, 3])));
    expect(centre(at(middle + radius + 1))).toBe(centre(tf.zeros([1, side, side, 3])));
  });

  it('starts near the identity with the image-level skip', () => {
    const shape: EdsrShape = { architecture: 'edsr', blocks: 2, filters: 8, imageSkip: true };
    const weights = new Map(
      [...edsr.init(shape, randomFromSeed(4))].map(([name, values], i) => [
        name,
        tf.tensor(values, [...edsr.weights(shape)[i]!.shape]),
      ]),
    );
    const x = tf.randomUniform([1, 12, 12, 3], 0, 1, 'float32', 5) as Images;
    expect(tf.mean(tf.abs(tf.sub(edsr.apply(x, weights, shape), x))).dataSync()[0]).toBeLessThan(0.3);
  });
});
