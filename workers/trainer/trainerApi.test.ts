import { proxy } from 'comlink';
import type { Remote } from 'comlink';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageSource } from '../../src/core/data/imageSource.ts';
import { asPublished } from '../../src/core/architectures/testing/publishedFile.ts';
import { initialWeights, networkWeights } from '../../src/core/architectures/registry.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { decodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import { legacyPytorchFile } from '../../src/core/weights/foreign/sampleFiles.ts';
import { decodeModel, decodeStudent } from '../../src/core/weights/modelFile.ts';
import type { ExportedModel, StartRequest, TrainerApi, TrainerEvent } from '../../src/protocol/trainer.ts';
import { connect } from '../testing/connect.ts';
import { sixImages, tinyRun, TrainerTestHost } from '../testing/trainerTestHost.ts';
import { createTrainerApi } from './trainerApi.ts';

let host: TrainerTestHost;
let trainer: Remote<TrainerApi>;
let close: () => void;
let events: TrainerEvent[];

beforeEach(() => {
  host = new TrainerTestHost();
  events = [];
  ({ remote: trainer, close } = connect(createTrainerApi(host)));
});
afterEach(() => close());

const start = (options: Partial<StartRequest> = {}): Promise<void> =>
  trainer.start(
    { config: tinyRun(8), backend: 'webgpu', from: 'fresh', ...options },
    proxy((batch: readonly TrainerEvent[]) => void events.push(...batch)),
  );

/** The events of one type, in order. */
const heard = <Type extends TrainerEvent['type']>(type: Type): Extract<TrainerEvent, { type: Type }>[] =>
  events.filter((event): event is Extract<TrainerEvent, { type: Type }> => event.type === type);

const steps = (): number[] => heard('stepped').flatMap(({ points }) => points.map(({ step }) => step));

