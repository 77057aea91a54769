import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageSource } from '../data/imageSource.ts';
import { createPixels } from '../images/pixels.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import { randomFromSeed } from '../random.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { presets } from './config.ts';
import { begunWith, plannedRuns } from './experiment.ts';
import type { Experiment, PlannedRun } from './experiment.ts';
import { runExperiment } from './experimentRunner.ts';
import type { ExperimentEvent, ExperimentPorts, RunState } from './experimentRunner.ts';
import type { TrainingEvent } from './events.ts';
import { studentOf, teacherOf } from './exportModel.ts';
import { courseOfRun } from './plannedChanges.ts';
import type { TrainingPorts } from './ports.ts';
import type { Pretrained } from './pretrained.ts';
import { decodeRun, encodeRun } from './runFile.ts';
import type { RunLabel } from './runFile.ts';
import { train } from './session.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

const source: ImageSource = {
  clean: ['1', '2', '3'],
  rainy: [],
  pairs: [],
  readClean: async (id) => {
    const random = randomFromSeed(Number(id));
    const image = createPixels(40, 32);
    for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : 80 + 60 * random.uniform();
    return image;
  },
  readRainy: async (id) => Promise.reject(new Error(`no ${id}`)),
  readPair: async (id) => Promise.reject(new Error(`no ${id}`)),
};

const experiment: Experiment = {
  kind: 'own',
  title: 'λ',
  base: {
    ...presets.quick,
    networks: { blocks: 1, filters: { f1: 1, f2: 1, f3: 1 }, imageSkip: true },
    run: { seed: 1, steps: 4, batch: 1, crop: 16, previewEvery: 4, validateEvery: 4, checkpointEvery: 100 },
    data: { ...presets.quick.data, heldOut: 1, validationCrop: 24 },
  },
  variants: [
    { name: 'none', set: 'lambda=0' },
    { name: 'some', set: 'lambda=1.2' },
  ],
  seeds: [1],
};
const [none, some] = plannedRuns(experiment).map(({ key }) => key) as [string, string];

const trainingPorts = (save: (bytes: Uint8Array) => void): Omit<TrainingPorts, 'control'> => ({
  source,
  now: () => 0,
  yieldToEventLoop: () => new Promise((resolve) => setTimeout(resolve)),
  saveCheckpoint: async (bytes) => save(bytes),
});

/** Checkpoints in memory, and what the host asks for. */
class Host implements ExperimentPorts {
  readonly stored = new Map<string, Uint8Array>();
  readonly states = new Map<string, RunState>();
  readonly kept = new Map<string, Pretrained>();
  stopRequested = false;
  steps = 4;
  readonly control = this as ExperimentPorts['control'];
  isFull = false;

  stateOf = ({ key }: PlannedRun): RunState => this.states.get(key) ?? 'active';
  stepsOf = (): number => this.steps;
  trainingPorts = ({ key }: PlannedRun): Omit<TrainingPorts, 'control'> =>
    trainingPorts((bytes) => {
      if (this.isFull) throw new Error('The disk is full.');
      this.stored.set(key, bytes);
    });
  weightsOf = async (id: string): Promise<Pretrained | null> => this.kept.get(id) ?? null;
  latestCheckpoint = async ({ key }: PlannedRun) => {
    const bytes = this.stored.get(key);
    return bytes ? decodeCheckpoint(bytes) : null;
  };
}

async function run(
  host: Host,
  until: (event: ExperimentEvent) => boolean = () => false,
  what = experiment,
): Promise<ExperimentEvent[]> {
  const events: ExperimentEvent[] = [];
  for await (const event of runExperiment(what, host, 2)) {
    events.push(event);
    if (until(event)) break;
  }
  return events;
}

const turns = (events: readonly ExperimentEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'turnStarted' ? [event.key] : []));
const objectives = (events: readonly TrainingEvent[]): number[] =>
  events.flatMap((event) => (event.type === 'stepped' ? event.points.map(({ objective }) => objective) : []));
const eventsOf = (events: readonly ExperimentEvent[], key: string): TrainingEvent[] =>
  events.flatMap((event) => (event.type === 'runEvent' && event.key === key ? [event.event] : []));

/** Every session draws previews, which take seconds on a busy processor. */
const patient = { timeout: 120_000 };

