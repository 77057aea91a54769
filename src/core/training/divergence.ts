import * as tf from '@tensorflow/tfjs';
import type { Adam } from '../paper/adam.ts';
import type { Hyperparameters } from '../paper/hyperparameters.ts';
import { lossTermNames, weightOf } from '../paper/lossTerms.ts';
import { networkNames } from '../paper/networks.ts';
import type { Networks } from '../paper/networks.ts';
import type { Batch } from '../paper/notation.ts';
import {
  computeTerms,
  distillation,
  objective,
  outputOnReal,
  runTeacher,
  supervision,
  variablesOf,
} from '../paper/trainingStep.ts';
import { MAX_WEIGHT } from '../weights/modelFile.ts';
import { inMicroBatches } from './gradientAccumulation.ts';

/** Steps of the running median. */
const WINDOW = 32;
/** So many times the run's own level is an explosion: on a healthy run of 3,367 steps the worst batch reached 9 times. */
const FACTOR = 30;

/**
 * Tells a diverged run by its objective, before it overflows. A step has diverged when its objective is not finite, or is above
 * both
 * - 30 times the lowest median that any 32 steps in a row of this run had. The median ignores single hard batches; the lowest
 *   one stays where it was when the objective climbs slowly and takes its median along.
 * - the sum of the weights of all terms: the objective of networks that are wrong by the whole range of an image everywhere. It
 *   spares a run whose objective is close to 0 (rain-free batches), and follows weights that are changed while it trains.
 */
export class DivergenceDetector {
  private readonly recent: number[] = [];
  private lowestMedian = Infinity;

  /** `objectives` of the steps that the run has done already. */
  constructor(objectives: readonly number[] = []) {
    for (const value of objectives) this.add(value);
  }

  /** Takes the objective of a sound step into account. */
  add(value: number): void {
    this.recent.push(value);
    if (this.recent.length > WINDOW) this.recent.shift();
    this.lowestMedian = Math.min(this.lowestMedian, medianOf(this.recent));
  }

  /** Why this objective means divergence; null when it does not. A finite objective before the first step is never one. */
  problemOf(value: number, h: Hyperparameters): string | null {
    if (!Number.isFinite(value)) return 'A loss is no longer a finite number';
    if (this.recent.length === 0) return null;
    const fullRange = lossTermNames().reduce((sum, name) => sum + weightOf(name, h), 0);
    if (value <= Math.max(FACTOR * this.lowestMedian, fullRange)) return null;
    return `The objective exploded to ${value.toExponential(1)}, from a median of ${this.lowestMedian.toPrecision(2)}`;
  }
}

/**
 * Why the weights and their averages mean divergence; null when they do not. The objective may hide a weight of no sense for long:
 * behind a unit that is 0 on every image so far.
 */
export async function problemOfWeights(networks: Networks, adam: Adam): Promise<string | null> {
  const squares = tf.tidy(() => {
    const all = [...variablesOf(networks, networkNames).values(), ...adam.averages.values()];
    return tf.sum(tf.stack(all.map((weights) => tf.sum(tf.square(weights)))));
  });
  try {
    const [sum] = await squares.data();
    if (!Number.isFinite(sum)) return 'A weight is no longer a finite number';
    return sum! > MAX_WEIGHT ** 2 ? 'A weight has grown beyond any sense' : null;
  } finally {
    squares.dispose();
  }
}

/**
 * Objective of the networks on a batch, in `microBatches`, without an update: what the next step would report of these weights. The
 * terms are those that the mode trains with.
 */
export async function objectiveOf(
  networks: Networks,
  batch: Batch,
  h: Hyperparameters,
  microBatches: number,
): Promise<number> {
  const compute = (part: Batch): { value: tf.Tensor } =>
    tf.tidy(() => {
      if (h.mode === 'supervised') {
        return { value: objective(supervision(networks.f3.apply, part), h) ?? tf.scalar(0) };
      }
      const onReal = outputOnReal(networks, part);
      const synthetic = h.mode !== 'student' && { ...runTeacher(networks, part.xSyn), batch: part };
      const terms = {
        ...(synthetic && computeTerms('synthetic', synthetic, h)),
        ...computeTerms('real', { ...onReal, batch: part }, h),
        ...(h.mode !== 'teacher' && distillation(networks.f3.apply, part, onReal, h)),
      };
      return { value: objective(terms, h) ?? tf.scalar(0) };
    });
  const { value } = inMicroBatches(batch, microBatches, (accumulateGradients) => accumulateGradients(compute));
  try {
    return (await value!.data())[0]!;
  } finally {
    value!.dispose();
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