/** Resolves once an event of this type was heard. */
async function until(type: TrainerEvent['type']): Promise<void> {
  while (heard(type).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a run in the worker', () => {
  it('streams its events in order and keeps its checkpoints', async () => {
    await start();
    expect(events[0]).toMatchObject({ type: 'backendReady', report: { backend: 'wasm' } });
    expect(events[1]).toMatchObject({ type: 'started', step: 0 });
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished', step: 8 });
    expect(steps()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(heard('memory').length).toBe(heard('checkpointed').length);
    expect(heard('previewed')[1]!.samples[0]!.student.data.length).toBeGreaterThan(0);
    expect(await trainer.latestCheckpoint()).toMatchObject({ step: 8, totalSteps: 8, savedAt: host.now() });
  });

  it('stops when asked, after a checkpoint, and continues from there along the same curve', async () => {
    await start();
    const whole = heard('stepped').flatMap(({ points }) => points.map(({ objective }) => objective));
    await trainer.discardCheckpoints();
    expect(await trainer.latestCheckpoint()).toBeNull();
    events = [];
    host.betweenSteps = (call) => void (call === 10 && trainer.stop());
    await start();
    const { step, reason } = heard('stopped')[0]!;
    expect(reason).toBe('asked');
    expect(step).toBeLessThan(8);
    expect(await trainer.latestCheckpoint()).toMatchObject({ step });
    await start({ from: 'continue' });
    expect(heard('started')[1]).toMatchObject({ step });
    const both = heard('stepped').flatMap(({ points }) => points.map(({ objective }) => objective));
    expect(both.map((value) => value.toFixed(5))).toEqual(whole.map((value) => value.toFixed(5)));
  });

  it('learns from the teacher in a file, published or ours, and continues without it', async () => {
    const shape = { architecture: 'prn', blocks: 1, filters: 2, imageSkip: true };
    const weights = initialWeights(shape, randomFromSeed(2));
    const published = legacyPytorchFile(asPublished(networkWeights(shape), weights));
    const config = { ...tinyRun(2), teacher: 'opened:prn.pth' };
    await start({ config, teacher: [new Blob([new Uint8Array(published)])] });
    expect(heard('started')[0]!.config).toMatchObject({
      teacher: 'opened:prn.pth',
      hyperparameters: { mode: 'student' },
    });
    expect(heard('stopped')[0]).toMatchObject({ reason: 'finished' });
    await start({ from: 'continue', config });
    const { bytes } = (await trainer.exportTeacher('latest'))!;
    const teacher = decodeModel(new Uint8Array(bytes));
    expect(teacher.role === 'teacher' && teacher.weights.f1).toEqual(weights);

    events = [];
    await start({ config, teacher: [new Blob([bytes])] });
    expect(heard('started')[0]!.parameters.f2).toBe(28 + 10 + 30);
  });

  it('says that the file of a teacher is gone', async () => {
    const gone = { arrayBuffer: () => Promise.reject(new Error('The disk went away.')) } as unknown as Blob;
    const request = { config: tinyRun(2), backend: 'webgpu', from: 'fresh', teacher: [gone] } as const;
    await createTrainerApi(host).start(request, (batch) => void events.push(...batch));
    expect(heard('failed')).toMatchObject([{ kind: 'config', reason: 'The disk went away.' }]);
    expect(heard('started')).toEqual([]);
  });

  it('says what is wrong with the file of a teacher', async () => {
    await start({ config: tinyRun(2), teacher: [new Blob(['no model'])] });
    expect(heard('failed')).toMatchObject([{ kind: 'config' }]);
    expect(heard('started')).toEqual([]);
  });

  it('does as many steps as it is told, whatever comes in between, and shows the last one', async () => {
    await start({ config: tinyRun(8), steps: 1 });
    expect(heard('stopped')).toMatchObject([{ reason: 'asked', step: 1 }]);
    expect(heard('previewed').at(-1)).toMatchObject({ step: 1 });
    await start({ from: 'continue', steps: 3 });
    expect(heard('stopped').at(-1)).toMatchObject({ reason: 'asked', step: 4 });
    expect(steps()).toEqual([1, 2, 3, 4]);
    await start({ from: 'continue', steps: 100 });
    expect(heard('stopped').at(-1)).toMatchObject({ reason: 'finished', step: 8 });
  });

  it('continued and stopped at once, leaves storage as it was, and the weights to be exported', async () => {
    await start({ config: tinyRun(5) });
    const stored = [...host.checkpoints.stored];
    const goesOn = start({ from: 'continue' });
    const exported = trainer.exportStudent('latest');
    await trainer.stop();
    await goesOn;
    expect(host.checkpoints.stored).toEqual(stored);
    expect((await exported)!.step).toBe(5);
  });

  it('offers to continue from the checkpoint that can be read', async () => {
    await start({ config: tinyRun(4) });
    const [newest] = host.checkpoints.stored;
    new Uint8Array(newest!.bytes).fill(0);
    expect(await trainer.latestCheckpoint()).toMatchObject({ step: 2 });
    await start({ from: 'continue' });
    expect(heard('started').at(-1)).toMatchObject({ step: 2 });
  });

  it('takes a change before one of its next steps', async () => {
    host.betweenSteps = (call) => void (call === 1 && trainer.update({ learningRate: 1e-5 }));
    await start();
    expect(heard('adjusted')).toMatchObject([{ change: { learningRate: 1e-5 } }]);
    expect(heard('stepped').at(-1)!.points.at(-1)!.learningRate).toBe(1e-5);
  });

  it('is weighed before it starts: operations of a step, or none for networks that do not exist', async () => {
    const { networks } = tinyRun(8);
    const operations = (await trainer.stepOperations(tinyRun(8)))!;
    expect(operations).toBeGreaterThan(1e5);
    const immense = { ...networks, blocks: 64, filters: { f1: 256, f2: 256, f3: 256 } };
    expect(await trainer.stepOperations({ ...tinyRun(8), networks: immense })).toBeGreaterThan(1e4 * operations);
    expect(await trainer.stepOperations({ ...tinyRun(8), networks: { ...networks, architecture: 'none' } })).toBeNull();
    expect(events).toEqual([]);
  });

  it('stopped while its images are still being looked for, ends without a step or a checkpoint, and can start again', async () => {
    let open: (source: ImageSource) => void = () => {};
    host.source = () => new Promise((resolve) => (open = resolve));
    const ended = start();
    await until('backendReady');
    await trainer.stop();
    open(sixImages);
    await ended;
    expect(events.map(({ type }) => type)).toEqual(['backendReady']);
    expect(await trainer.latestCheckpoint()).toBeNull();
    host.source = async () => sixImages;
    await start({ config: tinyRun(1) });
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished' });
  });

  it('called off while its networks are prepared, ends before a step and leaves an older run in storage', async () => {
    await start({ config: tinyRun(2) });
    const stored = [...host.checkpoints.stored];
    const readClean = async (id: string): ReturnType<ImageSource['readClean']> => {
      await trainer.stop();
      return sixImages.readClean(id);
    };
    host.source = async () => ({ ...sixImages, readClean });
    events = [];
    await start({ config: tinyRun(8) });
    expect(steps()).toEqual([]);
    expect(heard('checkpointed')).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'asked', step: 0 });
    expect(host.checkpoints.stored).toEqual(stored);
  });

  it('replaces older checkpoints by its own only once its first is stored', async () => {
    await start({ config: tinyRun(2) });
    const between: number[][] = [];
    const kept = (): number[] => host.checkpoints.stored.map(({ summary }) => summary.totalSteps);
    host.betweenSteps = () => void between.push(kept());
    await start({ config: tinyRun(4) });
    expect(between[0]).toEqual([2]);
    expect(between.at(-1)).toEqual([4]);
    expect(kept()).toEqual([4, 4]);
  });

  it('does not run twice, here or beside another tab', async () => {
    let second: Promise<void> | undefined;
    host.betweenSteps = () => void (second ??= start());
    await start();
    await second;
    expect(heard('failed')).toMatchObject([{ kind: 'busy' }]);
    expect(heard('stopped')).toHaveLength(1);
    host.isTaken = true;
    await start();
    expect(heard('failed')).toHaveLength(2);
  });

  it('says when there is nothing to continue from, and when something unforeseen ends it', async () => {
    await start({ from: 'continue' });
    expect(events).toMatchObject([{ type: 'failed', kind: 'checkpoint' }]);
    host.source = async () => Promise.reject(new Error('The library is gone.'));
    await start();
    expect(events.at(-1)).toMatchObject({ type: 'failed', kind: 'unexpected', reason: 'The library is gone.' });
    await trainer.update({});
    await trainer.stop();
    host.source = async () => sixImages;
    await start({ config: tinyRun(1) });
    expect(events.at(-1)).toMatchObject({ type: 'stopped' });
  });
});

