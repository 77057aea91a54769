import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageSource } from '../data/imageSource.ts';
import { createPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { registerReferenceKernels } from '../ops/reference.ts';
import { randomFromSeed } from '../random.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { presets } from './config.ts';
import type { LiveChange, TrainingConfig } from './config.ts';
import type { LossPoint, RunNote, TrainingEvent } from './events.ts';
import { stepBytes } from './microBatches.ts';
import type { StepMemory } from './microBatches.ts';
import { courseOfRun } from './plannedChanges.ts';
import { train } from './session.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

/** Smooth blotches, so that there is something to learn. */
function photo(seed: number): Pixels {
  const random = randomFromSeed(seed);
  const image = createPixels(40, 32);
  const [a, b, c] = [random.between(0.05, 0.3), random.between(0.05, 0.3), random.between(60, 190)];
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 40; x++) {
      for (let k = 0; k < 3; k++) image.data[(y * 40 + x) * 4 + k] = c + 50 * Math.sin(a * x + k) * Math.cos(b * y);
    }
  }
  return image;
}

const source: ImageSource = {
  clean: ['0', '1', '2', '3', '4', '5'],
  rainy: [],
  pairs: [],
  readClean: async (id) => photo(Number(id)),
  readRainy: async (id) => Promise.reject(new Error(`no ${id}`)),
  readPair: async (id) => Promise.reject(new Error(`no ${id}`)),
};

const tiny: TrainingConfig = {
  ...presets.quick,
  networks: { blocks: 1, filters: { f1: 3, f2: 3, f3: 3 }, imageSkip: true },
  run: { seed: 5, steps: 8, batch: 1, crop: 16, previewEvery: 4, validateEvery: 4, checkpointEvery: 4 },
  data: { ...presets.quick.data, heldOut: 1, validationCrop: 24 },
};

/** Without previews and with nothing to validate, so that many steps are done in a moment. */
const blind = (settings: Partial<TrainingConfig['run']>): TrainingConfig => ({
  ...tiny,
  run: { ...tiny.run, previewEvery: 1000, validateEvery: 1000, ...settings },
  data: { ...tiny.data, heldOut: 0 },
});

interface Wishes {
  /** Why the storage takes no checkpoint of this step; null: it does. */
  refuse?: (step: number) => Error | null;
  memory?: StepMemory;
  stopAfter?: number;
  change?: { after: number; to: LiveChange };
  /** Called between two steps, with the number of calls before. */
  betweenSteps?: (call: number) => void;
  keepBest?: (checkpoint: Checkpoint) => void;
}

async function run(config: TrainingConfig, from?: Checkpoint, wishes: Wishes = {}, images = source) {
  const events: TrainingEvent[] = [];
  const saved: Checkpoint[] = [];
  let step = 0;
  let time = 0;
  let change = wishes.change;
  let calls = 0;
  const control = {
    get stopRequested() {
      return wishes.stopAfter !== undefined && step >= wishes.stopAfter;
    },
    checkpointRequested: false,
    takeChange() {
      if (!change || step < change.after) return null;
      const { to } = change;
      change = undefined;
      return to;
    },
  };
  const ports = {
    source: images,
    now: () => (time += 200),
    yieldToEventLoop: async () => wishes.betweenSteps?.(calls++),
    keepBest: async (checkpoint: Checkpoint) => wishes.keepBest?.(checkpoint),
    saveCheckpoint: async (bytes: Uint8Array, { step: at }: Checkpoint) => {
      const error = wishes.refuse?.(at);
      if (error) throw error;
      saved.push(decodeCheckpoint(bytes));
    },
    control,
    ...(wishes.memory && { memory: wishes.memory }),
  };
  for await (const event of train(config, ports, from)) {
    events.push(event);
    if (event.type === 'stepped') step = event.points.at(-1)!.step;
  }
  return { events, saved, points: events.flatMap((event) => (event.type === 'stepped' ? event.points : [])) };
}

