import { describe, expect, it } from 'vitest';
import { createPixels } from '../images/pixels.ts';
import { randomFromSeed } from '../random.ts';
import {
  centralCrop,
  croppedDirection,
  cropRgb,
  liveliestCrop,
  randomCrop,
  randomScale,
  randomSide,
  scaledRgb,
} from './crops.ts';

/** Red counts columns, green counts rows. */
function ruler(width: number, height: number) {
  const image = createPixels(width, height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) image.data.set([x, y, 0, 255], (y * width + x) * 4);
  return image;
}

const columnsOf = (rgb: Float32Array, side: number): number[] =>
  Array.from({ length: side }, (_, x) => Math.round(rgb[x * 3]! * 255));
const rowsOf = (rgb: Float32Array, side: number): number[] =>
  Array.from({ length: side }, (_, y) => Math.round(rgb[y * side * 3 + 1]! * 255));

describe('crops', () => {
  it('cut out what they say, mirrored as they say', () => {
    const image = ruler(20, 10);
    const plain = { left: 5, top: 2, side: 4, flipX: false, flipY: false };
    expect(columnsOf(cropRgb(image, plain), 4)).toEqual([5, 6, 7, 8]);
    expect(rowsOf(cropRgb(image, plain), 4)).toEqual([2, 3, 4, 5]);
    expect(columnsOf(cropRgb(image, { ...plain, flipX: true }), 4)).toEqual([8, 7, 6, 5]);
    expect(rowsOf(cropRgb(image, { ...plain, flipY: true }), 4)).toEqual([5, 4, 3, 2]);
  });

  it('keep their own size but for the share that is scaled', () => {
    const scales = Array.from({ length: 400 }, (_, i) =>
      randomScale({ min: 0.5, max: 4, share: 0.3 }, randomFromSeed(4).split(i)),
    );
    const own = scales.filter((scale) => scale === 1).length / scales.length;
    expect(own).toBeGreaterThan(0.6);
    expect(own).toBeLessThan(0.8);
    expect(Math.min(...scales)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...scales)).toBeLessThanOrEqual(4);
  });

  it('stay inside the image, wherever they fall', () => {
    const random = randomFromSeed(3);
    const seen = new Set<number>();
    for (let i = 0; i < 300; i++) {
      const { left, top } = randomCrop({ ...ruler(20, 10) }, 8, random);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThanOrEqual(12);
      expect(top).toBeLessThanOrEqual(2);
      seen.add(left);
    }
    expect(seen.size).toBe(13);
  });

  it('with most to see in them are neither flat nor white', () => {
    const image = createPixels(60, 30);
    image.data.fill(255);
    const paint = (left: number, dark: number, light: number): void => {
      for (let y = 10; y < 20; y++) {
        for (let x = left; x < left + 10; x++)
          image.data.fill((x + y) % 2 ? light : dark, (y * 60 + x) * 4, (y * 60 + x) * 4 + 3);
      }
    };
    paint(10, 190, 255);
    paint(40, 20, 140);
    expect(liveliestCrop(image, 10)).toEqual({ left: 40, top: 10, side: 10, flipX: false, flipY: false });
    expect(liveliestCrop(createPixels(4, 3), 10)).toMatchObject({ left: 0, top: 0, side: 10 });
  });

  it('continue an image that is too small by its edge', () => {
    const crop = centralCrop(ruler(2, 2), 4);
    expect(columnsOf(cropRgb(ruler(2, 2), crop), 4)).toEqual([0, 1, 1, 1]);
  });

  it('are resampled from the square that they name, with what lies around it, mirrored as they say', () => {
    const image = ruler(40, 30);
    const crop = { left: 6, top: 4, side: 8, flipX: false, flipY: false };
    const doubled = Array.from({ length: 16 }, (_, i) => 6 + (i + 0.5) / 2 - 0.5);
    const red = (rgb: Float32Array, side: number): number[] =>
      Array.from({ length: side }, (_, x) => rgb[x * 3]! * 255);
    red(scaledRgb(image, crop, 16), 16).forEach((value, i) => expect(value).toBeCloseTo(doubled[i]!, 3));
    red(scaledRgb(image, { ...crop, flipX: true }, 16), 16).forEach((value, i) =>
      expect(value).toBeCloseTo(doubled[15 - i]!, 3),
    );
    const halved = red(scaledRgb(image, { ...crop, side: 16 }, 8), 8);
    halved.forEach((value, i) => expect(value).toBeCloseTo(6 + 2 * i + 0.5, 3));
    expect(scaledRgb(image, crop, 8)).toEqual(cropRgb(image, crop));
  });

  it('stay within 0..1 when they are resampled', () => {
    const image = createPixels(40, 40);
    for (let i = 0; i < image.data.length; i++) if (i % 4 !== 3) image.data[i] = i % 32 < 16 ? 0 : 255; // stripes of four columns
    const rgb = scaledRgb(image, { left: 0, top: 0, side: 10, flipX: false, flipY: false }, 40);
    expect(Math.min(...rgb)).toBe(0);
    expect(Math.max(...rgb)).toBe(1);
  });

  it('take a square that the scale asks for, and a smaller one where the image ends', () => {
    const random = randomFromSeed(4);
    const sides = Array.from({ length: 400 }, () => randomSide(ruler(100, 90), 32, { min: 0.5, max: 4 }, random));
    expect([Math.min(...sides), Math.max(...sides)]).toEqual([8, 64]);
    expect(sides.filter((side) => side > 32).length / 400).toBeCloseTo(1 / 3, 1); // log-uniform: one octave of three
    const small = Array.from({ length: 400 }, () => randomSide(ruler(40, 50), 32, { min: 0.5, max: 4 }, random));
    expect(Math.max(...small)).toBe(40);
    expect(randomSide(ruler(20, 50), 32, { min: 1, max: 1 }, random)).toBe(32);
    expect(randomScale({ min: 1, max: 1 }, random)).toBe(1);
  });

  it('turn the label with one flip, and leave it with both', () => {
    const crop = { left: 0, top: 0, side: 1 };
    expect(croppedDirection(7, { ...crop, flipX: true, flipY: false })).toBe(11); // 70° → 110°
    expect(croppedDirection(7, { ...crop, flipX: false, flipY: true })).toBe(11);
    expect(croppedDirection(7, { ...crop, flipX: true, flipY: true })).toBe(7);
    expect(croppedDirection(0, { ...crop, flipX: true, flipY: false })).toBe(0);
    expect(croppedDirection(9, { ...crop, flipX: true, flipY: false })).toBe(9);
  });
});
