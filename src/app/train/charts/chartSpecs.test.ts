import { expect, test } from 'vitest';
import type { LossPoint, Validated } from '../../../core/training/events.ts';
import { describeChart, drawChart, mainCharts, smallCharts } from './chartSpecs.ts';
import { curvesAsCsv, evenlySpread } from './curvesText.ts';
import { createLossCurves } from '../run/lossCurves.ts';

const point = (step: number): LossPoint => ({
  step,
  objective: 1 / step,
  losses: { content: 1, direction: 2, reconstruction: 3, tv: 0, cycle: 5, distillReal: 6, distillRef: 7, labelled: 0 },
  learningRate: 8e-4,
  stepMs: 250,
});
const validated: Validated = {
  type: 'validated',
  step: 3,
  images: 4,
  psnr: { rainy: 25, teacher: 28, student: 27.5, rainMap: 28 },
  ssim: { rainy: 0.8, teacher: 0.9, student: 0.88 },
};
const source = () => {
  const curves = createLossCurves();
  curves.append([point(1), point(2), point(4)]);
  return { curves, validations: [validated] };
};
const chart = (id: string) => [...mainCharts, ...smallCharts].find((spec) => spec.id === id)!;
const view = { smoothing: 0, log: false, most: 100 };

test('every term, the objective, validation, learning rate and pace have a chart', () => {
  expect([...mainCharts, ...smallCharts].map(({ id }) => id)).toEqual([
    'objective',
    'psnr',
    'content',
    'direction',
    'reconstruction',
    'tv',
    'cycle',
    'distillReal',
    'distillRef',
    'labelled',
    'ssim',
    'learningRate',
    'stepMs',
  ]);
});

test('a curve is drawn as its values and its smoothed values', () => {
  expect(drawChart(chart('objective'), source(), view)).toEqual({
    steps: [1, 2, 4],
    lines: [
      [1, 0.5, 0.25],
      [1, 0.5, 0.25],
    ],
  });
  expect(drawChart(chart('stepMs'), source(), view).lines[0]).toEqual([4, 4, 4]);
});

test('a logarithmic axis leaves out what it cannot show', () => {
  expect(drawChart(chart('tv'), source(), { ...view, log: true }).lines[0]).toEqual([null, null, null]);
  expect(drawChart(chart('tv'), source(), view).lines[0]).toEqual([0, 0, 0]);
});

test('validation draws the rainy input beside teacher, rain map and student', () => {
  expect(drawChart(chart('psnr'), source(), view)).toEqual({ steps: [3], lines: [[25], [28], [28], [27.5]] });
});

test('a chart says in words what it shows', () => {
  expect(describeChart(chart('objective'), source())).toBe('Objective, step 1 to 4: from 1 to 0.25.');
  expect(describeChart(chart('psnr'), source())).toContain('student 27.50\u00a0dB');
  expect(describeChart(chart('objective'), { curves: createLossCurves(), validations: [] })).toBe(
    'Objective: nothing yet.',
  );
});

test('the table has a line for every step, with validations and changes in their places', () => {
  const { curves, validations } = source();
  const csv = curvesAsCsv(curves, validations, [{ step: 2, kind: 'change', text: 'λ 1.2 → 2, "tv" off' }]);
  const lines = csv
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  const column = (name: string) => lines[0]!.indexOf(name);
  expect(lines.map(([step]) => step)).toEqual(['step', '1', '2', '3', '4']);
  expect(lines[1]![column('objective')]).toBe('1');
  expect(lines[3]![column('psnrStudent')]).toBe('27.5');
  expect(lines[3]![column('objective')]).toBe('');
  expect(csv).toContain('"λ 1.2 → 2, ""tv"" off"');
});

test('the table has every metric that a validation took', () => {
  const { curves, validations } = source();
  const scores = {
    rainy: { psnrY: 25, psnrRgb: 24.5, mapPsnrY: null },
    teacher: { psnrY: 28, psnrRgb: 27.25, mapPsnrY: 28 },
    student: { psnrY: 27.5, psnrRgb: 26.75, mapPsnrY: 27 },
  };
  const lines = curvesAsCsv(curves, [{ ...validations[0]!, scores }], []).split('\r\n');
  const [names, values] = [lines[0]!.split(','), lines[3]!.split(',')];
  const value = (name: string) => values[names.indexOf(name)];
  expect([value('psnrRgbRainy'), value('psnrRgbTeacher'), value('psnrRgbStudent')]).toEqual(['24.5', '27.25', '26.75']);
  expect(names.filter((name) => name.startsWith('mapPsnr'))).toEqual(['mapPsnrYTeacher', 'mapPsnrYStudent']);
  expect(
    names.filter((name) => name.startsWith('psnrY')),
    'those have columns of their own',
  ).toEqual([]);
  expect(names.at(-1)).toBe('change');
});

test('evenly spread rows keep the first and the last', () => {
  expect(evenlySpread(3, 10)).toEqual([0, 1, 2]);
  expect(evenlySpread(1000, 5)).toEqual([0, 250, 500, 749, 999]);
});
