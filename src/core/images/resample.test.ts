import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../random.ts';
import { resampleRgb } from './resample.ts';

/** An image of which `value(x, y)` is the red, twice it the green, and its negative the blue. */
function image(width: number, height: number, value: (x: number, y: number) => number): Float32Array {
  const rgb = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rgb.set([value(x, y), 2 * value(x, y), -value(x, y)], (y * width + x) * 3);
  }
  return rgb;
}

const whole = (width: number, height: number) => ({ left: 0, top: 0, width, height });
const sizes = [
  [7, 5],
  [20, 16],
  [33, 47],
  [80, 64],
] as const;

describe('resampling', () => {
  it.each(sizes)('keeps a constant at %i × %i', (toWidth, toHeight) => {
    const rgb = resampleRgb(
      image(20, 16, () => 0.3),
      20,
      16,
      whole(20, 16),
      toWidth,
      toHeight,
    );
    expect(rgb).toHaveLength(toWidth * toHeight * 3);
    rgb.forEach((value, i) => expect(value).toBeCloseTo([0.3, 0.6, -0.3][i % 3]!, 6));
  });

  it.each([
    [4, 6],
    [3, 6],
    [1.5, 3],
    [0.5, 4],
    [0.25, 8],
  ])('keeps a ramp straight inside at × %d', (scale, edge) => {
    const [width, height] = [48, 24];
    const [toWidth, toHeight] = [width * scale, height * scale];
    const rgb = resampleRgb(
      image(width, height, (x, y) => 0.01 * x + 0.02 * y),
      width,
      height,
      whole(width, height),
      toWidth,
      toHeight,
    );
    const inside = Math.ceil((edge * Math.max(1, scale)) / 3);
    for (let y = inside; y < toHeight - inside; y++) {
      for (let x = inside; x < toWidth - inside; x++) {
        const place = 0.01 * ((x + 0.5) / scale - 0.5) + 0.02 * ((y + 0.5) / scale - 0.5);
        expect(rgb[(y * toWidth + x) * 3]).toBeCloseTo(place, 5);
      }
    }
  });

  it('averages what a reduction cannot show, and does not alias', () => {
    const stripes = image(64, 64, (x) => x % 2);
    const rgb = resampleRgb(stripes, 64, 64, whole(64, 64), 16, 16);
    for (let x = 3; x < 13; x++) expect(rgb[(8 * 16 + x) * 3]).toBeCloseTo(0.5, 2);
  });

  it('gives the image itself at its own size', () => {
    const random = randomFromSeed(2);
    const rgb = Float32Array.from({ length: 9 * 8 * 3 }, () => random.uniform());
    expect(resampleRgb(rgb, 9, 8, whole(9, 8), 9, 8)).toEqual(rgb);
  });

  it('looks at the pixels around a rectangle, so that a part is a part of the whole', () => {
    const random = randomFromSeed(3);
    const rgb = Float32Array.from({ length: 24 * 24 * 3 }, () => random.uniform());
    const all = resampleRgb(rgb, 24, 24, whole(24, 24), 48, 48);
    const part = resampleRgb(rgb, 24, 24, { left: 8, top: 6, width: 10, height: 12 }, 20, 24);
    for (let y = 0; y < 24; y++) {
      for (let i = 0; i < 60; i++) expect(part[y * 60 + i]).toBeCloseTo(all[(y + 12) * 144 + 48 + i]!, 6);
    }
  });

  it('is linear: the difference of two images is resampled like the images', () => {
    const random = randomFromSeed(4);
    const [a, b] = [0, 1].map(() => Float32Array.from({ length: 30 * 30 * 3 }, () => random.uniform())) as [
      Float32Array,
      Float32Array,
    ];
    const at = (rgb: Float32Array) => resampleRgb(rgb, 30, 30, whole(30, 30), 13, 13);
    const difference = at(a.map((value, i) => value - b[i]!));
    const [x, y] = [at(a), at(b)];
    difference.forEach((value, i) => expect(value).toBeCloseTo(x[i]! - y[i]!, 5));
  });
});
