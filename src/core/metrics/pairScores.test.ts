import { describe, expect, it } from 'vitest';
import { createPixels } from '../images/pixels.ts';
import { drawPicture } from './drawnPicture.ts';
import { rainMapPicture, scorePair } from './pairScores.ts';

describe('scorePair', () => {
  const clean = drawPicture(200, 110, 1);
  const rainy = drawPicture(200, 110, 4);

  it('scores the picture and its rain map, on luma and on RGB', () => {
    const halfway = drawPicture(200, 110, 2);
    const better = scorePair(rainy, clean, halfway);
    const input = scorePair(rainy, clean, rainy);
    expect(better.derained.psnrY).toBeGreaterThan(input.derained.psnrY + 5);
    expect(better.derained.ssimRgb).toBeGreaterThan(input.derained.ssimRgb);
    expect(better.rainMap.psnrRgb).toBeGreaterThan(input.rainMap.psnrRgb + 5);
    expect(better.niqe).toBeGreaterThan(0);
    expect(scorePair(rainy, clean, clean).rainMap.ssimY).toBeCloseTo(1, 12);
  });

  it('has a rain map error equal to the picture error where the output is darker than the input', () => {
    const x = createPixels(20, 20);
    x.data.fill(90);
    const [wet, dry] = [createPixels(20, 20), createPixels(20, 20)];
    wet.data.fill(120);
    dry.data.fill(100);
    const { derained, rainMap } = scorePair(wet, dry, x);
    expect(rainMap.psnrRgb).toBeCloseTo(derained.psnrRgb, 9);
    expect([...rainMapPicture(wet, x).data.subarray(0, 4)]).toEqual([30, 30, 30, 255]);
    expect([...rainMapPicture(x, wet).data.subarray(0, 4)]).toEqual([0, 0, 0, 255]);
  });

  it('leaves NIQE out for a picture too small for it', () => {
    const small = drawPicture(40, 40, 1);
    expect(scorePair(small, small, small).niqe).toBeNull();
  });
});
