import { describe, expect, it, test } from 'vitest';
import type { GreyImage } from '../images/grey.ts';
import { greyCentre } from '../images/grey.ts';
import { randomFromSeed } from '../random.ts';
import { descentStep, objectiveGradient, stepLength } from './descent.ts';
import type { DescentObjective } from './descent.ts';
import { drawnPatch } from './drawnPatch.ts';
import { makeEstimate, sourceSide, unchanged } from './estimate.ts';
import { evaluatePatch } from './patchLosses.ts';

const source = drawnPatch('heavy', 70, 1, sourceSide);
const whole = makeEstimate(source, unchanged);
const blurred = makeEstimate(source, { ...unchanged, blur: 3 });

function objectiveOf(z: GreyImage, { truth, label, kernelSize, lambda }: DescentObjective): number {
  const { content, direction } = evaluatePatch(z, truth, label, kernelSize).losses;
  return content + lambda * direction;
}

describe.each([3, 5, 7] as const)('the gradient with kernels of size %i', (kernelSize) => {
  it.each([0, 0.4, 1.2])('is the slope of the objective, λ = %f', (lambda) => {
    const random = randomFromSeed(5);
    const truth = greyCentre(whole, 12);
    const objective = { truth, label: 7, kernelSize, lambda };
    // Far enough from every kink of |·| that a small move crosses none.
    const z = { ...truth, values: truth.values.map((value) => value + 0.3 * random.normal()) };
    const gradient = objectiveGradient(z, objective);
    let compared = 0;
    for (let i = 0; i < z.values.length; i += 5) {
      const moved = (by: number) => ({ ...z, values: z.values.map((value, j) => (j === i ? value + by : value)) });
      const [right, left] = [objectiveOf(moved(2e-3), objective), objectiveOf(moved(-2e-3), objective)];
      const here = objectiveOf(z, objective);
      const [after, before] = [(right - here) / 2e-3, (here - left) / 2e-3];
      if (Math.abs(after - before) > 1e-4) continue; // A kink lies between.
      expect(gradient[i]).toBeCloseTo((after + before) / 2, 3);
      compared++;
    }
    expect(compared).toBeGreaterThan(15);
  });
});

test('a step goes as far as it is told, and the truth stays where it is', () => {
  const objective = { truth: whole, label: 7, kernelSize: 5, lambda: 1.2 } as const;
  const { values } = descentStep(blurred, objective, 0.01);
  const squares = values.reduce((sum, value, i) => sum + (value - blurred.values[i]!) ** 2, 0);
  expect(Math.sqrt(squares / values.length)).toBeCloseTo(0.01, 5);
  expect(descentStep(whole, objective, 0.01)).toEqual(whole);
});

test.each([
  ['dense', 2],
  ['heavy', 2],
  ['crossing', 4],
  ['light', 2],
] as const)(
  '100 equally long steps from %s rain with a blur of %i px end nearer to the truth with (5)',
  (kind, blur) => {
    const from = drawnPatch(kind, 70, 1, sourceSide);
    const truth = makeEstimate(from, unchanged);
    const start = makeEstimate(from, { ...unchanged, blur });
    const descended = (lambda: number): number => {
      const objective = { truth, label: 7, kernelSize: 5, lambda } as const;
      let z = start;
      for (let step = 0; step < 100; step++) z = descentStep(z, objective, stepLength(start, truth));
      const squares = z.values.reduce((sum, value, i) => sum + (value - truth.values[i]!) ** 2, 0);
      return -10 * Math.log10(squares / z.values.length);
    };
    const [without, withIt] = [descended(0), descended(1.2)];
    console.log(`${kind}: λ = 0 ${without.toFixed(1)} dB, λ = 1.2 ${withIt.toFixed(1)} dB`);
    expect(withIt).toBeGreaterThan(without + 0.8);
  },
);
