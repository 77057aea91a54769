import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerReferenceKernels } from '../ops/reference.ts';
import { randomFromSeed } from '../random.ts';
import { createAdam } from './adam.ts';
import { paperHyperparameters } from './hyperparameters.ts';
import { createNetworks, networkShapes } from '../architectures/networks.ts';
import type { NetworkName } from './networks.ts';
import type { Batch, Images } from './notation.ts';
import { lossTermNames } from './lossTerms.ts';
import { runTeacher, trainingStep, variablesOf } from './trainingStep.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

function images(n: number, side: number, seed: number): Images {
  const random = randomFromSeed(seed);
  return tf.tensor4d(
    Float32Array.from({ length: n * side * side * 3 }, () => random.uniform()),
    [n, side, side, 3],
  );
}

function batchOf(n: number, side: number): Batch {
  const yGt = images(n, side, 1);
  const zGt = tf.mul(0.3, images(n, side, 2)) as Images;
  return {
    xSyn: tf.add(yGt, zGt),
    yGt,
    zGt,
    xReal: images(n, side, 3),
    direction: Array.from({ length: n }, (_, i) => 7 + i),
  };
}

it('leaves a teacher that was trained before as it is, and moves the student alone', () => {
  const networks = createNetworks(
    networkShapes({ blocks: 1, teacherBlocks: 2, filters: { f1: 3, f2: 3, f3: 4 }, imageSkip: true }),
    randomFromSeed(7),
  );
  const adam = createAdam(variablesOf(networks, ['f1', 'f2', 'f3']));
  const numbers = (names: readonly NetworkName[]): number[] =>
    [...variablesOf(networks, names).values()].flatMap((v) => [...v.dataSync()]);
  const [teacher, student] = [numbers(['f1', 'f2']), numbers(['f3'])];
  const batch = batchOf(2, 12);
  const distilled: number[] = [];
  let tensors = 0;
  for (let step = 0; step < 12; step++) {
    const losses = trainingStep(networks, adam, batch, { ...paperHyperparameters, mode: 'student' }, 4e-3);
    const [content, direction, reconstruction, , , distillReal, distillRef] = losses.dataSync();
    expect([content, direction, reconstruction]).toEqual([0, 0, 0]);
    distilled.push(distillReal! + 10 * distillRef!);
    losses.dispose();
    if (step === 1) tensors = tf.memory().numTensors;
  }
  expect(numbers(['f1', 'f2'])).toEqual(teacher);
  expect(numbers(['f3'])).not.toEqual(student);
  expect(distilled.at(-1)!).toBeLessThan(0.9 * distilled[0]!);
  expect(tf.memory().numTensors).toBe(tensors);
});

it('runs no teacher where (zReal, yReal) come with the batch, with the same result', () => {
  const run = (given: boolean): number[] => {
    const networks = createNetworks(
      networkShapes({ blocks: 1, filters: { f1: 3, f2: 3, f3: 4 }, imageSkip: true }),
      randomFromSeed(7),
    );
    const adam = createAdam(variablesOf(networks, ['f1', 'f2', 'f3']));
    const plain = batchOf(2, 12);
    const batch = given ? { ...plain, onReal: runTeacher(networks, plain.xReal) } : plain;
    const absent = { variables: networks.f1.variables, apply: () => expect.fail('The teacher ran.') };
    const step = given ? { ...networks, f1: absent, f2: absent } : networks;
    const h = { ...paperHyperparameters, mode: 'student' as const };
    const losses = [1, 2].flatMap(() => [...trainingStep(step, adam, batch, h, 4e-3).dataSync()]);
    if (batch.onReal) expect([batch.onReal.z.isDisposed, batch.onReal.y.isDisposed]).toEqual([false, false]);
    return losses;
  };
  expect(run(true)).toEqual(run(false));
});

