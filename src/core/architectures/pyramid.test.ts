import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerReferenceKernels } from '../ops/reference.ts';
import type { Images } from '../paper/notation.ts';
import { randomFromSeed } from '../random.ts';
import { pyramid } from './pyramid.ts';
import type { PyramidShape } from './pyramid.ts';
import { parameterCount } from './registry.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

const shape: PyramidShape = { architecture: 'pyramid', blocks: 1, filters: 4, imageSkip: true };

/** Random weights whose tail is as large as the rest, so that every pixel that is seen has a say. */
function weightsOf(of: PyramidShape, seed = 3): Map<string, Tensor> {
  const arrays = pyramid.init(of, randomFromSeed(seed));
  return new Map(pyramid.weights(of).map(({ name, shape: dims }) => [name, tf.tensor(arrays.get(name)!, [...dims])]));
}

function randomImages(n: number, height: number, width: number, seed = 5): Images {
  return tf.randomUniform([n, height, width, 3], 0, 1, 'float32', seed) as Images;
}

function largest(t: Tensor): number {
  return tf.max(tf.abs(t)).dataSync()[0]!;
}

/** The mean of the four pixels of each 2×2 block, written out. */
function halved(x: Images): Images {
  const [n, h, w] = x.shape;
  const values = x.arraySync();
  return tf.tensor(
    Array.from({ length: n }, (_, i) =>
      Array.from({ length: h / 2 }, (_, y) =>
        Array.from({ length: w / 2 }, (_, column) =>
          Array.from({ length: 3 }, (_, c) => {
            const [rows, columns] = [
              [2 * y, 2 * y + 1],
              [2 * column, 2 * column + 1],
            ];
            return rows.flatMap((r) => columns.map((k) => values[i]![r]![k]![c]!)).reduce((a, b) => a + b) / 4;
          }),
        ),
      ),
    ),
  );
}

