import { describe, expect, it } from 'vitest';
import { colourPlane, luma, planesOf } from './luma.ts';
import type { Pixels } from './pixels.ts';

const image: Pixels = {
  width: 5,
  height: 1,
  data: Uint8ClampedArray.from(
    [
      [0, 0, 0, 255],
      [255, 255, 255, 255],
      [255, 0, 0, 255],
      [0, 255, 0, 0],
      [0, 0, 255, 9],
    ].flat(),
  ),
};

describe('luma', () => {
  it('spans 16…235 and weights the colours as rgb2ycbcr does, whatever alpha is', () => {
    const expected = [16, 235, 16 + 65.481, 16 + 128.553, 16 + 24.966];
    luma(image).data.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  });

  it('takes one colour, or all three in order', () => {
    expect([...colourPlane(image, 1).data]).toEqual([0, 255, 0, 255, 0]);
    expect(planesOf(image, 'rgb').map((plane) => plane.data[4])).toEqual([0, 0, 255]);
    expect(planesOf(image, 'y')).toHaveLength(1);
  });
});
