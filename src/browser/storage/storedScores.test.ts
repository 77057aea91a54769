import { expect, it } from 'vitest';
import { readStoredScores } from './storedScores.ts';

const similarity = (psnrY: number) => ({ psnrY, ssimY: 0.9, psnrRgb: psnrY - 1, ssimRgb: 0.8 });

it('shows scores that were stored before they carried their rows', () => {
  const stored = {
    refused: false,
    rainy: { derained: similarity(27), rainMap: similarity(28), niqe: null },
    derained: { derained: similarity(33), rainMap: similarity(34), niqe: 3.5 },
  };
  const read = readStoredScores(structuredClone(stored));
  expect(read!.rows.map(({ label, rainy, derained }) => [label, rainy, derained])).toEqual([
    ['PSNR-Y', 27, 33],
    ['SSIM-Y', 0.9, 0.9],
    ['PSNR-RGB', 26, 32],
    ['map PSNR-Y', 28, 34],
    ['NIQE', null, 3.5],
  ]);
  expect(read!.rows.filter(({ higherIsBetter }) => !higherIsBetter).map(({ name }) => name)).toEqual(['niqe']);
  expect(readStoredScores(read)).toEqual(read);
  expect(readStoredScores(null)).toBeNull();
});