describe('a lost device', () => {
  it('is replaced, and training goes on from the last checkpoint', async () => {
    const tensors = tf.memory().numTensors;
    host.betweenSteps = (call) => void (call === 5 && host.backend.lose('The driver was reset.'));
    await start();
    expect(heard('deviceLost')).toEqual([{ type: 'deviceLost', reason: 'The driver was reset.', recovering: true }]);
    expect(host.backend.forgotten).toBe(1);
    expect(heard('backendReady')).toHaveLength(2);
    const [, again] = heard('started');
    expect(again!.step).toBe(heard('checkpointed').findLast(({ step }) => step <= again!.step)!.step);
    expect(again!.step).toBeGreaterThan(0);
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished', step: 8 });
    expect(tf.memory().numTensors, 'nothing of the lost run stays').toBe(tensors);
  });

  it.each([
    ['since the last checkpoint', 20],
    ['before the first one', 1000],
  ])('keeps what was set %s', async (_when, checkpointEvery) => {
    let [asked, lost] = [false, false];
    host.betweenSteps = () => {
      if (!asked && (checkpointEvery > 20 || heard('checkpointed').length > 0)) {
        asked = true;
        void trainer.update({ lambda: 0.5 });
      }
      if (lost || heard('adjusted').length === 0) return;
      lost = true;
      host.backend.lose('The driver was reset.');
    };
    await start({ config: tinyRun(40, checkpointEvery) });
    expect(heard('deviceLost')).toHaveLength(1);
    expect((await trainer.latestCheckpoint())!.config.hyperparameters.lambda).toBe(0.5);
  });

  it('does not raise the learning rate again that a run went back from', async () => {
    let [asked, lost] = [false, false];
    host.betweenSteps = () => {
      if (!asked && heard('checkpointed').length > 0) {
        asked = true;
        void trainer.update({ learningRate: 1 });
      }
      if (lost || heard('rolledBack').length === 0) return;
      lost = true;
      host.backend.lose('The driver was reset.');
    };
    await start({ config: tinyRun(60, 20) });
    expect(heard('deviceLost')).toHaveLength(1);
    expect(heard('rolledBack')).toHaveLength(1);
    const { learningRate } = heard('rolledBack')[0]!;
    expect(learningRate).toBeLessThan(1e-3);
    expect((await trainer.latestCheckpoint())!.config.hyperparameters.learningRate).toBe(learningRate);
  });

  it('that says nothing is known by reading back', async () => {
    host.betweenSteps = (call) => void (call === 4 && host.backend.loseSilently('Device is lost'));
    await start();
    expect(heard('deviceLost')).toMatchObject([{ recovering: true }]);
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished' });
  });

  it('ends the run after five replacements without a checkpoint', async () => {
    host.betweenSteps = () => host.backend.lose('It is broken.');
    await start({ config: tinyRun(8, 100) });
    expect(heard('deviceLost').map(({ recovering }) => recovering)).toEqual([true, true, true, true, true, false]);
    expect(events.at(-1)).toMatchObject({ type: 'failed', kind: 'device' });
  });

  it('may be lost more often where there is progress in between', async () => {
    let losses = 0;
    host.betweenSteps = () => {
      const safe = host.checkpoints.stored[0]?.summary.step ?? 0;
      if (losses < safe) host.backend.lose(`Loss ${++losses}.`);
    };
    await start({ config: tinyRun(7, 1) });
    expect(heard('deviceLost').map(({ recovering }) => recovering)).toEqual(Array.from({ length: 6 }, () => true));
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished', step: 7 });
  });

  it('may be lost more often where there is progress that storage has no room for', async () => {
    host.checkpoints.isFull = true;
    host.betweenSteps = (call) => void (call % 2 === 1 && call < 14 && host.backend.lose('Again.'));
    await start({ config: tinyRun(16, 1) });
    expect(heard('deviceLost').map(({ recovering }) => recovering)).toEqual(Array.from({ length: 7 }, () => true));
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished', step: 16, storedStep: null });
  });

  it('stays noted at the step that the run goes on from, through a reload, in its curves and in the kept run', async () => {
    host.betweenSteps = (call) => {
      if (call === 5) host.backend.lose('The driver was reset.');
      if (call === 9) void trainer.stop();
    };
    await start({ config: tinyRun(40) });
    const { step } = heard('started')[1]!;
    const note = { type: 'deviceLost', step, reason: 'The driver was reset.' };
    expect(step).toBeGreaterThan(0);
    expect(heard('started').map(({ notes }) => notes)).toEqual([[], [note]]);
    expect(heard('stopped').at(-1)!.step).toBeGreaterThan(step);
    close();
    ({ remote: trainer, close } = connect(createTrainerApi(host)));
    await start({ from: 'continue', steps: 1 });
    expect(heard('started').at(-1)!.notes).toEqual([note]);
    expect([...host.runs.stored.values()].map(({ curves }) => curves?.notes)).toEqual([[note]]);
  });

  it('is noted in storage at once, should the page be reloaded before the next checkpoint', async () => {
    host.betweenSteps = (call) => {
      if (call !== 5) return;
      void trainer.stop();
      host.backend.lose('It was unplugged.');
    };
    await start();
    expect(heard('deviceLost')).toMatchObject([{ recovering: false }]);
    const [newest, older] = host.checkpoints.stored.map(({ bytes }) => decodeCheckpoint(new Uint8Array(bytes)));
    expect(newest!.notes).toEqual([{ type: 'deviceLost', step: newest!.step, reason: 'It was unplugged.' }]);
    expect(older?.step, 'a step is stored once').not.toBe(newest!.step);
    expect(host.checkpoints.stored[0]!.summary.step).toBe(newest!.step);
  });

  it('is noted without a checkpoint at the beginning, each time, and without room for it in memory', async () => {
    host.checkpoints.isFull = true;
    let [losses, done] = [0, 0];
    host.betweenSteps = () => {
      const isThird = losses === 2 && host.backend.asked.length === 3;
      if (isThird ? ++done === 5 : host.backend.asked.length > losses && losses < 2)
        host.backend.lose(`Loss ${losses++}.`);
    };
    await start({ config: tinyRun(6, 4) });
    const lost = (step: number, i: number): object => ({ type: 'deviceLost', step, reason: `Loss ${i}.` });
    const early = [lost(0, 0), lost(0, 1)];
    expect(heard('started').map(({ notes }) => notes)).toEqual([[], early.slice(0, 1), early, [...early, lost(4, 2)]]);
    host.checkpoints.isFull = false;
    await start({ from: 'continue' });
    expect(heard('started').at(-1)!.notes).toHaveLength(3);
  });

  it('is replaced by whatever there is where its own kind cannot be had again', async () => {
    host.betweenSteps = (call) => {
      if (call !== 2) return;
      host.backend.missing.add('webgpu');
      host.backend.lose('It was unplugged.');
    };
    await start();
    expect(host.backend.asked).toEqual(['webgpu', 'webgpu', 'auto']);
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished' });
  });

  it('that cannot be had from the start is said, and nothing else is tried', async () => {
    host.backend.missing.add('webgpu');
    await start();
    expect(host.backend.asked).toEqual(['webgpu']);
    expect(events).toMatchObject([{ type: 'failed', kind: 'device', reason: 'There is no webgpu here.' }]);
  });
});

