import { expect, test } from 'vitest';
import { createPixels } from '../../../core/images/pixels.ts';
import { presets } from '../../../core/training/config.ts';
import type { LossPoint, Previewed, RunNote, Started, Validated } from '../../../core/training/events.ts';
import type { TrainerEvent } from '../../../protocol/trainer.ts';
import { createLossCurves } from './lossCurves.ts';
import { applyEvent, applyToCurves, beforeAnyRun, progressOf } from './trainingStore.ts';
import type { TrainingState } from './trainingStore.ts';

const now = 1_700_000_000_000;
const play = (events: readonly TrainerEvent[], from: TrainingState = beforeAnyRun): TrainingState =>
  events.reduce((state, event) => applyEvent(state, event, now), from);

const start = (step = 0, history: readonly LossPoint[] = [], validations: readonly Validated[] = []): Started => ({
  type: 'started',
  step,
  config: presets.quick,
  parameters: { f1: 1, f2: 2, f3: 3 },
  counts: { clean: 10, rainy: 5, pairs: 0, heldOut: 4 },
  stepsPerEpoch: 20,
  microBatches: 1,
  history,
  validations,
  notes: [],
});
const point = (step: number, stepMs = 100): LossPoint => ({
  step,
  objective: 1 / step,
  losses: { content: 1, direction: 1, reconstruction: 1, tv: 1, cycle: 1, distillReal: 1, distillRef: 1, labelled: 0 },
  learningRate: 8e-4,
  stepMs,
});
const stepped = (from: number, to: number, stepMs = 100): TrainerEvent => ({
  type: 'stepped',
  points: Array.from({ length: to - from + 1 }, (_, i) => point(from + i, stepMs)),
  direction: 9,
});
const validated = (step: number): Validated => ({
  type: 'validated',
  step,
  images: 4,
  psnr: { rainy: 25, teacher: 28, student: 27, rainMap: 28 },
  ssim: { rainy: 0.8, teacher: 0.9, student: 0.88 },
});
const previewed = (step: number): Previewed => {
  const image = createPixels(2, 2);
  const sample = {
    label: 'a',
    rainy: image,
    rainMap: image,
    trueRainMap: null,
    teacher: image,
    student: image,
    truth: null,
    psnr: null,
  };
  return { type: 'previewed', step, samples: [sample] };
};

/** A recorded run: start, steps, news of every kind. */
const recorded: readonly TrainerEvent[] = [
  {
    type: 'backendReady',
    report: { backend: 'wasm', description: '2 threads', software: false, threads: 2, fellBack: null },
  },
  start(),
  previewed(0),
  stepped(1, 25),
  previewed(25),
  stepped(26, 100),
  validated(100),
  { type: 'checkpointed', step: 100, bytes: 5000 },
  { type: 'memory', bytes: 1e8, tensors: 321 },
];

test('a recorded run leaves what the view shows', () => {
  const state = play(recorded);
  expect(state.phase).toBe('running');
  expect(state.step).toBe(100);
  expect(state.previews.map(({ step }) => step)).toEqual([0, 25]);
  expect(state.validations).toHaveLength(1);
  expect(state.saved).toEqual({ step: 100, bytes: 5000, at: now });
  expect(state.backend?.backend).toBe('wasm');
  expect(state.memory?.tensors).toBe(321);
  expect(state.stepMs).toBeCloseTo(100);
});

test('epoch, share done and time left follow from the steps', () => {
  const progress = progressOf(play(recorded));
  expect(progress.epoch).toBe(6);
  expect(progress.share).toBeCloseTo(100 / 3000);
  expect(progress.leftMs).toBeCloseTo(2900 * 100);
  expect(progressOf(beforeAnyRun)).toEqual({ epoch: null, share: 0, leftMs: null });
});

test('the pace follows a machine that became slower', () => {
  const state = play([...recorded, stepped(101, 200, 400)]);
  expect(state.stepMs).toBeCloseTo(400);
});

test('a live change changes the settings and leaves an annotation in words', () => {
  const state = play([
    ...recorded,
    {
      type: 'adjusted',
      step: 101,
      change: { lambda: 2, disabledTerms: ['cycle'] },
      before: { lambda: 1.2, disabledTerms: [] },
    },
  ]);
  expect(state.config?.hyperparameters.lambda).toBe(2);
  expect(state.config?.hyperparameters.disabledTerms).toEqual(['cycle']);
  expect(state.annotations).toEqual([{ step: 101, kind: 'change', text: 'λ 1.2 → 2, Cycle off' }]);
});

test('changes at the same step share an annotation; a change of nothing leaves none', () => {
  const state = play([
    ...recorded,
    { type: 'adjusted', step: 101, change: { lambda: 2 }, before: { lambda: 1.2 } },
    { type: 'adjusted', step: 101, change: { phi: 5 }, before: { phi: 10 } },
    { type: 'adjusted', step: 102, change: { phi: 5 }, before: { phi: 5 } },
  ]);
  expect(state.annotations.map(({ text }) => text)).toEqual(['λ 1.2 → 2, φ 10 → 5']);
});

test('a rollback forgets what came after, keeps an annotation, and takes over the halved rate', () => {
  const state = play([
    ...recorded,
    stepped(101, 150),
    previewed(150),
    validated(150),
    { type: 'rolledBack', fromStep: 150, toStep: 100, reason: 'The loss was not a number.', learningRate: 4e-4 },
  ]);
  expect(state.step).toBe(100);
  expect(state.validations.map(({ step }) => step)).toEqual([100]);
  expect(state.previews.map(({ step }) => step)).toEqual([0, 25]);
  expect(state.config?.hyperparameters.learningRate).toBe(4e-4);
  expect(state.annotations.at(-1)).toMatchObject({ step: 100, kind: 'rollback' });
  expect(state.annotations.at(-1)?.text).toBe(
    'The loss was not a number: went back from step 150 to 100, learning rate now 4e−4',
  );
});