describe('the pyramid', () => {
  it('has as many parameters as its layers', () => {
    const convolution = (cin: number, cout: number): number => 9 * cin * cout + cout;
    const count = (f: number, blocks: number): number =>
      convolution(15, f) +
      6 * convolution(f, f) +
      convolution(f, 2 * f) +
      2 * blocks * convolution(2 * f, 2 * f) +
      convolution(2 * f, f) +
      convolution(f, 12);
    expect(parameterCount(shape)).toBe(count(4, 1));
    expect(parameterCount({ ...shape, blocks: 3, filters: 64 } as PyramidShape)).toBe(count(64, 3));
  });

  it('works coarse to fine with the same weights at every octave', () => {
    const x = randomImages(2, 64, 80);
    const weights = weightsOf(shape);
    const { count, residual } = pyramid.octaves!;
    expect(count(64, 80)).toBe(3);
    const half = halved(x);
    const quarter = halved(half);
    const coarsest = residual(quarter, null, weights, shape);
    const middle = residual(half, coarsest, weights, shape);
    const finest = residual(x, middle, weights, shape);
    expect(largest(finest)).toBeGreaterThan(0.01);
    expect(largest(tf.sub(pyramid.apply(x, weights, shape), tf.add(x, finest)))).toBeLessThan(1e-6);
  });

  it('gives the rain map x − y without the image-level skip, of the same weights', () => {
    const x = randomImages(1, 32, 40);
    const weights = weightsOf(shape);
    const z = pyramid.apply(x, weights, { ...shape, imageSkip: false });
    const y = pyramid.apply(x, weights, shape);
    expect(largest(tf.sub(y, tf.sub(x, z)))).toBeLessThan(1e-6);
  });

  it('takes images whose sides are no multiples of anything', () => {
    const x = randomImages(1, 37, 61);
    const weights = weightsOf(shape);
    const y = pyramid.apply(x, weights, shape);
    expect(y.shape).toEqual([1, 37, 61, 3]);
    const mirrored = tf.mirrorPad(
      x,
      [
        [0, 0],
        [0, 3],
        [0, 3],
        [0, 0],
      ],
      'symmetric',
    ) as Images;
    const whole = pyramid.apply(mirrored, weights, shape);
    expect(largest(tf.sub(y, tf.slice(whole, [0, 0, 0, 0], [1, 37, 61, 3])))).toBe(0);
  });

  it('has six octaves at most, and at least sixteen pixels at the coarsest', () => {
    const { count } = pyramid.octaves!;
    expect([count(10, 10), count(31, 400), count(32, 32), count(128, 128), count(321, 481)]).toEqual([1, 1, 2, 4, 5]);
    expect(count(4000, 6000)).toBe(6);
  });

  it('sees exactly its radius in each direction at one octave, in whole blocks of 4×4', () => {
    // Positive filters and no bias: what is seen makes the output positive, however small its share.
    const weights = new Map(
      pyramid
        .weights(shape)
        .map(({ name, shape: d }) => [name, d.length === 4 ? tf.fill([...d], 0.1) : tf.zeros([...d])]),
    );
    const radius = pyramid.radius(shape);
    expect(radius).toBe(36);
    const side = 4 * radius;
    const middle = side / 2; // the first pixel of a block
    const responses = (column: number): number[] => {
      const x = tf.buffer([1, side, side, 3]);
      x.set(1, 0, middle, column, 0);
      const r = pyramid.octaves!.residual(x.toTensor() as Images, null, weights, shape);
      return [...r.slice([0, middle, middle, 0], [1, 1, 4, 1]).dataSync()];
    };
    expect(Math.max(...responses(middle - radius + 2))).toBeGreaterThan(0); // the outermost block is seen in part
    expect(Math.max(...responses(middle + 3 + radius - 2))).toBeGreaterThan(0);
    expect(responses(middle - radius - 1)).toEqual([0, 0, 0, 0]);
    expect(responses(middle + 3 + radius + 1)).toEqual([0, 0, 0, 0]);
  });

  it('enlarges bilinearly: a plane stays a plane inside, a constant a constant', () => {
    const plane = tf
      .tensor(
        Array.from({ length: 6 }, (_, y) => Array.from({ length: 8 }, (_, x) => [0.1 * x + 0.05 * y, 0.3, -0.2 * y])),
      )
      .expandDims(0) as Images;
    const large = pyramid.octaves!.enlarge(plane).arraySync()[0]!;
    for (let y = 1; y < 11; y++) {
      for (let x = 1; x < 15; x++) {
        const [u, v] = [(x - 0.5) / 2, (y - 0.5) / 2];
        const expected = [0.1 * u + 0.05 * v, 0.3, -0.2 * v];
        expected.forEach((value, c) => expect(large[y]![x]![c]).toBeCloseTo(value, 5));
      }
    }
  });

  it('has gradients that finite differences confirm', () => {
    const x = randomImages(1, 32, 32);
    const target = randomImages(1, 32, 32, 6);
    const weights = weightsOf(shape);
    const loss = (of: ReadonlyMap<string, Tensor>): tf.Scalar =>
      tf.mean(tf.square(tf.sub(pyramid.apply(x, of, shape), target)));
    for (const name of [
      'head.weight',
      'block0.conv1.weight',
      'block0.conv2.bias',
      'down.weight',
      'out1.conv1.weight',
      'tail.weight',
    ]) {
      const value = weights.get(name)!;
      const gradient = tf
        .grad((w: Tensor) => loss(new Map([...weights, [name, w]])))(value)
        .dataSync();
      const at = value.size >> 1;
      const shifted = (by: number): number => {
        const data = value.dataSync().slice();
        data[at]! += by;
        return loss(new Map([...weights, [name, tf.tensor(data, value.shape)]])).dataSync()[0]!;
      };
      const difference = (shifted(0.02) - shifted(-0.02)) / 0.04;
      expect(Math.abs(gradient[at]! - difference)).toBeLessThan(0.03 * Math.abs(difference) + 2e-5);
    }
  });

  it('refuses shapes that it cannot build', () => {
    expect(() => pyramid.parse({ blocks: 99, filters: 4, imageSkip: true })).toThrow('blocks 0–32');
    expect(() => pyramid.parse({ blocks: 1, filters: 4 })).toThrow('image-level skip');
  });
});
