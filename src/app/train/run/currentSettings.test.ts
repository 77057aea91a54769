import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { presets } from '../../../core/training/config.ts';
import type { LiveChange, TrainingConfig } from '../../../core/training/config.ts';
import type { Adjusted, Started } from '../../../core/training/events.ts';
import { liveSettings } from '../../../core/training/settingsSchema.ts';
import { withValue } from '../../../core/training/settingValues.ts';
import type { TrainerEvent } from '../../../protocol/trainer.ts';
import {
  changeSetting,
  currentConfig,
  deliverChanges,
  dropWaitingChanges,
  applyRunEvents,
  replaceConfig,
} from './currentSettings.ts';
import { beforeAnyRun, takeEvents, useTraining } from './trainingStore.ts';

let sent: LiveChange[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('location', { hash: '#/train' });
  vi.stubGlobal('history', { replaceState: () => undefined });
  sent = [];
  deliverChanges((change) => sent.push(change));
  useTraining.setState(beforeAnyRun, true);
  replaceConfig(presets.quick);
});

afterEach(() => {
  dropWaitingChanges();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What the worker's events do to the page. */
const hear = (...events: TrainerEvent[]): void => {
  takeEvents(events);
  applyRunEvents(events);
};
const started = (config: TrainingConfig): Started => ({
  type: 'started',
  step: 0,
  config,
  parameters: { f1: 1, f2: 2, f3: 3 },
  counts: { clean: 10, rainy: 5, pairs: 0, heldOut: 4 },
  stepsPerEpoch: 20,
  microBatches: 1,
  history: [],
  validations: [],
  notes: [],
});
const adjusted = (step: number, from: number, to: number): Adjusted => ({
  type: 'adjusted',
  step,
  change: { lambda: to },
  before: { lambda: from },
});
const set = (key: string, value: unknown): void =>
  changeSetting(
    liveSettings.find((setting) => setting.key === key)!,
    value,
  );
const lambda = (): number => currentConfig().hyperparameters.lambda;

test('while a step is slow, a second change is not undone by the news of the first', () => {
  hear(started(presets.quick));
  set('lambda', 2);
  vi.advanceTimersByTime(400);
  expect(sent).toEqual([{ lambda: 2 }]);

  set('lambda', 3); // within a second of the first, before the slow step took it up
  hear(adjusted(1, 1.2, 2));
  expect(lambda()).toBe(3);
  vi.advanceTimersByTime(400);
  expect(sent).toEqual([{ lambda: 2 }, { lambda: 3 }]);
  hear(adjusted(2, 2, 3));
  expect(lambda()).toBe(3);
  expect(useTraining.getState().annotations.map(({ text }) => text)).toEqual(['λ 1.2 → 2', 'λ 2 → 3']);
});

test('a drag sends one change, where it ended', () => {
  hear(started(presets.quick));
  for (const value of [1.9, 3.8, 4.9]) {
    set('lambda', value);
    vi.advanceTimersByTime(200);
  }
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(400);
  expect(sent).toEqual([{ lambda: 4.9 }]);
});

test('what is changed before the run has begun is sent when it has', () => {
  useTraining.setState({ phase: 'starting' });
  set('lambda', 2);
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([]);
  hear(started(withValue(presets.quick, 'hyperparameters.phi', 5)));
  expect(currentConfig().hyperparameters).toMatchObject({ lambda: 2, phi: 5 });
  vi.advanceTimersByTime(400);
  expect(sent).toEqual([{ lambda: 2 }]);
});

test('a value that cannot be used is not sent, and the one that mends it is', () => {
  hear(started(presets.quick));
  set('lambda', -1);
  vi.advanceTimersByTime(400);
  expect(sent).toEqual([]);
  expect(lambda()).toBe(-1);
  set('lambda', 0);
  vi.advanceTimersByTime(400);
  expect(sent).toEqual([{ lambda: 0 }]);
});

test('a rollback halves the rate in the address, unless a newer rate is on its way', () => {
  const rolledBack = { type: 'rolledBack', fromStep: 9, toStep: 5, reason: 'NaN.', learningRate: 4e-4 } as const;
  hear(started(presets.quick), rolledBack);
  expect(currentConfig().hyperparameters.learningRate).toBe(4e-4);
  const rate = (): number => currentConfig().hyperparameters.learningRate;
  set('rate', 1e-4);
  hear(rolledBack);
  expect(rate(), 'not yet sent').toBe(1e-4);
  vi.advanceTimersByTime(400);
  hear(rolledBack);
  expect(rate(), 'sent, not yet taken up').toBe(1e-4);
  hear({ type: 'adjusted', step: 6, change: { learningRate: 1e-4 }, before: { learningRate: 4e-4 } }, rolledBack);
  expect(rate(), 'nothing under way').toBe(4e-4);
});

test('a run that goes on brings its own settings into the address', () => {
  set('lambda', 5);
  hear(started(presets.small));
  expect(currentConfig()).toEqual(presets.small);
});
