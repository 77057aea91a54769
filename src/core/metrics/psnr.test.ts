import { describe, expect, it } from 'vitest';
import { planesOf } from '../images/luma.ts';
import { createPixels } from '../images/pixels.ts';
import { drawTestImage } from './testImage.ts';
import { psnr } from './psnr.ts';

describe('psnr', () => {
  const a = drawTestImage(41, 37, 1);
  const b = drawTestImage(41, 37, 2.5);

  it('gives the values that numpy gives, on luma and on all three colours together', () => {
    expect(psnr(planesOf(a, 'y'), planesOf(b, 'y'))).toBeCloseTo(37.68089, 3);
    expect(psnr(planesOf(a, 'rgb'), planesOf(b, 'rgb'))).toBeCloseTo(30.76741, 3);
  });

  it('is 20 log10(255/d) for a constant difference d, infinite for none', () => {
    const grey = createPixels(4, 3);
    const lighter = createPixels(4, 3);
    for (let i = 0; i < lighter.data.length; i++) if (i % 4 !== 3) lighter.data[i] = 51;
    expect(psnr(planesOf(grey, 'rgb'), planesOf(lighter, 'rgb'))).toBeCloseTo(20 * Math.log10(5), 9);
    expect(psnr(planesOf(grey, 'y'), planesOf(grey, 'y'))).toBe(Infinity);
  });

  it('refuses images of different sizes, and says both', () => {
    expect(() => psnr(planesOf(a, 'y'), planesOf(createPixels(37, 41), 'y'))).toThrow('not 41 × 37 with 37 × 41');
  });
});
