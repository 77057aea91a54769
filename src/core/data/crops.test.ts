import { describe, expect, it } from 'vitest';
import { createPixels } from '../images/pixels.ts';
import { randomFromSeed } from '../random.ts';
import { centralCrop, croppedDirection, cropRgb, randomCrop } from './crops.ts';

/** Red counts columns, green counts rows. */
function ruler(width: number, height: number) {
  const picture = createPixels(width, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) picture.data.set([x, y, 0, 255], (y * width + x) * 4);
  return picture;
}

const columnsOf = (rgb: Float32Array, side: number): number[] =>
  Array.from({ length: side }, (_, x) => Math.round(rgb[x * 3]! * 255));
const rowsOf = (rgb: Float32Array, side: number): number[] =>
  Array.from({ length: side }, (_, y) => Math.round(rgb[y * side * 3 + 1]! * 255));

describe('crops', () => {
  it('cut out what they say, mirrored as they say', () => {
    const picture = ruler(20, 10);
    const plain = { left: 5, top: 2, side: 4, flipX: false, flipY: false };
    expect(columnsOf(cropRgb(picture, plain), 4)).toEqual([5, 6, 7, 8]);
    expect(rowsOf(cropRgb(picture, plain), 4)).toEqual([2, 3, 4, 5]);
    expect(columnsOf(cropRgb(picture, { ...plain, flipX: true }), 4)).toEqual([8, 7, 6, 5]);
    expect(rowsOf(cropRgb(picture, { ...plain, flipY: true }), 4)).toEqual([5, 4, 3, 2]);
  });

  it('stay inside the picture, wherever they fall', () => {
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

  it('continue a picture that is too small by its edge', () => {
    const crop = centralCrop(ruler(2, 2), 4);
    expect(columnsOf(cropRgb(ruler(2, 2), crop), 4)).toEqual([0, 1, 1, 1]);
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
