/**
 * Students of several teachers, distilled from the same unpaired images, on the same held-out pairs; and what a step costs while a
 * teacher is run in it, and once its outputs are kept. Prints two tables.
 *
 *   npm run distil:trial -- --clean DIR… --pairs DIR --teacher FILE… [--steps 1000] [--preset quick] [--set NAME=VALUE…] [--threads 2]
 *
 * Of the pairs 1–180 only the rainy halves are learned from, as unpaired rainy photos; 181–200 are measured. A file is named as
 * for `train --teacher`, 'prenet-real=FILE' where its arrays fit several networks. `--steps 0` leaves the students out.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { startBackend } from '../cli/backend.ts';
import { modelPath, readModel } from '../cli/modelPath.ts';
import { readOptions, required } from '../cli/options.ts';
import { alignedText } from '../cli/scoreTable.ts';
import { withSettings } from '../cli/settings.ts';
import { trainCommand } from '../cli/train.ts';
import { createNetworks, networkShapes } from '../src/core/architectures/networks.ts';
import { createAdam } from '../src/core/paper/adam.ts';
import { networkNames } from '../src/core/paper/networks.ts';
import type { Batch, Images } from '../src/core/paper/notation.ts';
import { trainingStep, variablesOf } from '../src/core/paper/trainingStep.ts';
import { randomFromSeed } from '../src/core/random.ts';
import { presets } from '../src/core/training/config.ts';
import type { PresetName } from '../src/core/training/config.ts';
import type { LossPoint, Validated } from '../src/core/training/events.ts';
import { FixedTeacher } from '../src/core/training/fixedTeacher.ts';
import { asTeacher, assignPretrained, withPretrained } from '../src/core/training/pretrained.ts';
import type { Pretrained } from '../src/core/training/pretrained.ts';

const { values } = readOptions(process.argv.slice(2), {
  clean: 'list',
  pairs: 'text',
  teacher: 'list',
  steps: 'text',
  preset: 'text',
  set: 'list',
  threads: 'text',
});
const { clean, steps = '1000', preset: presetName = 'quick', threads = '2' } = values;
const pairs = required('pairs', values.pairs);
if (clean.length === 0 || values.teacher.length === 0) throw new Error('--clean DIR… and --teacher FILE… are needed.');
const preset = withSettings(presets[presetName as PresetName], values.set);
/** Each kind of step is taken so often, in turn; the quickest counts. */
const ROUNDS = 9;

const students = [['teacher', 'steps', 'rainy', 'teacher', 'student', 'ms per step, teacher run once']];
const durations = [['teacher', 'run in the step', 'outputs kept', 'the student alone']];
for (const file of values.teacher) {
  const name = basename(modelPath(file).path);
  if (steps !== '0') students.push([name, steps, ...(await distilled(file))]);
  durations.push([name, ...(await stepDurations(file)).map((ms) => ms.toFixed(0))]);
}
if (students.length > 1) console.log(`PSNR-Y of pairs 181–200, dB, and what a step took\n${alignedText(students)}\n`);
console.log(
  `Processor time of a step of the preset '${[presetName, ...values.set].join(' ')}', ms\n${alignedText(durations)}`,
);

/** A short run; what it measured at its end. */
async function distilled(teacher: string): Promise<string[]> {
  const out = await mkdtemp(join(tmpdir(), 'petrichor-distil-'));
  try {
    const data = ['--clean', ...clean, '--hold-out-suite', '--rainy-of-pairs', pairs];
    const chosen = ['--train-only', '1-180', '--validate-only', '181-200', '--set', `validateEvery=${steps}`];
    const run = ['--preset', presetName, '--steps', steps, '--out', out, '--backend', 'wasm', '--threads', threads];
    const real = ['real.photos=1', 'real.generated=0', 'rainFreeShare=0', 'ema=0.98', ...values.set];
    await trainCommand.run([...data, ...chosen, ...real, ...run, '--teacher', teacher]);
    const log = (await readFile(join(out, 'log.jsonl'), 'utf8')).trim().split('\n');
    const events = log.map((line) => JSON.parse(line) as { readonly type: string });
    const { psnr } = events.findLast(({ type }) => type === 'validated') as Validated;
    const points = events.flatMap((event) =>
      event.type === 'stepped' ? (event as unknown as { readonly points: readonly LossPoint[] }).points : [],
    );
    const figures = [psnr.rainy, psnr.teacher, psnr.student].map((value) => value.toFixed(2));
    return [...figures, median(points.map(({ stepMs }) => stepMs)).toFixed(0)];
  } finally {
    await rm(out, { recursive: true });
  }
}

/** Processor time, milliseconds, of a step that runs the teacher, of one that takes what was kept of it, and of the student's update alone. */
async function stepDurations(file: string): Promise<[number, number, number]> {
  await startBackend('wasm', Number(threads), (reason) => console.error(reason));
  const start: Pretrained = { teacher: asTeacher(await readModel(modelPath(file))) };
  const config = withPretrained(preset, start);
  const shapes = networkShapes(config.networks);
  const networks = createNetworks(shapes, randomFromSeed(1));
  assignPretrained(networks, shapes, start);
  const adam = createAdam(variablesOf(networks, networkNames));
  const batch = batchOf(config.run.batch, config.run.crop);
  const fixed = new FixedTeacher(networks, new Map([['', { data: Float32Array.of(0) }]]), undefined);
  const squares = batch.direction.map((_, i) => i);
  const update = async (given: Batch): Promise<void> => {
    const losses = trainingStep(networks, adam, given, config.hyperparameters, 1e-4);
    await losses.data();
    losses.dispose();
  };
  const kept = async (): Promise<Batch> => ({ ...batch, onReal: await fixed.outputsOn(batch.xReal, squares) });
  const once = await kept();
  const kinds = [
    () => update(batch),
    async () => {
      const given = await kept();
      await update(given);
      tf.dispose([given.onReal!.z, given.onReal!.y]);
    },
    () => update(once),
  ];
  const quickest = kinds.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, run] of kinds.entries()) quickest[i] = Math.min(quickest[i]!, await durationOf(run));
  }
  return quickest as [number, number, number];
}

function batchOf(n: number, side: number): Batch {
  const noise = (seed: number): Images => tf.randomUniform([n, side, side, 3], 0, 1, 'float32', seed);
  const yGt = noise(1);
  return { xSyn: yGt, yGt, zGt: tf.zerosLike(yGt), xReal: noise(2), direction: Array<number>(n).fill(9) };
}

/** Processor time of all threads, milliseconds: what a busy machine does besides is no part of it. */
async function durationOf(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}