describe('the weights of a run', () => {
  it('are exported as they are now while it runs, and as they were stored afterwards', async () => {
    expect(await trainer.exportStudent('average')).toBeNull();
    let during: Promise<ExportedModel | null> | undefined;
    host.betweenSteps = (call) => void (call === 5 && (during = trainer.exportStudent('latest')));
    await start();
    const { bytes, step } = (await during!)!;
    expect(decodeStudent(new Uint8Array(bytes)).provenance!.steps, 'one source for step and bytes').toBe(step);
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThan(8);
    const after = decodeModel(new Uint8Array((await trainer.exportTeacher('average'))!.bytes));
    expect(after).toMatchObject({ role: 'teacher', provenance: { steps: 8, date: '2026-01-01T00:00:00.000Z' } });
  });

  it('are not lost where storage has no room for them', async () => {
    await start({ config: tinyRun(2) });
    host.checkpoints.isFull = true;
    await start({ config: tinyRun(4) });
    expect(heard('failed').at(-1)).toMatchObject({ kind: 'storage', reason: expect.stringContaining('disk is full') });
    expect(heard('stopped').at(-1)).toMatchObject({ step: 4, storedStep: null });
    expect(host.checkpoints.stored[0]!.summary.step, 'the older run is intact').toBe(2);
    const kept = (await trainer.exportStudent('average'))!;
    const { provenance } = decodeStudent(new Uint8Array(kept.bytes));
    expect([kept.step, provenance!.steps], 'the export holds the last step, not the last stored one').toEqual([4, 4]);
    await trainer.discardCheckpoints();
    expect(await trainer.exportStudent('average')).toBeNull();
  });

  it('are gone on from where storage had no room for them, and stored once there is room', async () => {
    host.betweenSteps = (call) => {
      if (call === 5) host.checkpoints.isFull = true;
      if (call === 9) void trainer.stop();
    };
    await start({ config: tinyRun(40) });
    const { step, storedStep } = heard('stopped')[0]!;
    expect(storedStep, 'the earlier checkpoint is what storage has').toBe(host.checkpoints.stored[0]!.summary.step);
    expect(step).toBeGreaterThan(storedStep!);
    expect(await trainer.latestCheckpoint(), 'as the page offers it').toMatchObject({ step });
    host.checkpoints.isFull = false;
    host.betweenSteps = () => void trainer.stop();
    await start({ from: 'continue' });
    expect(heard('started').at(-1)).toMatchObject({ step });
    const end = heard('stopped').at(-1)!;
    expect(end.storedStep).toBe(end.step);
    expect(host.checkpoints.stored[0]!.summary.step).toBe(end.step);
  });

  it('are kept as they were at the best validation, whatever came after, and through a reload', async () => {
    expect(await trainer.exportStudent('best')).toBeNull();
    const run = { ...tinyRun(6).run, validateEvery: 1 };
    await start({ config: { ...tinyRun(6), run } });
    const best = heard('validated').reduce((one, other) => (other.psnr.student >= one.psnr.student ? other : one));
    const student = (await trainer.exportStudent('best'))!;
    expect(student.step).toBe(best.step);
    const { provenance } = decodeStudent(new Uint8Array(student.bytes));
    expect(provenance).toMatchObject({ steps: best.step, validation: { psnr: { student: best.psnr.student } } });
    close();
    ({ remote: trainer, close } = connect(createTrainerApi(host)));
    expect((await trainer.exportTeacher('best'))!.step).toBe(best.step);
    host.betweenSteps = () => void trainer.stop();
    await start({ config: tinyRun(8) });
    expect(await trainer.exportStudent('best'), 'a new run has none yet').toBeNull();
  });

  it('at the best validation stay, where the run goes on from before it and does worse', async () => {
    await start({ config: tinyRun(4) });
    host.checkpoints.stored.shift(); // a crash: the newest that was stored is of an earlier step
    host.checkpoints.best = { ...host.checkpoints.best!, psnr: 99 };
    await start({ from: 'continue' });
    expect(heard('stopped').at(-1)).toMatchObject({ reason: 'finished', step: 4 });
    expect(host.checkpoints.best.psnr).toBe(99);
  });

  it('are given at their best while the run goes on', async () => {
    let best: Promise<ExportedModel | null> | undefined;
    host.betweenSteps = () => {
      if (heard('validated').length > 0) best ??= trainer.exportStudent('best');
    };
    await start({ config: { ...tinyRun(30), run: { ...tinyRun(30).run, validateEvery: 1, previewEvery: 100 } } });
    const { bytes, step } = (await best!)!;
    expect(step).toBeLessThan(30);
    expect(decodeStudent(new Uint8Array(bytes)).provenance).toMatchObject({ steps: step });
  });

  it('of the best validation are in memory where storage has no room for them', async () => {
    host.checkpoints.isFull = true;
    await start({ config: { ...tinyRun(3), run: { ...tinyRun(3).run, validateEvery: 1 } } });
    expect((await trainer.exportStudent('best'))!.step).toBeGreaterThan(0);
    expect(host.checkpoints.best).toBeNull();
  });

  it('are given up when the run ends before there are any', async () => {
    let open: (source: ImageSource) => void = () => {};
    host.source = () => new Promise((resolve) => (open = resolve));
    const ended = start();
    await until('backendReady');
    const wanted = trainer.exportStudent('average');
    await trainer.stop();
    open(sixImages);
    await ended;
    expect(await wanted).toBeNull();
  });
});
