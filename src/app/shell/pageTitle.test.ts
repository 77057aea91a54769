import { expect, test } from 'vitest';
import { presets } from '../../core/training/config.ts';
import { beforeAnyExperiment } from '../lab/run/experimentState.ts';
import { runSummary } from '../train/run/runSummary.ts';
import { beforeAnyRun } from '../train/run/trainingStore.ts';
import { pageTitle } from './pageTitle.ts';

const running = { ...beforeAnyRun, phase: 'running', step: 1234, config: presets.quick, stepMs: 250 } as const;
const validation = {
  type: 'validated',
  step: 1200,
  images: 4,
  psnr: { rainy: 25, teacher: 28, student: 27.456, rainMap: 28 },
  ssim: { rainy: 0.8, teacher: 0.9, student: 0.88 },
} as const;

test('the title names the view, and how far a training is while it runs', () => {
  expect(pageTitle('Library', beforeAnyRun, beforeAnyExperiment, 0)).toBe('Library · Petrichor');
  expect(pageTitle('Derain', running, beforeAnyExperiment, 0)).toBe('Step 1,234 · Derain · Petrichor');
  expect(pageTitle('Derain', { ...running, validations: [validation] }, beforeAnyExperiment, 0)).toBe(
    'Step 1,234 · 27.46\u00a0dB · Derain · Petrichor',
  );
  expect(pageTitle('Train', { ...running, phase: 'idle' }, beforeAnyExperiment, 0)).toBe('Train · Petrichor');
});

test('the title tells of an experiment too', () => {
  const experiment = {
    ...beforeAnyExperiment,
    phase: 'running',
    id: 'x',
    experiment: { kind: 'own', title: 'λ', base: presets.quick, variants: [{ name: 'a', set: '' }], seeds: [1] },
    steps: new Map([['a, seed 1', 750]]),
    since: { at: 0, steps: 0 },
  } as const;
  expect(pageTitle('Derain', beforeAnyRun, experiment, 60_000)).toBe(
    '25\u00a0% · about 3\u00a0min left · Derain · Petrichor',
  );
  expect(pageTitle('Derain', beforeAnyRun, { ...experiment, phase: 'idle' }, 60_000)).toBe('Derain · Petrichor');
});

test('a run is summed up in figures with their units', () => {
  expect(runSummary({ ...running, validations: [validation] })).toEqual({
    step: '1,234',
    total: '3,000',
    speed: '4\u00a0steps/s',
    psnr: '27.46\u00a0dB',
  });
  expect(runSummary({ ...running, stepMs: null })).toMatchObject({ speed: null, psnr: null });
});
