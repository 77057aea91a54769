import { proxy } from 'comlink';
import type { Remote } from 'comlink';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MissingImagesError } from '../../src/browser/libraryImageSource.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { decodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import { turnStepsOf } from '../../src/core/training/experimentBudget.ts';
import type { Experiment } from '../../src/core/training/experiment.ts';
import type { LabApi, LabEvent } from '../../src/protocol/runs.ts';
import type { TrainerApi } from '../../src/protocol/trainer.ts';
import { connect } from '../testing/connect.ts';
import { sixImages, tinyConfig, tinyRun, TrainerTestHost } from '../testing/trainerTestHost.ts';
import { createTrainerApi } from './trainerApi.ts';

let host: TrainerTestHost;
/** The worker's side, for requests that must arrive between two certain steps. */
let api: TrainerApi & LabApi;
let worker: Remote<TrainerApi & LabApi>;
let close: () => void;
let events: LabEvent[];

beforeEach(() => {
  host = new TrainerTestHost();
  events = [];
  api = createTrainerApi(host);
  ({ remote: worker, close } = connect(api));
});
afterEach(() => close());

const experiment: Experiment = {
  kind: 'own',
  title: 'λ',
  base: { ...tinyConfig, run: { ...tinyConfig.run, steps: 6, validateEvery: 3, previewEvery: 6 } },
  variants: [
    { name: 'none', set: 'lambda=0' },
    { name: 'some', set: '' },
  ],
  seeds: [1],
};
const [none, some] = ['x/none, seed 1', 'x/some, seed 1'] as const;

const start = (onBatch: (batch: readonly LabEvent[]) => void = () => undefined, own = experiment): Promise<void> =>
  worker.startExperiment(
    { id: 'x', experiment: own, backend: 'webgpu' },
    proxy((batch: readonly LabEvent[]) => {
      events.push(...batch);
      onBatch(batch);
    }),
  );
const train = (steps: number, from: 'fresh' | 'continue', seed = 5): Promise<void> =>
  worker.start(
    { config: { ...tinyRun(steps), run: { ...tinyRun(steps).run, seed } }, backend: 'webgpu', from },
    proxy(() => undefined),
  );
const steps = (): (number | undefined)[] => [none, some].map((id) => host.runs.stored.get(id)?.summary?.step);

/** Every session draws previews, which take seconds on a busy processor. */
const patient = { timeout: 120_000 };

