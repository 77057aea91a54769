import { describe, expect, it } from 'vitest';
import { createPixels } from '../images/pixels.ts';
import { drawTestImage } from './testImage.ts';
import { meanScore } from './meanScore.ts';
import { metrics, scoresOf } from './metrics.ts';
import { rainMapImage } from './rainMap.ts';

describe('scoresOf', () => {
  const clean = drawTestImage(200, 110, 1);
  const rainy = drawTestImage(200, 110, 4);

  it('measures the image and its rain map, on luma and on RGB', () => {
    const better = scoresOf({ output: drawTestImage(200, 110, 2), rainy, clean });
    const input = scoresOf({ output: rainy, rainy, clean });
    expect(better['psnrY']).toBeGreaterThan(input['psnrY']! + 5);
    expect(better['ssimRgb']).toBeGreaterThan(input['ssimRgb']!);
    expect(better['mapPsnrRgb']).toBeGreaterThan(input['mapPsnrRgb']! + 5);
    expect(better['niqe']).toBeGreaterThan(0);
    expect(scoresOf({ output: clean, rainy, clean })['mapSsimY']).toBeCloseTo(1, 12);
    expect(Object.keys(better)).toEqual(metrics.map(({ name }) => name));
  });

  it('has a rain map error equal to the image error where the output is darker than the input', () => {
    const x = createPixels(20, 20);
    x.data.fill(90);
    const [rainy, clean] = [createPixels(20, 20), createPixels(20, 20)];
    rainy.data.fill(120);
    clean.data.fill(100);
    const scores = scoresOf({ output: x, rainy, clean });
    expect(scores['mapPsnrRgb']).toBeCloseTo(scores['psnrRgb']!, 9);
    expect([...rainMapImage(rainy, x).data.subarray(0, 4)]).toEqual([30, 30, 30, 255]);
    expect([...rainMapImage(x, rainy).data.subarray(0, 4)]).toEqual([0, 0, 0, 255]);
  });

  it('measures the rain map that a network found itself, if there is one', () => {
    const own = scoresOf({ output: rainy, rainy, clean, rainMap: rainMapImage(rainy, clean) });
    expect(own['mapPsnrY']).toBe(Infinity);
    expect(own['psnrY']).toBeLessThan(40);
  });

  it('leaves out what needs a reference where there is none, and NIQE where the image is too small for it', () => {
    const alone = scoresOf({ output: rainy, rainy, clean: null });
    expect(Object.entries(alone).flatMap(([name, score]) => (score === null ? [] : name))).toEqual(['niqe']);
    const restored = scoresOf({ output: rainy, rainy: null, clean });
    expect([restored['psnrY'], restored['mapPsnrY']]).toEqual([expect.any(Number), null]);
    const small = drawTestImage(40, 40, 1);
    expect(scoresOf({ output: small, rainy: small, clean: small })['niqe']).toBeNull();
  });

  it('counts equal images as 99 dB in a mean', () => {
    expect(meanScore([Infinity, null, 41])).toBe(70);
    expect(meanScore([null])).toBeNull();
  });
});

describe('the table of metrics', () => {
  it('has a column name and a label of its own for every metric', () => {
    expect(metrics.map(({ name, label }) => `${name}: ${label}`)).toEqual([
      'psnrY: PSNR-Y',
      'ssimY: SSIM-Y',
      'psnrRgb: PSNR-RGB',
      'ssimRgb: SSIM-RGB',
      'mapPsnrY: map PSNR-Y',
      'mapSsimY: map SSIM-Y',
      'mapPsnrRgb: map PSNR-RGB',
      'mapSsimRgb: map SSIM-RGB',
      'niqe: NIQE',
    ]);
  });
});
