import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, test } from 'vitest';
import type { GreyImage } from '../images/grey.ts';
import { contentLoss, directionLoss } from '../paper/losses.ts';
import type { Images } from '../paper/notation.ts';
import { drawnPatch } from './drawnPatch.ts';
import { makeEstimate, sourceSide, unchanged } from './estimate.ts';
import type { EstimateChanges } from './estimate.ts';
import { evaluateEmpty, evaluatePatch, relativeLosses } from './patchLosses.ts';
import type { PatchLosses } from './patchLosses.ts';

const label = 7;

function tensorOf({ width, height, values }: GreyImage): Images {
  return tf.tidy(() => tf.tile(tf.tensor4d(values, [1, height, width, 1]), [1, 1, 1, 3]));
}

/** Losses of an estimate of rain at 70°, as shares of what an empty estimate costs. */
function shares(kind: 'dense' | 'heavy' | 'light', changes: Partial<EstimateChanges>, seed = 1): PatchLosses {
  const source = drawnPatch(kind, 10 * label, seed, sourceSide);
  const truth = makeEstimate(source, unchanged);
  const estimate = makeEstimate(source, { ...unchanged, ...changes });
  return relativeLosses(evaluatePatch(estimate, truth, label, 5).losses, evaluateEmpty(truth, label, 5).losses);
}

describe.each([3, 5, 7] as const)('the losses of a patch with kernels of size %i', (size) => {
  it.each([0, 4, 7, 9, 13, 17])('are those of the paper on tensors, label %i', (index) => {
    const source = drawnPatch('heavy', 40, 2, sourceSide);
    const truth = makeEstimate(source, unchanged);
    const estimate = makeEstimate(source, { ...unchanged, blur: 1, rotation: 12, offset: 0.03, texture: 0.02 });
    const { losses } = evaluatePatch(estimate, truth, index, size);
    const [z, zGt] = [tensorOf(estimate), tensorOf(truth)];
    expect(losses.content).toBeCloseTo(contentLoss(z, zGt).dataSync()[0]!, 6);
    expect(losses.direction).toBeCloseTo(directionLoss(z, zGt, [index], size).dataSync()[0]!, 6);
    expect(losses.direction).toBe(losses.parallel + losses.perpendicular);
    tf.dispose([z, zGt]);
  });
});

test('the truth costs nothing, an empty estimate everything', () => {
  expect(shares('dense', {})).toEqual({ content: 0, parallel: 0, perpendicular: 0, direction: 0 });
  const empty = shares('dense', { contrast: 0 });
  expect(empty.direction).toBeCloseTo(1, 5); // A flat map has no direction either, whatever its brightness.
  expect(empty.parallel + empty.perpendicular).toBeCloseTo(empty.direction, 6);
});

describe.each([1, 2, 3])('what the student is to find, dense rain, seed %i', (seed) => {
  it.each([{ blur: 1 }, { blur: 2 }, { blur: 3 }, { rotation: 5 }, { rotation: 10 }, { rotation: -20 }])(
    '%o moves (5) more than (4)',
    (changes) => {
      const { content, direction } = shares('dense', changes, seed);
      expect(direction).toBeGreaterThan(1.35 * content);
      expect(content).toBeGreaterThan(0);
    },
  );

  it('a constant offset moves (4) and not (5)', () => {
    const { content, direction } = shares('dense', { offset: 0.1 }, seed);
    expect(content).toBeGreaterThan(0.35);
    expect(direction).toBeLessThan(1e-5);
  });
});

test('on thin, sparse rain both losses see a blur alike: there (5) adds little', () => {
  const { content, direction } = shares('light', { blur: 2 });
  expect(direction / content).toBeLessThan(1.25);
});

test('with a label 90° off the two kernels change places and (5) stays', () => {
  const source = drawnPatch('dense', 70, 1, sourceSide);
  const truth = makeEstimate(source, unchanged);
  const estimate = makeEstimate(source, { ...unchanged, blur: 2 });
  const right = evaluatePatch(estimate, truth, label, 5).losses;
  const wrong = evaluatePatch(estimate, truth, (label + 9) % 18, 5).losses;
  expect(wrong.parallel).toBeCloseTo(right.perpendicular, 6);
  expect(wrong.direction).toBeCloseTo(right.direction, 6);
});

test('one evaluation, with the estimate made anew, fits in a frame', () => {
  const source = drawnPatch('dense', 70, 1, sourceSide);
  const truth = makeEstimate(source, unchanged);
  const times = Array.from({ length: 40 }, (_, i) => {
    const begin = performance.now();
    const changes = { ...unchanged, blur: 2, rotation: i, texture: 0.02, missing: 0.2 };
    evaluatePatch(makeEstimate(source, changes), truth, label, 5);
    return performance.now() - begin;
  }).sort((a, b) => a - b);
  const [fastest, median] = [times[0]!, times[20]!];
  console.log(`one evaluation: ${fastest.toFixed(1)} ms at best, ${median.toFixed(1)} ms median of 40`);
  expect(fastest).toBeLessThan(16); // The median is that of a machine which may be busy elsewhere.
});
