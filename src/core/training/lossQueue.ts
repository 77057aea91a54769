import * as tf from '@tensorflow/tfjs';
import type { Tensor1D } from '@tensorflow/tfjs';
import type { Hyperparameters } from '../paper/hyperparameters.ts';
import { lossTermNames, weightOf } from '../paper/lossTerms.ts';
import type { LossValues } from '../paper/lossTerms.ts';
import type { LossPoint } from './events.ts';

/** Losses of one step, still on the device; in the order of `lossTermNames`. */
interface PendingLosses {
  readonly step: number;
  readonly losses: Tensor1D;
  readonly learningRate: number;
}

/** Losses are read back about this often, milliseconds, and at least every so many steps. */
const READ_BACK_MS = 150;
const READ_BACK_STEPS = 16;

/** Losses that wait on the device and are read back together: one synchronisation for many steps. */
export class LossQueue {
  private pending: PendingLosses[] = [];
  private readEvery = 1;
  private lastRead: number;

  /** `now`: a clock, milliseconds. */
  constructor(private readonly now: () => number) {
    this.lastRead = now();
  }

  /** True when enough steps wait. */
  get due(): boolean {
    return this.pending.length >= this.readEvery;
  }

  /** Takes the losses over; they are disposed when they were read. */
  add(losses: PendingLosses): void {
    this.pending.push(losses);
  }

  /** What was done since is no part of a step's time. */
  restartClock(): void {
    this.lastRead = this.now();
  }

  /** The points of all waiting steps, finite or not. */
  async read(h: Hyperparameters): Promise<LossPoint[]> {
    const steps = this.pending;
    if (steps.length === 0) return [];
    this.pending = [];
    const stacked = tf.tidy(() => tf.stack(steps.map(({ losses }) => losses)));
    tf.dispose(steps.map(({ losses }) => losses));
    const values = await stacked.data();
    stacked.dispose();
    const now = this.now();
    const stepMs = (now - this.lastRead) / steps.length;
    this.lastRead = now;
    this.readEvery = Math.max(1, Math.min(READ_BACK_STEPS, Math.round(READ_BACK_MS / stepMs)));
    return steps.map(({ step, learningRate }, row): LossPoint => {
      const at = (i: number): number => values[row * lossTermNames().length + i]!;
      const losses = Object.fromEntries(lossTermNames().map((term, i) => [term, at(i)])) as LossValues;
      const objective = lossTermNames().reduce((sum, term, i) => sum + weightOf(term, h) * at(i), 0);
      return { step, objective, losses, learningRate, stepMs };
    });
  }

  dispose(): void {
    tf.dispose(this.pending.map(({ losses }) => losses));
    this.pending = [];
  }
}