it('shows the student labelled rain where its weight says so, and does not compute it otherwise', () => {
  const run = (labelled: number): { values: Float32Array; applied: number[] } => {
    const networks = createNetworks(
      networkShapes({ blocks: 1, filters: { f1: 3, f2: 3, f3: 4 }, imageSkip: true }),
      randomFromSeed(7),
    );
    const applied: number[] = [];
    const f3 = { ...networks.f3, apply: (x: Images) => (applied.push(x.shape[0]), networks.f3.apply(x)) };
    const adam = createAdam(variablesOf(networks, ['f1', 'f2', 'f3']));
    const h = { ...paperHyperparameters, labelled };
    const values = trainingStep({ ...networks, f3 }, adam, batchOf(2, 12), h, 1e-3).dataSync() as Float32Array;
    return { values, applied };
  };
  const [off, on] = [run(0), run(2)];
  const at = lossTermNames().indexOf('labelled');
  expect([off.applied, on.applied]).toEqual([[4], [6]]);
  expect(off.values[at]).toBe(0);
  expect(on.values[at]).toBeGreaterThan(0);
  on.values.slice(0, at).forEach((value, i) => expect(value).toBeCloseTo(off.values[i]!, 5));
});

it('leaves the real batch out where a teacher alone is told so, and nothing else', () => {
  const networks = createNetworks(
    networkShapes({ blocks: 1, filters: { f1: 3, f2: 3, f3: 4 }, imageSkip: true }),
    randomFromSeed(7),
  );
  const adam = createAdam(variablesOf(networks, ['f1', 'f2', 'f3']));
  const h = { ...paperHyperparameters, mode: 'teacher' as const };
  const [content, direction, reconstruction, tv, cycle] = trainingStep(networks, adam, batchOf(2, 12), h, 4e-3, {
    real: false,
  }).dataSync();
  expect([content, direction, reconstruction].every((value) => value! > 0)).toBe(true);
  expect([tv, cycle]).toEqual([0, 0]);
  expect(adam.state().counts).toMatchObject({ synthetic: 1 });
  expect(adam.state().counts['real'] ?? 0).toBe(0);
});

it('moves the teacher alone, exactly as in turn with the student', () => {
  const step = (mode: 'teacher' | 'alternating'): { losses: number[]; teacher: number[]; student: number[] } => {
    const networks = createNetworks(
      networkShapes({ blocks: 1, filters: { f1: 3, f2: 3, f3: 4 }, imageSkip: true }),
      randomFromSeed(7),
    );
    const adam = createAdam(variablesOf(networks, ['f1', 'f2', 'f3']));
    const losses = [
      ...trainingStep(networks, adam, batchOf(2, 12), { ...paperHyperparameters, mode }, 4e-3).dataSync(),
    ];
    const numbers = (names: readonly NetworkName[]): number[] =>
      [...variablesOf(networks, names).values()].flatMap((v) => [...v.dataSync()]);
    return { losses, teacher: numbers(['f1', 'f2']), student: numbers(['f3']) };
  };
  const untouched = [
    ...variablesOf(
      createNetworks(
        networkShapes({ blocks: 1, filters: { f1: 3, f2: 3, f3: 4 }, imageSkip: true }),
        randomFromSeed(7),
      ),
      ['f3'],
    ).values(),
  ].flatMap((v) => [...v.dataSync()]);
  const [alone, inTurn] = [step('teacher'), step('alternating')];
  expect(alone.teacher).toEqual(inTurn.teacher);
  expect(alone.student).toEqual(untouched);
  expect(alone.losses).toEqual([...inTurn.losses.slice(0, 5), 0, 0, 0]);
});

it('without a teacher, moves the student alone, down the loss of labelled rain', () => {
  const networks = createNetworks(
    networkShapes({ blocks: 1, filters: { f1: 3, f2: 3, f3: 4 }, imageSkip: true }),
    randomFromSeed(7),
  );
  const variables = variablesOf(networks, ['f1', 'f2', 'f3']);
  const adam = createAdam(variables);
  const moved = (): Set<string> =>
    new Set(
      [...variables].filter(([name, v]) => `${v.dataSync()}` !== before.get(name)).map(([name]) => name.slice(0, 2)),
    );
  const before = new Map([...variables].map(([name, v]) => [name, `${v.dataSync()}`]));
  const batch = batchOf(2, 12);
  const labelled: number[] = [];
  let tensors = 0;
  for (let step = 0; step < 12; step++) {
    const losses = trainingStep(networks, adam, batch, { ...paperHyperparameters, mode: 'supervised' }, 4e-3);
    const values = [...losses.dataSync()];
    labelled.push(values.pop()!);
    expect(values).toEqual(values.map(() => 0));
    losses.dispose();
    if (step === 1) tensors = tf.memory().numTensors;
  }
  expect(moved()).toEqual(new Set(['f3']));
  expect(labelled.at(-1)!).toBeLessThan(0.8 * labelled[0]!);
  expect(tf.memory().numTensors).toBe(tensors);
});