describe('an experiment in the worker', patient, () => {
  it('keeps every run with weights, curves and previews, and goes on after a stop where it was', async () => {
    let calls = 0;
    host.betweenSteps = () => void (++calls === 8 && worker.stopExperiment());
    await start();
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'asked' });
    for (const step of steps()) expect(step ?? 0).toBeLessThan(6);
    host.betweenSteps = () => undefined;
    events = [];
    await start();
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'finished' });
    expect(steps()).toEqual([6, 6]);
    const { curves, previews, label } = host.runs.stored.get(none)!;
    expect(label.experiment).toEqual({ id: 'x', title: 'λ', variant: 'none', set: 'lambda=0' });
    expect(curves!.history.data.length / curves!.history.columns.length).toBe(6);
    expect(curves!.validations.map(({ step }) => step)).toEqual([3, 6]);
    expect(previews.at(-1)).toMatchObject({ step: 6 });
    expect(previews.at(-1)!.samples[0]!.student.data.length).toBeGreaterThan(0);
  });

  it('leaves a run that was dropped, and is told so again in the next session', async () => {
    let isDropped = false;
    await start((batch) => {
      if (isDropped || !batch.some(({ type }) => type === 'turnStarted')) return;
      isDropped = true;
      void worker.setRunState(some, 'dropped');
    });
    expect(steps()[0]).toBe(6);
    expect(steps()[1] ?? 0).toBeLessThan(6);
    events = [];
    await start();
    expect(events.filter(({ type }) => type === 'turnStarted')).toEqual([]);
  });

  it('chooses steps by time, and leaves nothing on the device', async () => {
    const tensors = tf.memory().numTensors;
    const { experiment: planned, ms } = await worker.planExperiment(experiment, 1, 'webgpu');
    expect(planned.base.run.steps).toBeGreaterThan(1);
    expect(ms).toBeGreaterThan(0);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(host.runs.stored.size).toBe(0);
  });

  it('is killed at random moments: no run is lost, and none loses more than a turn', async () => {
    const random = randomFromSeed(1);
    const long = { ...experiment, base: { ...experiment.base, run: { ...experiment.base.run, steps: 24 } } };
    const turn = turnStepsOf(long.base);
    const seen = new Map<string, number>([none, some].map((id) => [id, 0]));
    for (let kill = 0; kill < 3; kill++) {
      host = Object.assign(new TrainerTestHost(), { runs: host.runs });
      const own = connect(createTrainerApi(host));
      await new Promise<void>((died) => {
        let steps = 3 + Math.floor(10 * random.uniform());
        const alive = host.yieldToEventLoop.bind(host);
        host.yieldToEventLoop = () => {
          if (steps-- > 0) return alive();
          died();
          return new Promise(() => undefined);
        };
        const onEvents = proxy((batch: readonly LabEvent[]) => {
          for (const event of batch) {
            if (event.type !== 'runEvent' || event.event.type !== 'stepped') continue;
            seen.set(`x/${event.key}`, event.event.points.at(-1)!.step);
          }
        });
        void own.remote.startExperiment({ id: 'x', experiment: long, backend: 'webgpu' }, onEvents);
      });
      own.close();
      for (const [id, step] of seen) {
        const stored = await host.runs.readCheckpoint(id, decodeCheckpoint);
        const reached = stored?.step ?? 0;
        expect(reached).toBeGreaterThanOrEqual(step - turn);
        expect((stored?.history ?? []).map((point) => point.step)).toEqual(
          Array.from({ length: reached }, (_, i) => i + 1),
        );
      }
    }
    expect(Math.max(...seen.values())).toBeGreaterThan(2 * turn);
  });

  it('is refused while training runs elsewhere, and so is choosing its steps', async () => {
    host.isTaken = true;
    await start();
    expect(events).toMatchObject([{ type: 'failed', kind: 'busy' }]);
    await expect(worker.planExperiment(experiment, 1, 'webgpu')).rejects.toThrow('Training runs already');
  });

  it('whose images are gone asks for them, and says what else ended it', async () => {
    host.source = () => Promise.reject(new MissingImagesError('2 of 6 images are missing.'));
    await start();
    expect(events.at(-1)).toMatchObject({ type: 'failed', kind: 'noImages', reason: '2 of 6 images are missing.' });
    host.source = () => Promise.reject(new Error('The library is gone.'));
    await start();
    expect(events.at(-1)).toMatchObject({ type: 'failed', kind: 'unexpected', reason: 'The library is gone.' });
    host.source = async () => ({ ...sixImages, clean: [] });
    const planning = worker.planExperiment(experiment, 1, 'webgpu');
    await expect(planning, 'nothing can be timed without images').rejects.toThrow('There is no clean photo');
  });

  it('loses a preview that finds no room, and nothing else', async () => {
    host.runs.isFull = true;
    await start();
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'finished' });
    expect(steps()).toEqual([6, 6]);
    expect(host.runs.stored.get(none)!.previews).toEqual([]);
  });

  it('gives a run more steps while it trains, and remembers them in the next session', async () => {
    host.betweenSteps = (call) => void (call === 2 && api.setRunSteps(some, 8));
    await start();
    expect(steps()).toEqual([6, 8]);
    events = [];
    await start();
    expect(
      events.filter(({ type }) => type === 'turnStarted'),
      'both are where they should be',
    ).toEqual([]);
  });

  it('waits for a run that was paused while nothing trained, and takes it up again', async () => {
    host.betweenSteps = (call) => void (call === 8 && api.stopExperiment());
    await start();
    await worker.setRunState(some, 'paused');
    await worker.setRunSteps(some, 100);
    await worker.stopExperiment();
    await start();
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'paused' });
    expect(steps()[0]).toBe(6);
    expect(steps()[1] ?? 0).toBeLessThan(6);
    await worker.setRunState(some, 'active');
    await start();
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'finished' });
    expect(steps()).toEqual([6, 6]);
  });

  it('begins with the weights of a kept run, or says which run it lacks', async () => {
    await train(4, 'fresh');
    const [kept] = [...host.runs.stored.keys()];
    const variants = [
      { name: 'none', set: '', start: kept! },
      { name: 'some', set: '', start: 'deleted' },
    ];
    await start(undefined, { ...experiment, variants });
    expect(steps()).toEqual([6, undefined]);
    const failures = events.flatMap((event) =>
      event.type === 'runEvent' && event.event.type === 'failed' ? [event.event] : [],
    );
    expect(failures).toMatchObject([{ kind: 'checkpoint', reason: expect.stringContaining('some, seed 1') }]);
  });
});

