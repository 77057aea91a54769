import { describeNetwork, sameShape } from '../architectures/registry.ts';
import type { Student } from './modelFile.ts';

/**
 * The student whose every weight is the mean of these students' (all of one shape). Choice: stages of one training stay
 * close enough to each other that what is right in each survives in the mean, where a longer training trades one for the other.
 * Provenance and shape are the first's. Throws an Error when the shapes differ.
 */
export function meanStudent(first: Student, ...others: readonly Student[]): Student {
  const stranger = others.find(({ shape }) => !sameShape(shape, first.shape));
  if (stranger) {
    throw new Error(
      `Weights of ${describeNetwork(first.shape)} and of ${describeNetwork(stranger.shape)} have no mean: all shapes must be equal.`,
    );
  }
  const count = others.length + 1;
  const weights = new Map(
    [...first.weights].map(([name, values]) => {
      const stages = [values, ...others.map((other) => other.weights.get(name)!)];
      return [name, values.map((_, i) => stages.reduce((sum, stage) => sum + stage[i]!, 0) / count)];
    }),
  );
  return { ...first, weights };
}
