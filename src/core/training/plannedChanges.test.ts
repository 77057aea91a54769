import { expect, it } from 'vitest';
import { presets } from './config.ts';
import type { RunNote } from './events.ts';
import { changeAt, courseOfRun } from './plannedChanges.ts';

const before = presets.quick;
const now = { ...before, hyperparameters: { ...before.hyperparameters, lambda: 2, disabledTerms: ['tv'] as const } };
const notes: readonly RunNote[] = [
  { type: 'adjusted', step: 5, change: { lambda: 3 }, before: { lambda: 1.2 } },
  { type: 'adjusted', step: 9, change: { lambda: 2, disabledTerms: ['tv'] }, before: { lambda: 3, disabledTerms: [] } },
];

it('what a run came to and its notes give what it began with and what was changed', () => {
  const { base, changes } = courseOfRun(now, notes);
  expect(base).toEqual(before);
  expect(changeAt(changes, 5)).toEqual({ lambda: 3 });
  expect(changeAt(changes, 9)).toEqual({ lambda: 2, disabledTerms: ['tv'] });
  expect(changeAt(changes, 6)).toBeNull();
});

it('a learning rate that a run halved by itself is not a change', () => {
  const rate = before.hyperparameters.learningRate;
  const halved = { ...before, hyperparameters: { ...before.hyperparameters, learningRate: rate / 2 } };
  const back: RunNote = { type: 'rolledBack', fromStep: 9, toStep: 5, reason: 'x', learningRate: rate / 2 };
  expect(courseOfRun(halved, [back])).toEqual({ base: before, changes: [] });
});

it('a lost device changes no setting', () => {
  expect(courseOfRun(now, [...notes, { type: 'deviceLost', step: 9, reason: 'x' }])).toEqual(courseOfRun(now, notes));
});

it('what cannot change while training runs is refused', () => {
  expect(() => changeAt([{ step: 1, set: 'seed=2' }], 1)).toThrow(/cannot be changed/);
  expect(() => changeAt([{ step: 1, set: 'lambda=much' }], 1)).toThrow(/no value of lambda/);
});