describe('an experiment whose device is lost', patient, () => {
  const losses = (): boolean[] => events.flatMap((event) => (event.type === 'deviceLost' ? [event.recovering] : []));

  it('goes on from its checkpoints on whatever device there is', async () => {
    host.betweenSteps = (call) => void (call === 8 && host.backend.lose('The driver was reset.'));
    await start();
    expect(losses()).toEqual([true]);
    expect(host.backend.asked).toEqual(['webgpu', 'auto']);
    expect(host.backend.forgotten).toBe(1);
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'finished' });
    expect(steps()).toEqual([6, 6]);
  });

  it('has the loss noted in the run whose turn it was, at the step that it goes on from', async () => {
    let before: readonly (number | undefined)[] | null = null;
    host.betweenSteps = () => {
      if (before || steps().includes(undefined)) return;
      before = steps();
      host.backend.lose('The driver was reset.');
    };
    await start();
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'finished' });
    const at = events.findIndex(({ type }) => type === 'deviceLost');
    const turn = events.slice(0, at).findLast((event) => event.type === 'turnStarted')!.key;
    const expected = [none, some].map((id, i) =>
      id === `x/${turn}` ? [{ type: 'deviceLost', step: before![i], reason: 'The driver was reset.' }] : [],
    );
    expect([none, some].map((id) => host.runs.stored.get(id)!.curves!.notes)).toEqual(expected);
  });

  it('ends after five replacements, and can be started again', async () => {
    host.betweenSteps = () => host.backend.lose('It is broken.');
    await start();
    expect(losses()).toEqual([true, true, true, true, true, false]);
    expect(events.at(-1)).toMatchObject({ type: 'deviceLost', reason: 'It is broken.' });
    host.betweenSteps = () => undefined;
    await start();
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'finished' });
  });

  it('is not replaced once it was asked to stop', async () => {
    host.betweenSteps = (call) => {
      if (call !== 4) return;
      void api.stopExperiment();
      host.backend.lose('It was reset.');
    };
    await start();
    expect(losses()).toEqual([false]);
    expect(host.backend.forgotten).toBe(0);
  });
});

