import { describe, expect, it } from 'vitest';
import { planesOf } from '../images/luma.ts';
import { createPixels } from '../images/pixels.ts';
import { drawTestImage } from './testImage.ts';
import { ssim } from './ssim.ts';

describe('ssim', () => {
  const a = drawTestImage(41, 37, 1);
  const b = drawTestImage(41, 37, 2.5);

  it('gives the values of a plain two-dimensional window in scipy, on luma and as the mean of three colours', () => {
    expect(ssim(planesOf(a, 'y'), planesOf(b, 'y'))).toBeCloseTo(0.940728, 5);
    expect(ssim(planesOf(a, 'rgb'), planesOf(b, 'rgb'))).toBeCloseTo(0.862924, 5);
  });

  it('is 1 for equal images, the same both ways round, and less when the noise grows', () => {
    expect(ssim(planesOf(a, 'y'), planesOf(a, 'y'))).toBeCloseTo(1, 12);
    expect(ssim(planesOf(b, 'y'), planesOf(a, 'y'))).toBeCloseTo(ssim(planesOf(a, 'y'), planesOf(b, 'y')), 12);
    expect(ssim(planesOf(a, 'y'), planesOf(drawTestImage(41, 37, 6), 'y'))).toBeLessThan(0.9);
  });

  it('reduces to the luminance term for two flat images', () => {
    const dark = createPixels(11, 11);
    const light = createPixels(11, 11);
    for (let i = 0; i < light.data.length; i++) if (i % 4 !== 3) light.data[i] = 100;
    const c1 = 2.55 ** 2;
    expect(ssim(planesOf(dark, 'rgb'), planesOf(light, 'rgb'))).toBeCloseTo(c1 / (100 * 100 + c1), 9);
  });

  it('refuses images smaller than its window', () => {
    const small = planesOf(createPixels(10, 30), 'y');
    expect(() => ssim(small, small)).toThrow('at least 11 × 11 pixels, not 10 × 30');
  });
});
