import { expect, it } from 'vitest';
import { formatModel, formatProvenance } from './format.ts';

const provenance = {
  seed: 1,
  steps: 1200,
  preset: 'quick',
  config: null,
  data: { clean: 209, rainy: 0, pairs: 180 },
  validation: {
    images: 20,
    psnr: { rainy: 26.7, student: 29.31, teacher: 30 },
    ssim: { rainy: 0.8, student: 0.9, teacher: 0.9 },
  },
  date: '2026-01-02T03:04:05Z',
};

it('tells how a model was trained and what it reached', () => {
  expect(formatProvenance(provenance)).toBe(
    'Trained 1,200 steps on 209 clean photos, 180 pairs. Test PSNR 29.31\u00a0dB (rainy input 26.70\u00a0dB).',
  );
  expect(formatProvenance({ ...provenance, data: { clean: 0, rainy: 1, pairs: 0 }, validation: null })).toBe(
    'Trained 1,200 steps on 1 rainy photo.',
  );
});

it('does not call the steps of a distillation the whole training', () => {
  const config = { hyperparameters: { mode: 'student' } };
  expect(formatProvenance({ ...provenance, config, validation: null })).toBe(
    'Distilled from a trained teacher in 1,200 steps on 209 clean photos, 180 pairs.',
  );
});

it('tells a teacher from a student, and whose it is', () => {
  expect(formatModel({ id: 'shipped:fine', title: 'Fine', role: 'student', stored: null })).toBe('Fine');
  expect(formatModel({ id: 'file:1', title: 'mine', role: 'teacher', stored: null })).toBe('mine – teacher (file)');
  expect(
    formatModel({ id: 'file:2', title: 'Adapted to street', role: 'student', stored: null, isPassing: true }),
    'until it is kept',
  ).toBe('Adapted to street (new)');
});
