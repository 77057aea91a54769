import { describeNetwork, sameShape } from '../architectures/registry.ts';
import type { Student } from './modelFile.ts';

/**
 * The student whose every weight is the weighted mean of these students' (at least one, all of one shape), by `shares` that sum to 1, equal
 * ones by default. Choice: stages of one training stay close enough to each other that what is right in each survives in the mean,
 * where a longer training trades one for the other. A share below 0 goes on in the direction from that stage to the others.
 * Provenance and shape are the first's. Throws an Error when the shapes differ or the shares do not fit.
 */
export function meanStudent(students: readonly Student[], shares?: readonly number[]): Student {
  const first = students[0]!;
  const stranger = students.find(({ shape }) => !sameShape(shape, first.shape));
  if (stranger) {
    throw new Error(
      `Weights of ${describeNetwork(first.shape)} and of ${describeNetwork(stranger.shape)} have no mean: all shapes must be equal.`,
    );
  }
  const count = students.length;
  if (shares && (shares.length !== count || !(Math.abs(sum(shares) - 1) < 1e-9))) {
    throw new Error(`Of ${count} students ${count} shares that sum to 1 make a mean, not ${shares.join(', ')}.`);
  }
  const weights = new Map(
    [...first.weights].map(([name, values]) => {
      const stages = students.map((student) => student.weights.get(name)!);
      const mean = (i: number): number =>
        shares ? sum(stages.map((stage, k) => shares[k]! * stage[i]!)) : sum(stages.map((stage) => stage[i]!)) / count;
      return [name, values.map((_, i) => mean(i))];
    }),
  );
  return { ...first, weights };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