test('a lost device stays marked on the curves once the run goes on from an earlier step', () => {
  const lost = play([...recorded, stepped(101, 107), { type: 'deviceLost', reason: 'reset', recovering: true }]);
  expect(lost.annotations.at(-1)).toMatchObject({ kind: 'device', step: 107 });
  const notes: RunNote[] = [{ type: 'deviceLost', step: 100, reason: 'reset' }];
  const goesOn = { ...start(100, [point(100)], [validated(100)]), notes };
  const resumed = play([goesOn], lost);
  expect(resumed.deviceLost).toBeNull();
  expect(resumed.annotations.at(-1)).toMatchObject({ kind: 'device', step: 100, text: 'The device was lost: reset' });
  expect(play([goesOn]).annotations, 'after a reload').toEqual([resumed.annotations.at(-1)]);
});

test('a device lost before the first checkpoint stays marked on the run that begins again', () => {
  const lost = play([start(0), stepped(1, 7), { type: 'deviceLost', reason: 'reset', recovering: true }]);
  const again = play([{ ...start(0), notes: [{ type: 'deviceLost', step: 0, reason: 'reset' }] }], lost);
  expect(again).toMatchObject({ step: 0, deviceLost: null, saved: null });
  expect(again.annotations).toEqual([{ kind: 'device', step: 0, text: 'The device was lost: reset' }]);
  expect(play([start(0)], play([stepped(1, 3)], again)).annotations, 'another run has its own').toEqual([]);
});

test('a lost device is shown until a step succeeds again', () => {
  const lost = play([...recorded, { type: 'deviceLost', reason: 'the driver was reset', recovering: true }]);
  expect(lost.deviceLost?.recovering).toBe(true);
  expect(lost.annotations.at(-1)?.kind).toBe('device');
  expect(play([stepped(101, 102)], lost).deviceLost).toBeNull();
});

test('going on with the same run keeps its previews up to that step and takes the validations it brings', () => {
  const stopped = play([
    ...recorded,
    stepped(101, 120),
    previewed(120),
    { type: 'stopped', step: 120, reason: 'asked', storedStep: 120, hint: null },
  ]);
  expect(stopped.outcome?.reason).toBe('asked');
  const goesOn = play([start(100, [point(100)], [validated(100)])], stopped);
  expect(goesOn.previews.map(({ step }) => step)).toEqual([0, 25]);
  expect(goesOn.validations.map(({ step }) => step)).toEqual([100]);
  expect(goesOn.outcome).toBeNull();
});

test('going on after a reload brings the annotations back that the checkpoint remembers', () => {
  const notes: RunNote[] = [
    { type: 'adjusted', step: 40, change: { lambda: 0 }, before: { lambda: 1.2 } },
    { type: 'rolledBack', fromStep: 90, toStep: 80, reason: 'The loss was not a number.', learningRate: 4e-4 },
  ];
  const state = play([{ ...start(100, [point(100)], [validated(100)]), notes }]);
  expect(state.annotations.map(({ step, kind }) => [step, kind])).toEqual([
    [40, 'change'],
    [80, 'rollback'],
  ]);
  expect(state.annotations[0]?.text).toBe('λ 1.2 → 0');
});

test('a fresh run forgets the one before, but not which backend computes', () => {
  const state = play([start(0)], play(recorded));
  expect(state).toMatchObject({ step: 0, previews: [], validations: [], annotations: [], saved: null, stepMs: null });
  expect(state.backend?.backend).toBe('wasm');
});

test('a failure is kept with its hint until a run starts', () => {
  const failed = play([
    { type: 'failed', kind: 'busy', reason: 'Training runs in another tab.', hint: 'Stop it there.' },
  ]);
  expect(failed.failure?.kind).toBe('busy');
  expect(play([start()], failed).failure).toBeNull();
});

test('that a checkpoint could not be stored is said until one is', () => {
  const full: TrainerEvent = { type: 'failed', kind: 'storage', reason: 'No room.', hint: 'Free some space.' };
  const saved: TrainerEvent = { type: 'checkpointed', step: 20, bytes: 100 };
  expect(play([start(), full]).failure?.kind).toBe('storage');
  expect(play([start(), full, saved])).toMatchObject({ failure: null, saved: { step: 20 } });
  const busy: TrainerEvent = { ...full, kind: 'busy' };
  expect(play([start(), busy, saved]).failure?.kind, 'which says nothing of other failures').toBe('busy');
});

test('the curves follow start with history, steps and rollback', () => {
  const curves = createLossCurves();
  const events: TrainerEvent[] = [start(3, [point(1), point(2), point(3)]), stepped(4, 8)];
  for (const event of events) applyToCurves(curves, event);
  expect([...curves.steps()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  applyToCurves(curves, { type: 'rolledBack', fromStep: 8, toStep: 5, reason: '', learningRate: 1e-4 });
  expect([...curves.steps()]).toEqual([1, 2, 3, 4, 5]);
});

test('an event changes nothing in the state it was applied to', () => {
  const frozen = JSON.stringify(beforeAnyRun);
  play(recorded);
  expect(JSON.stringify(beforeAnyRun)).toBe(frozen);
});