describe('an experiment', patient, () => {
  it('gives its variants turns, each on the curve of a run of its own, and leaves nothing on the device', async () => {
    const tensors = tf.memory().numTensors;
    const events = await run(new Host());
    expect(turns(events)).toEqual([none, some, none, some]);
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'finished' });
    expect(tf.memory().numTensors).toBe(tensors);
    for (const { key, config } of plannedRuns(experiment)) {
      const alone: TrainingEvent[] = [];
      const control = { stopRequested: false, checkpointRequested: false, takeChange: () => null };
      for await (const event of train(config, { ...trainingPorts(() => undefined), control })) alone.push(event);
      expect(objectives(eventsOf(events, key))).toEqual(objectives(alone));
      expect(objectives(alone).length).toBe(4);
      expect(eventsOf(events, key).filter(({ type }) => type === 'validated')).toEqual(
        alone.filter(({ type }) => type === 'validated'),
      );
      expect(eventsOf(events, key).filter(({ type }) => type === 'started').length).toBe(1);
    }
  });

  it('goes on after a crash within a turn, and loses no more than that turn', async () => {
    const host = new Host();
    let begun = 0;
    await run(host, (event) => {
      if (event.type === 'turnStarted') begun++;
      return begun === 4 && event.type === 'runEvent' && event.event.type === 'stepped';
    });
    const events = await run(host);
    expect(events[0]).toEqual({
      type: 'planned',
      runs: [
        { key: none, step: 4 },
        { key: some, step: 2 },
      ],
    });
    expect(turns(events)).toEqual([some]);
    for (const { key } of plannedRuns(experiment)) expect(decodeCheckpoint(host.stored.get(key)!).step).toBe(4);
  });

  it('passes over a paused variant, which catches up later, and leaves a dropped one', async () => {
    const host = new Host();
    const paused = await run(host, (event) => {
      if (event.type === 'turnEnded') host.states.set(some, 'paused');
      return false;
    });
    expect(turns(paused)).toEqual([none, none]);
    expect(paused.at(-1)).toEqual({ type: 'ended', reason: 'paused' });
    host.states.set(some, 'active');
    expect(turns(await run(host))).toEqual([some, some]);
    host.steps = 6;
    host.states.set(some, 'dropped');
    const extended = await run(host);
    expect(turns(extended)).toEqual([none]);
    expect(extended.at(-1)).toEqual({ type: 'ended', reason: 'finished' });
    expect(decodeCheckpoint(host.stored.get(none)!).step).toBe(6);
  });

  it('begins a variant with the weights of a kept run, on networks of its size', async () => {
    const wide = { ...experiment.base, networks: { ...experiment.base.networks, filters: { f1: 2, f2: 2, f3: 2 } } };
    const before = new Host();
    await run(before, undefined, { ...experiment, base: wide, variants: experiment.variants.slice(1) });
    const kept = decodeCheckpoint(before.stored.get(some)!);
    const variants = [...begunWith(experiment.variants.slice(1), 'kept', wide), experiment.variants[0]!];
    const rates = { ...experiment.base.hyperparameters, learningRate: 1e-9 };
    const begun = { ...experiment, base: { ...experiment.base, hyperparameters: rates }, variants };
    const date = new Date(0).toISOString();
    const host = new Host();
    host.kept.set('kept', { teacher: teacherOf(kept, 'average', date), student: studentOf(kept, 'average', date) });
    await run(host, undefined, begun);
    const { arrays } = decodeCheckpoint(host.stored.get(some)!);
    const name = 'f3/head.weight';
    expect(arrays.get(`weights/${name}`)!.shape).toEqual([3, 3, 3, 2]);
    const [first] = arrays.get(`weights/${name}`)!.data;
    expect(first).toBeCloseTo(kept.arrays.get(`adam/average/${name}`)!.data[0]!, 6);
    expect(decodeCheckpoint(host.stored.get(none)!).arrays.get(`weights/${name}`)!.shape).toEqual([3, 3, 3, 1]);

    host.kept.clear();
    host.stored.clear();
    const events = await run(host, undefined, begun);
    expect(eventsOf(events, some)).toMatchObject([{ type: 'failed', kind: 'checkpoint' }]);
    expect(decodeCheckpoint(host.stored.get(none)!).step).toBe(4);
  });

  it('makes the changes that are planned, once each, whatever turns it takes', async () => {
    const changes = [
      { step: 2, set: 'lambda=2' },
      { step: 3, set: 'lambda=3' },
    ];
    const host = new Host();
    await run(host, undefined, { ...experiment, changes });
    const { notes, config } = decodeCheckpoint(host.stored.get(none)!);
    expect(notes).toEqual([
      { type: 'adjusted', step: 2, change: { lambda: 2 }, before: { lambda: 0 } },
      { type: 'adjusted', step: 3, change: { lambda: 3 }, before: { lambda: 2 } },
    ]);
    expect(courseOfRun(config, notes)).toEqual({ base: plannedRuns(experiment)[0]!.config, changes });
  });

  it('takes a run out that storage has no room for, instead of doing the same turn for ever', async () => {
    const host = new Host();
    host.isFull = true;
    const events = await run(host);
    expect(turns(events)).toEqual([none, some]);
    expect(eventsOf(events, none).some((event) => event.type === 'failed' && event.kind === 'storage')).toBe(true);
    expect(host.stored.size).toBe(0);
  });
});

describe('the file of a run', patient, () => {
  it('holds checkpoint, label and previews; training goes on from it', async () => {
    const host = new Host();
    const events = await run(host);
    const checkpoint = decodeCheckpoint(host.stored.get(some)!);
    const preview = eventsOf(events, some).findLast((event) => event.type === 'previewed')!;
    const label: RunLabel = {
      name: 'some, “seed 1”',
      notes: 'first',
      createdAt: 5,
      experiment: { id: 'x', title: 'λ', variant: 'some', set: 'lambda=1.2' },
    };
    const bytes = encodeRun({ label, checkpoint, preview });
    expect(decodeRun(bytes)).toEqual({ label, checkpoint, preview });
    expect(decodeCheckpoint(bytes)).toMatchObject({ step: 4, history: checkpoint.history });
    expect(decodeRun(encodeCheckpoint(checkpoint))).toEqual({ label: null, checkpoint, preview: null });
    bytes[bytes.length - 1]! ^= 1;
    expect(() => decodeRun(bytes)).toThrow(/checksum/);
  });
});
