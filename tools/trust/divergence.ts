import * as tf from '@tensorflow/tfjs';
import type { Variable } from '@tensorflow/tfjs';
import { startBackend } from '../../cli/backend.ts';
import type { ImageSource } from '../../src/core/data/imageSource.ts';
import { createPixels } from '../../src/core/images/pixels.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { allFinite, decodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import type { Checkpoint } from '../../src/core/training/checkpoint.ts';
import { presets } from '../../src/core/training/config.ts';
import type { LiveChange, TrainingConfig } from '../../src/core/training/config.ts';
import type { LossPoint, TrainingEvent } from '../../src/core/training/events.ts';
import { studentOf } from '../../src/core/training/exportModel.ts';
import type { TrainingControl, TrainingPorts } from '../../src/core/training/ports.ts';
import { train } from '../../src/core/training/session.ts';
import { decodeStudent, encodeStudent } from '../../src/core/weights/modelFile.ts';
import { countsOf } from './row.ts';
import type { TrustRow } from './row.ts';

/** What goes wrong in a run before one of its steps: with its weights, or by a change of its settings. */
type Poison = (random: Random) => LiveChange | null;

const poisons: Readonly<Record<'NaN' | 'explosion', Readonly<Record<string, Poison>>>> = {
  NaN: {
    'one weight': (random) => inTensor(random, (values) => void (values[random.below(values.length)] = NaN)),
    'a tensor': (random) => inTensor(random, (values) => void values.fill(NaN)),
  },
  explosion: {
    'a tensor': (random) => inTensor(random, (values) => void values.fill(10 ** random.between(4, 15))),
    'one weight': (random) =>
      inTensor(random, (values) => void (values[random.below(values.length)] = 10 ** random.between(6, 15))),
    'the learning rate': (random) => ({ learningRate: random.between(0.3, 1) }),
  },
};

const STEPS = 90;
/** The steps before one of which something goes wrong. */
const EARLIEST = 5;
const LATEST = 65;
/** Steps within which it must be found. */
const WITHIN = 20;
/** An objective or a weight of these networks above it has exploded. */
const MOST = 1_000;

/**
 * Trains small networks on one thread of WASM, and writes numbers that are not finite into the weights of a random
 * network after a random step, `count` times, and immense ones, or sets an immense learning rate, another `count` times. Each time
 * the run goes back to before it within 20 steps, stores nothing of it, keeps the best validated weights, and goes on to its end or says that
 * it diverged.
 */
export async function checkDivergence(count: number, seed: number): Promise<TrustRow[]> {
  await startBackend('wasm', 1, () => undefined);
  const random = randomFromSeed(seed);
  const rows: TrustRow[] = [];
  for (const [name, kinds] of Object.entries(poisons)) rows.push(await rowOf(name, kinds, count, random));
  return rows;
}

async function rowOf(
  name: string,
  kinds: Readonly<Record<string, Poison>>,
  count: number,
  random: Random,
): Promise<TrustRow> {
  const faults: string[] = [];
  const tried: string[] = [];
  const ends: string[] = [];
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const kind = Object.keys(kinds)[i % Object.keys(kinds).length]!;
    tried.push(kind);
    const { end, after, problems } = await poisonedRun(kinds[kind]!, random);
    ends.push(end);
    slowest = Math.max(slowest, after);
    faults.push(...problems.map((problem) => `${i} (${kind}): ${problem}`));
  }
  const outcome = `halted at most ${slowest} steps after; ${countsOf(ends)}; the best weights kept`;
  return { check: `divergence: ${name}`, tried: countsOf(tried.map((kind) => `in ${kind}`)), outcome, faults };
}

interface Told {
  /** How the run ended. */
  readonly end: string;
  /** Steps from what went wrong to where it was found. */
  readonly after: number;
  readonly problems: readonly string[];
}

async function poisonedRun(poison: Poison, random: Random): Promise<Told> {
  const first = EARLIEST + random.below(LATEST - EARLIEST);
  const events: TrainingEvent[] = [];
  const stored: Checkpoint[] = [];
  const best: Checkpoint[] = [];
  const control: TrainingControl = {
    stopRequested: false,
    checkpointRequested: false,
    takeChange(step) {
      const isNow = step === first && !events.some(({ type }) => type === 'rolledBack');
      return isNow ? poison(random) : null;
    },
  };
  const ports: TrainingPorts = {
    source: sourceOf(random),
    now: () => performance.now(),
    yieldToEventLoop: async () => undefined,
    saveCheckpoint: async (bytes) => void stored.push(decodeCheckpoint(bytes)),
    keepBest: async (checkpoint) => void best.push(checkpoint),
    control,
  };
  for await (const event of train(runOf(random), ports)) events.push(event);
  const problems = [
    ...problemsOfCurve(events),
    ...stored.flatMap(problemsOfCheckpoint),
    ...problemsOfBest(best, events),
  ];
  const back = events.find((event) => event.type === 'rolledBack');
  if (!back) return { end: 'unnoticed', after: 0, problems: [...problems, 'nothing was rolled back'] };
  const after = back.fromStep - first + 1;
  if (after > WITHIN) problems.push(`found after ${after} steps`);
  if (back.toStep >= first) problems.push(`went back to step ${back.toStep}, but step ${first} was the first`);
  const end = events.at(-1)!;
  const isEnd =
    end.type === 'stopped' && (end.reason === 'finished' || (end.reason === 'diverged' && end.hint !== null));
  if (!isEnd) problems.push(`ended by ${JSON.stringify(end)}`);
  const hasDiverged = end.type === 'stopped' && end.reason === 'diverged';
  return { end: hasDiverged ? 'told to have diverged' : 'trained to the end', after, problems };
}

