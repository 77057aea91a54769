import * as tf from '@tensorflow/tfjs';
import type { Rank, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { continueBorder, cropBorder } from './border.ts';
import type { BorderMode } from './border.ts';
import { gradientError, normal } from './testing/finiteDifference.ts';

beforeAll(() => tf.setBackend('cpu'));

const row = (...values: number[]): Tensor4D => tf.tensor4d(values, [1, 1, values.length, 1]);
const wide = (left: number, right: number) => ({ top: 0, bottom: 0, left, right });

describe('continueBorder', () => {
  it.each<[BorderMode, number[]]>([
    ['symmetric', [2, 1, 1, 2, 3, 3, 2]],
    ['reflect', [3, 2, 1, 2, 3, 2, 1]],
    ['replicate', [1, 1, 1, 2, 3, 3, 3]],
    ['zeros', [0, 0, 1, 2, 3, 0, 0]],
  ])('continues 1 2 3 by %s', (mode, expected) => {
    expect([...continueBorder(row(1, 2, 3), wide(2, 2), mode).dataSync()]).toEqual(expected);
  });

  it('goes on there and back where the border is wider than the image', () => {
    expect([...continueBorder(row(1, 2), wide(5, 3), 'symmetric').dataSync()]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 1, 1]);
    expect([...continueBorder(row(1, 2, 3), wide(0, 6), 'reflect').dataSync()]).toEqual([1, 2, 3, 2, 1, 2, 3, 2, 1]);
    expect([...continueBorder(row(7), wide(2, 1), 'reflect').dataSync()]).toEqual([7, 7, 7, 7]);
  });

  it('continues rows as columns, and is taken off again', () => {
    const x = normal<Rank.R4>([2, 4, 5, 3], 1);
    const border = { top: 2, bottom: 1, left: 0, right: 3 };
    const large = continueBorder(x, border, 'symmetric');
    expect(large.shape).toEqual([2, 7, 8, 3]);
    const rotated = continueBorder(
      tf.transpose(x, [0, 2, 1, 3]),
      { top: 0, bottom: 3, left: 2, right: 1 },
      'symmetric',
    );
    expect([...tf.transpose(rotated, [0, 2, 1, 3]).dataSync()]).toEqual([...large.dataSync()]);
    expect([...cropBorder(large, border).dataSync()]).toEqual([...x.dataSync()]);
  });

  it.each<BorderMode>(['symmetric', 'reflect', 'replicate', 'zeros'])(
    'has the gradient of its differences: %s',
    (mode) => {
      const border = { top: 2, bottom: 5, left: 1, right: 0 };
      expect(
        gradientError((x) => continueBorder(x as Tensor4D, border, mode), [normal<Rank.R4>([1, 3, 4, 2], 2)]),
      ).toBeLessThan(1e-3);
    },
  );
});
