import * as tf from '@tensorflow/tfjs';
import type { Rank, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { boxSum, fastGuidedFilter, guidedFilter, resizeBilinear } from './guidedFilter.ts';
import { gradientError, normal } from './testing/finiteDifference.ts';

beforeAll(() => tf.setBackend('cpu'));

type Plane = readonly (readonly number[])[];

/** Mean over the window around a pixel, as far as it lies in the image; in double precision. */
function mean(image: Plane, radius: number): number[][] {
  return image.map((row, y) =>
    row.map((_, x) => {
      const inside = image
        .slice(Math.max(0, y - radius), y + radius + 1)
        .flatMap((r) => r.slice(Math.max(0, x - radius), x + radius + 1));
      return inside.reduce((a, b) => a + b, 0) / inside.length;
    }),
  );
}

const combined = (a: Plane, b: Plane, f: (p: number, q: number) => number): number[][] =>
  a.map((row, y) => row.map((value, x) => f(value, b[y]![x]!)));

function coefficients(image: Plane, radius: number, epsilon: number): { a: Plane; b: Plane } {
  const m = mean(image, radius);
  const v = combined(
    mean(
      image.map((row) => row.map((value) => value * value)),
      radius,
    ),
    m,
    (s, t) => s - t * t,
  );
  const a = v.map((row) => row.map((value) => value / (value + epsilon)));
  return {
    a: mean(a, radius),
    b: mean(
      combined(a, m, (p, q) => q - p * q),
      radius,
    ),
  };
}

const planes = (x: Tensor4D): number[][][] => tf.transpose(x, [3, 0, 1, 2]).squeeze([1]).arraySync() as number[][][];
const flat = (plane: Plane): number[] => plane.flat();

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)))).toBeLessThan(2e-5);
}

describe('guidedFilter', () => {
  it('is its definition, channel by channel', () => {
    const x = normal<Rank.R4>([1, 9, 11, 2], 1);
    const base = planes(guidedFilter(x, 2, 0.5));
    planes(x).forEach((plane, c) => {
      const { a, b } = coefficients(plane, 2, 0.5);
      expectClose(
        flat(base[c]!),
        flat(
          combined(
            combined(a, plane, (p, q) => p * q),
            b,
            (p, q) => p + q,
          ),
        ),
      );
    });
  });

  it('takes windows larger than the image', () => {
    const x = normal<Rank.R4>([1, 3, 4, 1], 2);
    const values = flat(planes(x)[0]!);
    const m = values.reduce((s, v) => s + v, 0) / values.length;
    const v = values.reduce((s, value) => s + value * value, 0) / values.length - m * m;
    expectClose(
      flat(planes(guidedFilter(x, 15, 1))[0]!),
      values.map((value) => m + (v / (v + 1)) * (value - m)),
    );
  });

  it('leaves an even image as it is', () => {
    const base = guidedFilter(tf.fill([1, 6, 7, 3], 0.25), 2, 1);
    expectClose([...base.dataSync()], Array<number>(126).fill(0.25));
  });

  it('has the gradient of its differences', () => {
    expect(gradientError((x) => guidedFilter(x as Tensor4D, 2, 0.5), [normal<Rank.R4>([1, 6, 5, 2], 3)])).toBeLessThan(
      5e-3,
    );
  });
});

describe('fastGuidedFilter', () => {
  it('finds a and b on every fourth pixel', () => {
    const x = normal<Rank.R4>([1, 14, 17, 1], 4);
    const plane = planes(x)[0]!;
    const at = (i: number, length: number): number => Math.min(length - 1, 4 * i + 2);
    const small = Array.from({ length: 4 }, (_, i) =>
      Array.from({ length: 5 }, (_, j) => plane[at(i, 14)]![at(j, 17)]!),
    );
    const { a, b } = coefficients(small, 2, 1);
    const enlarge = (p: Plane): Plane => planes(resizeBilinear(tf.tensor4d(flat(p), [1, 4, 5, 1]), 14, 17))[0]!;
    const expected = combined(
      combined(enlarge(a), plane, (p, q) => p * q),
      enlarge(b),
      (p, q) => p + q,
    );
    expectClose(flat(planes(fastGuidedFilter(x, 8, 1, 4))[0]!), flat(expected));
  });

  it('has the gradient of its differences', () => {
    const x = normal<Rank.R4>([2, 9, 10, 1], 5);
    expect(gradientError((image) => fastGuidedFilter(image as Tensor4D, 8, 1, 4), [x])).toBeLessThan(5e-3);
  });
});

describe('resizeBilinear', () => {
  it('goes by the centres of pixels and stays on the edge outside them', () => {
    const doubled = resizeBilinear(tf.tensor4d([1, 3], [1, 1, 2, 1]), 1, 4);
    expect([...doubled.dataSync()]).toEqual([1, 1.5, 2.5, 3]);
  });
});

describe('boxSum', () => {
  it('counts the pixels of a window inside the image', () => {
    expect([...boxSum(tf.ones([1, 2, 4, 1]), 1).dataSync()]).toEqual([4, 6, 6, 4, 4, 6, 6, 4]);
  });
});
