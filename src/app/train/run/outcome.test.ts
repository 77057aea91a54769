import { expect, it } from 'vitest';
import type { Stopped } from '../../../core/training/events.ts';
import { outcomeAdvice, outcomeTitle } from './outcome.ts';

const ended = (change: Partial<Stopped>): Stopped => ({
  type: 'stopped',
  step: 1_024,
  reason: 'asked',
  storedStep: 1_024,
  hint: null,
  ...change,
});
const words = (outcome: Stopped): string => `${outcomeTitle(outcome)} ${outcomeAdvice(outcome)}`.trim();

it('a run whose last step is in storage is saved', () => {
  expect(words(ended({}))).toBe('Paused and saved at step 1,024.');
  expect(words(ended({ reason: 'finished' }))).toBe('Finished and saved at step 1,024.');
});

it('one whose last step storage had no room for is not, and the words say what is there', () => {
  const hint = 'The newest stored checkpoint is that of step 1000.';
  const said = words(ended({ storedStep: 1_000, hint }));
  expect(said).toMatch(
    /^Paused at step 1,024, which is not saved\. The newest stored checkpoint is that of step 1000\./,
  );
  expect(said).toContain('Until this tab is closed it can be exported');
  expect(words(ended({ reason: 'finished', storedStep: null, hint: 'No checkpoint is stored.' }))).toMatch(
    /^Finished at step 1,024, which is not saved\. No checkpoint is stored\./,
  );
});

it('one that was stopped before its first step has saved nothing', () => {
  expect(words(ended({ step: 0, storedStep: 0 }))).toBe('Paused before the first step.');
});

it('a diverged run keeps its own hint', () => {
  const hint = 'Lower the learning rate and start again.';
  expect(words(ended({ reason: 'diverged', step: 0, storedStep: null, hint }))).toBe(
    `Training diverged at step 0. ${hint}`,
  );
});
