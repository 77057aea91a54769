import { expect, it } from 'vitest';
import type { RunCurves } from '../../../protocol/runs.ts';
import { curveMeasures, overlay } from './overlay.ts';

const objective = curveMeasures.find(({ id }) => id === 'objective')!;
const student = curveMeasures.find(({ id }) => id === 'studentPsnr')!;

function curves(values: readonly number[], psnrs: Readonly<Record<number, number>> = {}): RunCurves {
  return {
    history: { columns: ['step', 'objective'], data: Float32Array.from(values.flatMap((value, i) => [i + 1, value])) },
    validations: Object.entries(psnrs).map(([step, value]) => ({
      type: 'validated',
      step: Number(step),
      images: 1,
      psnr: { rainy: 0, teacher: 0, rainMap: 0, student: value },
      ssim: { rainy: 0, teacher: 0, student: 0 },
    })),
    notes: [],
  };
}

it('lays runs of different length over one axis, with the mean and band of a variant over its seeds', () => {
  const groups = [
    { name: 'a', curves: [curves([1, 2, 3]), curves([3, 4])] },
    { name: 'b', curves: [curves([5])] },
  ];
  expect(overlay(groups, objective, 0, 100)).toEqual({
    steps: [1, 2, 3],
    lines: [
      { name: 'a', mean: [2, 3, null], low: [1, 2, null], high: [3, 4, null] },
      { name: 'b', mean: [5, null, null], low: [5, null, null], high: [5, null, null] },
    ],
  });
});

it('smooths over every step before it thins, and keeps the first and the last', () => {
  const values = Array.from({ length: 1000 }, (_, i) => i % 2);
  const { steps, lines } = overlay([{ name: 'a', curves: [curves(values)] }], objective, 0.99, 50);
  expect(steps.length).toBeLessThanOrEqual(52);
  expect([steps[0], steps.at(-1)]).toEqual([1, 1000]);
  expect(lines[0]!.mean.at(-1)).toBeCloseTo(0.5, 2);
});

it('leaves validations as they are', () => {
  const groups = [
    { name: 'a', curves: [curves([], { 10: 20, 20: 22 })] },
    { name: 'b', curves: [curves([], { 15: 21 })] },
  ];
  const { steps, lines } = overlay(groups, student, 0.9, 2);
  expect(steps).toEqual([10, 15, 20]);
  expect(lines.map(({ mean }) => mean)).toEqual([
    [20, null, 22],
    [null, 21, null],
  ]);
});
