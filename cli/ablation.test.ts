import { describe, expect, it } from 'vitest';
import type { Validated } from '../src/core/training/events.ts';
import { ablationOf, ablationTable } from './ablation.ts';

const validated = (rainMap: number): Validated => ({
  type: 'validated',
  step: 800,
  images: 20,
  psnr: { rainy: 27, teacher: rainMap - 0.5, student: rainMap - 1, rainMap },
  ssim: { rainy: 0.85, teacher: 0.9, student: 0.88 },
  scores: { rainy: {}, teacher: { mapSsimY: rainMap / 40 }, student: {} },
});

describe('comparing variants', () => {
  const ablation = ablationOf([
    { variant: 'lambda=1.2', seed: 1, result: validated(29) },
    { variant: 'lambda=0', seed: 1, result: validated(28) },
    { variant: 'lambda=1.2', seed: 2, result: validated(31) },
    { variant: 'lambda=0', seed: 2, result: validated(30.5) },
  ]);

  it('takes means over the seeds, and differences of equal seeds', () => {
    const [full, without] = ablation.variants;
    expect(full!.figures.rainMapPsnr.mean).toBe(30);
    expect(full!.figures.rainMapPsnr.deviation).toBeCloseTo(Math.SQRT2, 12);
    expect(full!.difference).toBeNull();
    expect(without!.difference!.rainMapPsnr.mean).toBe(-0.75);
    expect(without!.difference!.rainMapPsnr.deviation).toBeCloseTo(Math.sqrt(0.125), 12);
    expect(without!.difference!.studentSsim).toEqual({ mean: 0, deviation: 0 });
  });

  it('leaves out what an earlier version did not measure', () => {
    const { scores: _, ...earlier } = validated(29);
    const found = ablationOf([
      { variant: 'lambda=1.2', seed: 1, result: earlier },
      { variant: 'lambda=0', seed: 1, result: earlier },
    ]);
    expect(ablationTable(found)).toContain('| lambda=1.2 | 800 | 29.00 ± 0.00 | – | 28.50 ± 0.00 |');
  });

  it('writes a table of as many columns in every line', () => {
    const lines = ablationTable(ablation)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(lines).toHaveLength(2 + 2 + 1 + 4);
    expect(new Set(lines.map((line) => line.split('|').length))).toEqual(new Set([10]));
    expect(lines[0]).toBe(
      '| variant | steps | rain map PSNR | rain map SSIM | teacher PSNR | student PSNR | teacher SSIM | student SSIM |',
    );
    expect(lines[4]).toContain('lambda=0 − lambda=1.2 |  | -0.75 ± 0.35 | -0.0188 ± 0.0088 |');
  });
});