describe.each(['alternating', 'joint'] as const)('an iteration, %s', (mode) => {
  const h = { ...paperHyperparameters, mode };

  it('lowers the objective on one batch, and keeps the number of tensors constant', () => {
    const networks = createNetworks(
      networkShapes({ blocks: 1, filters: { f1: 4, f2: 4, f3: 4 }, imageSkip: true }),
      randomFromSeed(7),
    );
    const adam = createAdam(variablesOf(networks, ['f1', 'f2', 'f3']));
    const batch = batchOf(2, 12);
    const objectives: number[] = [];
    let tensors = 0;
    for (let step = 0; step < 12; step++) {
      const losses = trainingStep(networks, adam, batch, h, 4e-3);
      const [content, direction, reconstruction, tv, cycle, distillReal, distillRef] = losses.dataSync();
      objectives.push(
        content! + 1.2 * direction! + reconstruction! + 0.001 * tv! + 0.01 * cycle! + distillReal! + 10 * distillRef!,
      );
      losses.dispose();
      if (step === 1) tensors = tf.memory().numTensors;
    }
    expect(objectives.at(-1)!).toBeLessThan(0.8 * objectives[0]!);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('gives the same numbers twice from one seed', () => {
    const run = (): number[] => {
      const networks = createNetworks(
        networkShapes({ blocks: 1, filters: { f1: 4, f2: 4, f3: 4 }, imageSkip: true }),
        randomFromSeed(7),
      );
      const adam = createAdam(variablesOf(networks, ['f1', 'f2', 'f3']));
      const batch = batchOf(2, 10);
      return Array.from({ length: 3 }, () => [...trainingStep(networks, adam, batch, h, 1e-3).dataSync()]).flat();
    };
    expect(run()).toEqual(run());
  });

  it('with every term switched off, reports the losses and moves no weight', () => {
    const networks = createNetworks(
      networkShapes({ blocks: 1, filters: { f1: 3, f2: 3, f3: 3 }, imageSkip: true }),
      randomFromSeed(8),
    );
    const variables = variablesOf(networks, ['f1', 'f2', 'f3']);
    const before = [...variables.values()].map((variable) => [...variable.dataSync()]);
    const losses = trainingStep(
      networks,
      createAdam(variables),
      batchOf(1, 10),
      { ...h, disabledTerms: lossTermNames() },
      1e-2,
    );
    expect([...losses.dataSync()].slice(0, 7).every((value) => value > 0)).toBe(true); // all that are published
    expect([...variables.values()].map((variable) => [...variable.dataSync()])).toEqual(before);
  });

  it('without the terms that reach the student, leaves F3 alone and moves F1 and F2', () => {
    const networks = createNetworks(
      networkShapes({ blocks: 1, filters: { f1: 3, f2: 3, f3: 3 }, imageSkip: true }),
      randomFromSeed(8),
    );
    const first = (name: 'f1' | 'f2' | 'f3'): number[] => [...networks[name].variables.get('body.weight')!.dataSync()];
    const before = { f1: first('f1'), f2: first('f2'), f3: first('f3') };
    const adam = createAdam(variablesOf(networks, ['f1', 'f2', 'f3']));
    trainingStep(networks, adam, batchOf(1, 10), { ...h, disabledTerms: ['distillReal', 'distillRef'] }, 1e-2);
    expect(first('f3')).toEqual(before.f3);
    expect(first('f1')).not.toEqual(before.f1);
    expect(first('f2')).not.toEqual(before.f2);
  });
});
