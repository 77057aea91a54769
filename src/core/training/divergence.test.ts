import { expect, it } from 'vitest';
import { randomFromSeed } from '../random.ts';
import { paperHyperparameters } from '../paper/hyperparameters.ts';
import { DivergenceDetector } from './divergence.ts';

/** The step, from 0, at which a run of these objectives is found to have diverged; -1: never. */
function foundAt(objectives: readonly number[]): number {
  const detector = new DivergenceDetector();
  return objectives.findIndex((value) => {
    if (detector.problemOf(value, paperHyperparameters) !== null) return true;
    detector.add(value);
    return false;
  });
}

const falling = (steps: number): number[] => {
  const random = randomFromSeed(3);
  return Array.from({ length: steps }, (_, i) => (2.2 / (1 + i / 20)) * 10 ** random.between(-0.6, 0.9));
};

it('a falling objective with hard batches has not diverged', () => {
  expect(foundAt(falling(2000))).toBe(-1);
});

it('an objective close to 0 may meet a batch that is not', () => {
  expect(foundAt([...Array.from({ length: 40 }, () => 1e-6), 8, 1e-6])).toBe(-1);
});

it('a sudden explosion is found at once, a slow one before it is 10 million times the start', () => {
  expect(foundAt([...falling(100), 1e5])).toBe(100);
  const slow = falling(100).concat(Array.from({ length: 400 }, (_, i) => 0.5 * 1.2 ** i));
  const at = foundAt(slow);
  expect(at).toBeGreaterThan(100);
  expect(slow[at]).toBeLessThan(100);
});

it('what is no finite number is found at the first step too', () => {
  for (const value of [Number.NaN, Infinity]) expect(foundAt([value])).toBe(0);
});

it('measures a continued run by the steps before it', () => {
  expect(new DivergenceDetector(falling(50)).problemOf(1e4, paperHyperparameters)).toMatch('exploded to 1.0e+4');
  expect(new DivergenceDetector().problemOf(1e4, paperHyperparameters)).toBeNull();
});