describe('kept runs', patient, () => {
  it('hold what the Train view trained, once for each run, and the one stored by an earlier version', async () => {
    await train(4, 'fresh');
    expect([...host.runs.stored.values()].map(({ summary }) => summary?.step)).toEqual([4]);
    await worker.keepTrainRun();
    expect(host.runs.stored.size).toBe(1);
    await train(6, 'fresh', 6);
    expect([...host.runs.stored.values()].map(({ summary }) => summary?.step)).toEqual([4, 6]);
    host.runs.stored.clear();
    await worker.keepTrainRun();
    expect([...host.runs.stored.values()].map(({ summary }) => summary?.step)).toEqual([6]);
  });

  it('go on in Train: one of its own where it was, one of an experiment as a copy', async () => {
    await train(4, 'fresh');
    const [own] = [...host.runs.stored.keys()];
    await train(4, 'fresh', 6);
    await worker.resumeRun(own!);
    expect(await worker.latestCheckpoint()).toMatchObject({ step: 4, totalSteps: 6, config: { run: { seed: 5 } } });
    await train(4, 'continue');
    expect(host.runs.stored.get(own!)?.summary).toMatchObject({ step: 6, totalSteps: 6 });
    expect(host.runs.stored.size).toBe(2);

    await start();
    const before = host.runs.stored.get(none)!;
    await worker.resumeRun(none);
    await train(4, 'continue');
    expect(host.runs.stored.get(none)).toEqual(before);
    const copy = [...host.runs.stored.values()].find(({ label }) => label.name.endsWith(', continued'))!;
    expect(copy).toMatchObject({ label: { experiment: null }, summary: { step: 9 } });
    await expect(worker.resumeRun('nothing')).rejects.toThrow(/no checkpoint/);
  });

  it('come back from their file, which a checkpoint of the command line is too', async () => {
    await train(4, 'fresh');
    const [id] = [...host.runs.stored.keys()];
    const file = (await worker.exportRun(id!))!;
    const copy = await worker.importRun(file, 'copy');
    const [first, second] = [host.runs.stored.get(id!)!, host.runs.stored.get(copy)!];
    expect(second.label).toEqual(first.label);
    expect(second.curves).toEqual(first.curves);
    expect(second.previews.at(-1)).toEqual(first.previews.at(-1));
    expect(await worker.exportRun('nothing')).toBeNull();
    const other = await worker.importRun(host.checkpoints.stored[0]!.bytes.slice(0), 'from the command line');
    expect(host.runs.stored.get(other)).toMatchObject({
      label: { name: 'from the command line' },
      summary: { step: 4 },
    });
    await expect(worker.importRun(new ArrayBuffer(8), 'x')).rejects.toThrow();
  });

  it('cannot be taken up while training runs elsewhere', async () => {
    await train(2, 'fresh');
    const [own] = [...host.runs.stored.keys()];
    host.isTaken = true;
    await expect(worker.resumeRun(own!)).rejects.toThrow('Training runs already');
    host.isTaken = false;
    await worker.resumeRun(own!);
    expect(await worker.latestCheckpoint()).toMatchObject({ step: 2, totalSteps: 3 });
  });

  it('that were stopped go on to the steps that they were to reach', async () => {
    host.betweenSteps = (call) => void (call === 6 && api.stop());
    await train(8, 'fresh');
    const [own] = [...host.runs.stored.keys()];
    const { step } = host.runs.stored.get(own!)!.summary!;
    expect(step).toBeLessThan(8);
    await worker.resumeRun(own!);
    expect(await worker.latestCheckpoint()).toMatchObject({ step, totalSteps: 8 });
  });

  it('are left alone by a page that opens beside a training', async () => {
    await train(2, 'fresh');
    const before = [...host.runs.stored.keys()];
    let during: Promise<string[]> | undefined;
    host.betweenSteps = () => {
      if (host.checkpoints.stored[0]!.summary.config.run.seed === 6)
        during ??= api.keepTrainRun().then(() => [...host.runs.stored.keys()]);
    };
    await train(8, 'fresh', 6);
    expect(await during).toEqual(before);
    expect(host.runs.stored.size).toBe(2);
  });

  it('without a checkpoint yet are not exported', async () => {
    host.betweenSteps = () => void api.stopExperiment();
    await start();
    expect(steps()[1]).toBeUndefined();
    expect(await worker.exportRun(some)).toBeNull();
  });
});
