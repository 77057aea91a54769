import { expect, it } from 'vitest';
import { randomFromSeed } from '../random.ts';
import { halvePixelsInto } from './halvePixels.ts';
import { continuePixels, mirrored } from './mirror.ts';
import { createPixels, cropPixels } from './pixels.ts';
import type { Pixels } from './pixels.ts';

/** An image whose red channel holds the given levels. */
function red(rows: readonly (readonly number[])[]): Pixels {
  const image = createPixels(rows[0]!.length, rows.length);
  rows.flat().forEach((level, i) => (image.data[i * 4] = level));
  return image;
}

function redOf({ data }: Pixels): number[] {
  return [...data].filter((_, i) => i % 4 === 0);
}

it('halves by the rounded mean of four; an odd side repeats its edge', () => {
  const half = createPixels(2, 2);
  halvePixelsInto(
    half,
    red([
      [10, 20, 100],
      [30, 41, 200],
      [7, 8, 50],
    ]),
    0,
  );
  expect(redOf(half)).toEqual([25, 150, 8, 50]); // 25.25, 150; 7.5 up, 50
});

it('halves strip by strip what it halves at once', () => {
  const random = randomFromSeed(2);
  const image = createPixels(23, 37);
  for (let i = 0; i < image.data.length; i++) image.data[i] = random.below(256);
  const [once, strips] = [createPixels(12, 19), createPixels(12, 19)];
  halvePixelsInto(once, image, 0);
  for (let top = 0; top < 37; top += 8) {
    halvePixelsInto(strips, cropPixels(image, 0, top, 23, Math.min(8, 37 - top)), top / 2);
  }
  expect(strips.data).toEqual(once.data);
});

it('continues an image by its mirror image', () => {
  expect([-2, -1, 0, 3, 4, 5].map((i) => mirrored(i, 4))).toEqual([1, 0, 0, 3, 3, 2]);
  const image = red([
    [1, 2],
    [3, 4],
  ]);
  expect(redOf(continuePixels(image, 4, 3))).toEqual([1, 2, 2, 1, 3, 4, 4, 3, 3, 4, 4, 3]);
  expect(continuePixels(image, 2, 2)).toBe(image);
});
