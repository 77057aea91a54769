import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerReferenceKernels } from '../ops/reference.ts';
import { averageDecay, createAdam } from './adam.ts';
import { decayedRate, paperHyperparameters, scheduledRate } from './hyperparameters.ts';
import { weightOf } from './lossTerms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerReferenceKernels('cpu');
});

const h = paperHyperparameters;
const one = (tensor: tf.Tensor): number => tensor.dataSync()[0]!;

describe('Adam', () => {
  it('takes the two steps worked out by hand', () => {
    const w = tf.variable(tf.tensor1d([1]));
    const adam = createAdam(new Map([['w', w]]));
    // Step 1: m̂ = g = 2, v̂ = g² = 4, so w = 1 − 0.1 · 2 / (2 + 1e-4).
    adam.update('synthetic', new Map([['w', w]]), new Map([['w', tf.tensor1d([2])]]), 0.1, h);
    const first = 1 - (0.1 * 2) / (2 + 1e-4);
    expect(one(w)).toBeCloseTo(first, 6);
    // Step 2, g = −1: m = 0.9·0.2 − 0.1 = 0.08, v = 0.999·0.004 + 0.001 = 0.004996.
    adam.update('synthetic', new Map([['w', w]]), new Map([['w', tf.tensor1d([-1])]]), 0.1, h);
    const mHat = 0.08 / (1 - 0.81);
    const vHat = 0.004996 / (1 - 0.999 ** 2);
    expect(one(w)).toBeCloseTo(first - (0.1 * mHat) / (Math.sqrt(vHat) + 1e-4), 5);
  });

  it('keeps the moments of each kind of update apart, by the name of the variable', () => {
    const [a, b] = [tf.variable(tf.tensor1d([0])), tf.variable(tf.tensor1d([0]))];
    const both = new Map([
      ['a', a],
      ['b', b],
    ]);
    const adam = createAdam(both);
    adam.update(
      'synthetic',
      both,
      new Map([
        ['a', tf.tensor1d([5])],
        ['b', tf.tensor1d([-5])],
      ]),
      0.1,
      h,
    );
    // The first step of another kind has fresh moments, so it moves by the full rate whatever its gradient's size.
    const before = one(a);
    adam.update('real', new Map([['a', a]]), new Map([['a', tf.tensor1d([1])]]), 0.1, h);
    expect(before - one(a)).toBeCloseTo(0.1 / 1.0001, 5);
    const { tensors, counts } = adam.state();
    expect([...tensors.keys()].sort()).toEqual(
      [
        'average/a',
        'average/b',
        'm/real/a',
        'm/synthetic/a',
        'm/synthetic/b',
        'v/real/a',
        'v/synthetic/a',
        'v/synthetic/b',
      ].sort(),
    );
    expect(counts).toMatchObject({ synthetic: 1, real: 1 });
    expect(one(tensors.get('m/synthetic/b')!)).toBeCloseTo(-0.5, 6);
  });

  it('goes on from a restored state exactly as if it had not stopped', () => {
    const run = (interrupt: boolean): number => {
      const w = tf.variable(tf.tensor1d([1]));
      const variables = new Map([['w', w]]);
      let adam = createAdam(variables);
      for (let step = 0; step < 6; step++) {
        if (interrupt && step === 3) {
          const { tensors, counts } = adam.state();
          const copies = new Map(
            [...tensors].map(([name, tensor]) => [name, tf.tensor(tensor.dataSync().slice(), tensor.shape)]),
          );
          const saved = { ...counts };
          adam.dispose();
          adam = createAdam(variables);
          adam.restore(copies, saved);
        }
        adam.update('student', variables, new Map([['w', tf.tensor1d([Math.sin(step)])]]), 0.01, h);
      }
      return one(w) + 1000 * one(adam.averages.get('w')!);
    };
    expect(run(true)).toBe(run(false));
  });

  it('averages quickly at first and slowly in the end', () => {
    expect(averageDecay(0.999, 1)).toBeCloseTo(2 / 11, 10);
    expect(averageDecay(0.999, 1e6)).toBe(0.999);
    const w = tf.variable(tf.tensor1d([10]));
    const adam = createAdam(new Map([['w', w]]));
    adam.update('student', new Map([['w', w]]), new Map([['w', tf.tensor1d([1])]]), 1, h);
    expect(one(adam.averages.get('w')!)).toBeCloseTo((2 / 11) * 10 + (9 / 11) * one(w), 5);
  });
});

describe('hyperparameters', () => {
  it('halve the learning rate every 40 epochs', () => {
    expect([0, 39, 40, 79, 80, 199].map((epoch) => scheduledRate(8e-4, epoch, 40))).toEqual([
      8e-4, 8e-4, 4e-4, 4e-4, 2e-4, 5e-5,
    ]);
  });

  it('decay in a straight line over the last steps, where that is asked for', () => {
    expect([100, 40, 30, 10, 1].map((left) => decayedRate(8, left, 40))).toEqual([8, 8, 6, 2, 0.2]);
    expect([100, 1, 0].map((left) => decayedRate(8, left, 0))).toEqual([8, 8, 8]);
  });

  it('weight the terms as the paper does, and not at all when switched off', () => {
    expect(weightOf('direction', h)).toBe(1.2);
    expect(weightOf('distillRef', h)).toBe(10);
    expect(weightOf('tv', h)).toBe(0.001);
    expect(weightOf('direction', { ...h, disabledTerms: ['direction'] })).toBe(0);
  });
});