/** Biases of the student's block before its rectifier: far below 0, they make its units 0 on every image. */
function deadUnits(): tf.Variable {
  const found = Object.values(tf.engine().registeredVariables).filter(({ shape }) => shape.join() === '3');
  return found.at(-4)!; // head, block0.conv1, block0.conv2, body, tail
}

const objectives = (points: readonly LossPoint[]): number[] => points.map(({ objective }) => objective);

describe('a training run', () => {
  it('tells its whole story in order', async () => {
    const { events, points, saved } = await run(tiny);
    expect(events.map(({ type }) => type)).toEqual([
      'started',
      'previewed',
      'stepped',
      'stepped',
      'stepped',
      'stepped',
      'previewed',
      'validated',
      'checkpointed',
      'stepped',
      'stepped',
      'stepped',
      'stepped',
      'previewed',
      'validated',
      'checkpointed',
      'stopped',
    ]);
    expect(points.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(events.at(-1)).toMatchObject({ reason: 'finished', step: 8 });
    expect(saved.map(({ step }) => step)).toEqual([4, 8]);
    const { psnr, ssim, scores } = saved[1]!.validations[1]!;
    expect(scores!.student).toMatchObject({ psnrY: psnr.student, ssimY: ssim.student, psnrRgb: expect.any(Number) });
    expect(scores!.teacher).toMatchObject({ psnrY: psnr.teacher, mapPsnrY: psnr.rainMap });
    expect(scores!.rainy).toMatchObject({ psnrY: psnr.rainy, mapPsnrY: null });
    expect(events[0]).toMatchObject({ counts: { clean: 5, heldOut: 1 }, stepsPerEpoch: 243, microBatches: 1 });
  });

  it('shows what it has come to when it stops between two previews', async () => {
    const { events } = await run(tiny, undefined, { stopAfter: 2 });
    const told = events.filter(({ type }) => type !== 'stepped');
    expect(told.map(({ type }) => type)).toEqual(['started', 'previewed', 'previewed', 'checkpointed', 'stopped']);
    expect(told.at(-3)).toMatchObject({ step: 2 });
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await run(tiny);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('continues from a checkpoint on the very curve of an uninterrupted run', async () => {
    const whole = await run(tiny);
    const first = await run(tiny, undefined, { stopAfter: 3 });
    expect(first.events.at(-1)).toMatchObject({ type: 'stopped', reason: 'asked', step: 3 });
    const second = await run(tiny, first.saved.at(-1));
    expect(second.events[0]).toMatchObject({ type: 'started', step: 3 });
    const curve = [...objectives(first.points), ...objectives(second.points)];
    objectives(whole.points).forEach((value, i) => expect(curve[i]).toBeCloseTo(value, 5));
  });

  it('follows the same curve with its batch in parts, as the host’s memory asks for', async () => {
    const two = { ...tiny, run: { ...tiny.run, batch: 2, steps: 4 } };
    const whole = await run(two);
    const inMicroBatches = await run(two, undefined, { memory: { bytes: stepBytes(two, 2), largestTensor: Infinity } });
    expect([whole, inMicroBatches].map(({ events }) => events[0])).toMatchObject([
      { microBatches: 1 },
      { microBatches: 2 },
    ]);
    objectives(whole.points).forEach((value, i) => expect(objectives(inMicroBatches.points)[i]).toBeCloseTo(value, 4));
  });

  it('takes a live change before the next step, and marks it', async () => {
    const { events } = await run(tiny, undefined, { change: { after: 2, to: { lambda: 0 } } });
    expect(events.find(({ type }) => type === 'adjusted')).toEqual({
      type: 'adjusted',
      step: 3,
      change: { lambda: 0 },
      before: { lambda: 1.2 },
    });
  });

  it('goes back to the last sound numbers when a loss explodes, and gives up with a hint when that does not help', async () => {
    const wild = {
      ...tiny,
      hyperparameters: { ...tiny.hyperparameters, learningRate: 1, epsilon: 1e-12, lambda: 1000 },
    };
    const broken = {
      ...source,
      readClean: async (id: string) => ({
        ...photo(Number(id)),
        data: new Float32Array(40 * 32 * 4).fill(NaN) as never,
      }),
    };
    const { events } = await run(wild, undefined, {}, broken);
    expect(events.filter(({ type }) => type === 'rolledBack')).toHaveLength(4);
    expect(events.find(({ type }) => type === 'rolledBack')).toMatchObject({
      fromStep: 1,
      toStep: 0,
      learningRate: 0.5,
    });
    const last = events.at(-1)!;
    expect(last).toMatchObject({ type: 'stopped', reason: 'diverged', step: 0, storedStep: null });
    expect(last.type === 'stopped' && last.hint, 'no checkpoint to continue from').toMatch(/and start again\.$/);
  });

  it('goes back within 20 steps when its objective explodes to finite numbers, and stores no exploded weights', async () => {
    const change = { after: 4, to: { learningRate: 1 } };
    const { events, saved } = await run(blind({ steps: 8, checkpointEvery: 1 }), undefined, { change });
    const back = events.find((event) => event.type === 'rolledBack')!;
    expect(back.fromStep).toBeLessThanOrEqual(4 + 20);
    expect(back.reason).toMatch(/^The objective exploded to \d/);
    expect(saved.length).toBeGreaterThanOrEqual(4);
    for (const checkpoint of saved.slice(3, 5)) {
      const still = { ...checkpoint.config.hyperparameters, learningRate: 0 };
      const from = { ...checkpoint, config: { ...checkpoint.config, hyperparameters: still } };
      const next = await run(from.config, from, { stopAfter: checkpoint.step + 1 });
      if (checkpoint.step < 8) expect(next.events.map(({ type }) => type)).toContain('stepped');
      expect(
        next.events.map(({ type }) => type),
        `stored at step ${checkpoint.step}`,
      ).not.toContain('rolledBack');
    }
  }, 90_000);

  it('goes back within 20 steps from a weight of no sense that the objective does not show', async () => {
    const betweenSteps = (call: number): void => {
      if (call !== 11) return;
      const bias = deadUnits();
      tf.tidy(() => bias.assign(tf.fill(bias.shape, -1e9)));
    };
    const { events, saved } = await run(blind({ steps: 18, checkpointEvery: 10 }), undefined, { betweenSteps });
    const back = events.find((event) => event.type === 'rolledBack')!;
    expect(back).toMatchObject({ toStep: 10, reason: 'A weight has grown beyond any sense' });
    expect(back.fromStep).toBeLessThanOrEqual(12 + 20);
    expect(saved.map(({ step }) => step)).toEqual([10, 18]);
    for (const { arrays } of saved)
      for (const { data } of arrays.values()) expect(Math.max(...data.map(Math.abs))).toBeLessThan(1e6);
  }, 90_000);

  it('keeps the best weights that were ever validated, also where it went back from there', async () => {
    const kept: number[] = [];
    const { events } = await run({ ...tiny, run: { ...tiny.run, validateEvery: 5 } }, undefined, {
      change: { after: 7, to: { learningRate: 1e-9 } }, // learns next to nothing when it goes back
      betweenSteps: (call) => {
        if (call !== 7) return; // after step 7
        const bias = deadUnits();
        tf.tidy(() => bias.assign(tf.fill(bias.shape, NaN)));
      },
      keepBest: ({ validations }) => void kept.push(validations.at(-1)!.psnr.student),
    });
    expect(events.find((event) => event.type === 'rolledBack')).toMatchObject({ toStep: 4 });
    expect(kept).toEqual(kept.toSorted((a, b) => a - b));
    const told = events.flatMap((event) => (event.type === 'validated' ? event.psnr.student : []));
    expect(kept.at(-1)).toBe(Math.max(...told.filter(Number.isFinite)));
  }, 90_000);

  it('keeps what was set since the step that it goes back to, and says so there; a raised learning rate falls below the former', async () => {
    const change = { after: 5, to: { learningRate: 1, lambda: 0.5 } };
    const { events, saved } = await run(blind({ steps: 8 }), undefined, { change });
    const rate = blind({}).hyperparameters.learningRate / 2;
    const again: RunNote = { type: 'adjusted', step: 5, change: { lambda: 0.5 }, before: { lambda: 1.2 } };
    const at = events.findIndex(({ type }) => type === 'rolledBack');
    expect(events[at]).toMatchObject({ toStep: 4, learningRate: rate });
    expect(events[at + 1]).toEqual(again);
    const { config, notes } = saved.at(-1)!;
    expect(config.hyperparameters).toMatchObject({ learningRate: rate, lambda: 0.5 });
    expect(notes).toMatchObject([{ type: 'rolledBack' }, again]);
    expect(courseOfRun(config, notes)).toEqual({
      base: blind({ steps: 8 }),
      changes: [{ step: 5, set: 'lambda=0.5' }],
    });
  });

  it('does not call a run finished whose last step exploded', async () => {
    const config = blind({ steps: 6 });
    const { events } = await run(config, undefined, { change: { after: 5, to: { learningRate: 1 } } });
    expect(events.find(({ type }) => type === 'rolledBack')).toMatchObject({ fromStep: 6, toStep: 4 });
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished', step: 6, storedStep: 6 });
  });

  it('stores a step once when it stops right after its checkpoint', async () => {
    const { events, saved } = await run(blind({}), undefined, { stopAfter: 4 });
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'asked', step: 4, storedStep: 4, hint: null });
    expect(saved.map(({ step }) => step)).toEqual([4]);
  });

  it('continued and stopped at once, stores nothing: its checkpoint is there already', async () => {
    const { saved } = await run(blind({}), undefined, { stopAfter: 4 });
    const again = await run(blind({}), saved[0], { stopAfter: 0 });
    expect(again.events.at(-1)).toMatchObject({ type: 'stopped', step: 4, storedStep: 4, hint: null });
    expect(again.saved).toEqual([]);
  });

  it('says why a checkpoint was not stored even where the error is silent, and which one is', async () => {
    const full = new DOMException('', 'QuotaExceededError');
    const { events } = await run(blind({}), undefined, { refuse: (step) => (step > 4 ? full : null) });
    expect(events.at(-2)).toMatchObject({
      type: 'failed',
      kind: 'storage',
      reason: 'The checkpoint of step 8 could not be stored: QuotaExceededError.',
      hint: expect.stringMatching(/^The newest stored checkpoint is that of step 4\. Free some space/),
    });
    expect(events.at(-1)).toMatchObject({ type: 'stopped', reason: 'finished', step: 8, storedStep: 4 });
    expect((await run(blind({}), undefined, { refuse: () => full })).events.at(-1)).toMatchObject({
      storedStep: null,
      hint: 'No checkpoint is stored.',
    });
  });

  it.each([
    ['no images', tiny, { ...source, clean: [] }, { kind: 'noImages' }],
    [
      'an image that cannot be read',
      tiny,
      { ...source, readClean: async () => Promise.reject(new Error('photo 3 is damaged')) },
      { reason: 'photo 3 is damaged' },
    ],
    [
      'networks that have no room here, before anything is made of them',
      { ...tiny, networks: { ...tiny.networks, blocks: 64, filters: { f1: 256, f2: 256, f3: 256 } } },
      source,
      {
        kind: 'config',
        reason: expect.stringMatching(/^These networks have 2\d\d million parameters: .* over \d+\.\d GB/),
      },
    ],
    [
      'an impossible setting',
      { ...tiny, run: { ...tiny.run, crop: 3 } },
      source,
      { kind: 'config', reason: 'The setting run.crop must be a whole number from 16 to 512, not 3.' },
    ],
  ])('reports %s as an event', async (_, config, images, expected) => {
    const { events } = await run(config, undefined, {}, images);
    expect(events.at(-1)).toMatchObject({ type: 'failed', ...expected });
  });
});
