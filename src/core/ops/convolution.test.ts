import * as tf from '@tensorflow/tfjs';
import type { Rank, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { convolve, dilatedConv3x3, groupedConv3x3, rotatedFilter } from './convolution.ts';
import { registerReferenceKernels } from './reference.ts';
import { gradientError, normal } from './testing/finiteDifference.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

/** The definition, pixel by pixel: zeros outside, `offset` pixels up and left of each output pixel. */
function byDefinition(
  x: Tensor4D,
  w: Tensor4D,
  [height, width]: [number, number],
  offset: number,
  dilation = 1,
): number[] {
  const [n, h, wide, cin] = x.shape;
  const [rows, columns, , cout] = w.shape;
  const [xs, ws] = [x.dataSync(), w.dataSync()];
  const result: number[] = [];
  for (let image = 0; image < n; image++) {
    for (let y = 0; y < height; y++) {
      for (let column = 0; column < width; column++) {
        for (let o = 0; o < cout; o++) {
          let sum = 0;
          for (let v = 0; v < rows; v++) {
            for (let u = 0; u < columns; u++) {
              const [py, px] = [y + v * dilation - offset, column + u * dilation - offset];
              if (py < 0 || py >= h || px < 0 || px >= wide) continue;
              for (let c = 0; c < cin; c++) {
                sum += xs[((image * h + py) * wide + px) * cin + c]! * ws[((v * columns + u) * cin + c) * cout + o]!;
              }
            }
          }
          result.push(sum);
        }
      }
    }
  }
  return result;
}

function expectClose(actual: tf.Tensor, expected: readonly number[]): void {
  const values = actual.dataSync();
  expect(values.length).toBe(expected.length);
  expect(Math.max(...expected.map((value, i) => Math.abs(value - values[i]!)))).toBeLessThan(1e-5);
}

describe('convolve', () => {
  it.each([1, 3, 5, 7])('keeps the size with a filter of %i pixels', (size) => {
    const x = normal<Rank.R4>([2, 6, 9, 2], 1);
    const w = normal<Rank.R4>([size, size, 2, 3], 2);
    expectClose(convolve(x, w, 'same'), byDefinition(x, w, [6, 9], (size - 1) / 2));
  });

  it.each([1, 2, 4])('loses a border with a filter of %i pixels that must lie inside', (size) => {
    const x = normal<Rank.R4>([1, 6, 5, 2], 3);
    const w = normal<Rank.R4>([size, size, 2, 2], 4);
    expectClose(convolve(x, w, 'valid'), byDefinition(x, w, [7 - size, 6 - size], 0));
  });

  it.each([
    [1, 'same'],
    [5, 'same'],
    [1, 'valid'],
    [4, 'valid'],
  ] as const)('has the gradient of its differences: %i pixels, %s', (size, padding) => {
    expect(
      gradientError(
        (x, w) => convolve(x as Tensor4D, w as Tensor4D, padding),
        [normal<Rank.R4>([2, 6, 7, 2], 5), normal<Rank.R4>([size, size, 2, 3], 6)],
      ),
    ).toBeLessThan(2e-3);
  });

  it('is undone in size by the turned filter, its adjoint', () => {
    const [x, y, w] = [
      normal<Rank.R4>([1, 5, 6, 2], 7),
      normal<Rank.R4>([1, 5, 6, 3], 8),
      normal<Rank.R4>([5, 5, 2, 3], 9),
    ];
    const there = tf.sum(tf.mul(convolve(x, w, 'same'), y)).dataSync()[0]!;
    const back = tf.sum(tf.mul(x, convolve(y, rotatedFilter(w), 'same'))).dataSync()[0]!;
    expect(there).toBeCloseTo(back, 3);
  });
});

describe('dilatedConv3x3', () => {
  it.each([
    [2, 6, 8],
    [2, 7, 5],
    [3, 8, 10],
    [4, 3, 9],
  ])('reaches %i pixels in an image of %i × %i', (dilation, height, width) => {
    const x = normal<Rank.R4>([2, height, width, 2], 10);
    const w = normal<Rank.R4>([3, 3, 2, 3], 11);
    expectClose(dilatedConv3x3(x, w, tf.zeros([3]), dilation), byDefinition(x, w, [height, width], dilation, dilation));
  });

  it('has the gradient of its differences', () => {
    expect(
      gradientError(
        (x, w, b) => dilatedConv3x3(x as Tensor4D, w as Tensor4D, b as Tensor1D, 2),
        [normal<Rank.R4>([2, 5, 6, 2], 12), normal<Rank.R4>([3, 3, 2, 2], 13), normal<Rank.R1>([2], 14)],
      ),
    ).toBeLessThan(2e-3);
  });
});

describe('groupedConv3x3', () => {
  it('lets every group see only itself', () => {
    const x = normal<Rank.R4>([1, 4, 5, 6], 15);
    const w = normal<Rank.R4>([3, 3, 2, 9], 16);
    const y = groupedConv3x3(x, w, 3); // three groups, 2 → 3
    for (let g = 0; g < 3; g++) {
      const own = convolve(
        tf.slice(x, [0, 0, 0, 2 * g], [-1, -1, -1, 2]),
        tf.slice(w, [0, 0, 0, 3 * g], [-1, -1, -1, 3]),
        'same',
      );
      expectClose(tf.slice(y, [0, 0, 0, 3 * g], [-1, -1, -1, 3]), [...own.dataSync()]);
    }
  });

  it('has the gradient of its differences', () => {
    expect(
      gradientError(
        (x, w) => groupedConv3x3(x as Tensor4D, w as Tensor4D, 2),
        [normal<Rank.R4>([1, 4, 4, 4], 17), normal<Rank.R4>([3, 3, 2, 4], 18)],
      ),
    ).toBeLessThan(2e-3);
  });
});