/** The curve, as a page draws it, holds every step once and none that exploded. */
function problemsOfCurve(events: readonly TrainingEvent[]): string[] {
  let curve: LossPoint[] = [];
  for (const event of events) {
    if (event.type === 'stepped') curve.push(...event.points);
    if (event.type === 'rolledBack') curve = curve.filter(({ step }) => step <= event.toStep);
  }
  const problems: string[] = [];
  if (curve.some(({ step }, i) => step !== i + 1)) problems.push('the curve lacks steps, or holds some twice');
  const worst = Math.max(...curve.map(({ objective }) => objective));
  if (!(worst < MOST)) problems.push(`an objective of ${worst} is on the curve`);
  return problems;
}

/** A stored checkpoint can be gone on from: its numbers are finite, and of sound networks. */
function problemsOfCheckpoint({ step, arrays }: Checkpoint): string[] {
  if (!allFinite(arrays)) return [`the checkpoint of step ${step} holds numbers that are not finite`];
  const weights = [...arrays].filter(([name]) => name.startsWith('weights/'));
  const largest = Math.max(...weights.flatMap(([, { data }]) => [...data].map(Math.abs)));
  return largest < MOST ? [] : [`the checkpoint of step ${step} holds a weight of ${largest}`];
}

/** The best weights are those of the best validation that was told, and can be opened. */
function problemsOfBest(kept: readonly Checkpoint[], events: readonly TrainingEvent[]): string[] {
  const told = events
    .flatMap((event) => (event.type === 'validated' ? event.psnr.student : []))
    .filter(Number.isFinite);
  const last = kept.at(-1);
  if (!last) return told.length > 0 ? ['there are no best weights'] : [];
  try {
    decodeStudent(encodeStudent(studentOf(last, 'average', '2026-01-01')));
  } catch (error) {
    return [`the best weights, of step ${last.step}, cannot be opened: ${String(error)}`];
  }
  const [psnr, best] = [last.validations.at(-1)!.psnr.student, Math.max(...told)];
  return psnr === best ? [] : [`the weights of ${psnr} dB are kept as the best, though ${best} dB were reached`];
}

function runOf(random: Random): TrainingConfig {
  const run = {
    seed: random.below(1_000),
    steps: STEPS,
    batch: 1,
    crop: 16,
    previewEvery: 1_000,
    validateEvery: 5 + random.below(15),
    checkpointEvery: 10 + random.below(30),
  };
  return {
    ...presets.quick,
    networks: { blocks: 1, filters: { f1: 3, f2: 3, f3: 3 }, imageSkip: true },
    run,
    data: { ...presets.quick.data, heldOut: 1, validationCrop: 24 },
  };
}

/** Six clean images of smooth blotches. */
function sourceOf(random: Random): ImageSource {
  const images = Array.from({ length: 6 }, () => {
    const image = createPixels(40, 32);
    const [a, b, c] = [random.between(0.05, 0.3), random.between(0.05, 0.3), random.between(60, 190)];
    for (let i = 0; i < image.data.length; i++) {
      const [x, y, k] = [(i >> 2) % 40, Math.floor((i >> 2) / 40), i % 4];
      image.data[i] = k === 3 ? 255 : c + 50 * Math.sin(a * x + k) * Math.cos(b * y);
    }
    return image;
  });
  const none = async (id: string): Promise<never> => Promise.reject(new Error(`There is no ${id}.`));
  return {
    clean: images.map((_, i) => String(i)),
    rainy: [],
    pairs: [],
    readClean: async (id) => images[Number(id)]!,
    readRainy: none,
    readPair: none,
  };
}

/** Changes the values of a random tensor of weights. */
function inTensor(random: Random, change: (values: Float32Array) => void): null {
  const variables = Object.values(tf.engine().registeredVariables) as Variable[];
  const variable = variables[random.below(variables.length)]!;
  const values = variable.dataSync().slice() as Float32Array;
  change(values);
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  return null;
}
