import type { Scores } from '../metrics/metrics.ts';
import type { Pixels } from '../images/pixels.ts';
import type { DirectionIndex } from '../paper/notation.ts';
import type { LossValues } from '../paper/lossTerms.ts';
import type { LiveChange, TrainingConfig } from './config.ts';

/** What a training run reports, in order. All are plain data and can cross a worker boundary. */
export type TrainingEvent =
  Started | Stepped | Previewed | Validated | Checkpointed | Adjusted | RolledBack | Stopped | Failed;

export interface Started {
  readonly type: 'started';
  /** Steps already done: 0, or the checkpoint's. */
  readonly step: number;
  readonly config: TrainingConfig;
  readonly parameters: { readonly f1: number; readonly f2: number; readonly f3: number };
  /** Images in use after holding out. */
  readonly counts: { readonly clean: number; readonly rainy: number; readonly pairs: number; readonly heldOut: number };
  readonly stepsPerEpoch: number;
  /** Micro-batches that the batch of a step is split into to save memory. */
  readonly microBatches: number;
  /** Points of the curve up to `step`, when continuing. */
  readonly history: readonly LossPoint[];
  /** Validations up to `step`, likewise. */
  readonly validations: readonly Validated[];
  /** What was changed, taken back and lost up to `step`, likewise. */
  readonly notes: readonly RunNote[];
}

/** One point of the curves. */
export interface LossPoint {
  /** Steps done, from 1. */
  readonly step: number;
  /** Weighted sum of all terms. */
  readonly objective: number;
  readonly losses: LossValues;
  readonly learningRate: number;
  /** Duration of the step, milliseconds. */
  readonly stepMs: number;
}

/** Points since the last `stepped`; losses are read back every few steps, so several come at once. */
export interface Stepped {
  readonly type: 'stepped';
  readonly points: readonly LossPoint[];
  /** Kernels of the current batch: the direction label of its first image. */
  readonly direction: number;
}

/** One fixed crop as the networks see it now. Images of equal size; PSNR in dB on Y. */
export interface PreviewSample {
  readonly label: string;
  readonly rainy: Pixels;
  /** z of F1 with negative values shown as 0, and the true one where it is known. */
  readonly rainMap: Pixels;
  readonly trueRainMap: Pixels | null;
  /** Label of its rain, 0…17, as (5) is told; absent where nobody knows it. */
  readonly direction?: DirectionIndex;
  readonly teacher: Pixels;
  readonly student: Pixels;
  readonly truth: Pixels | null;
  readonly psnr: {
    readonly rainy: number;
    readonly teacher: number;
    readonly student: number;
    readonly rainMap: number;
  } | null;
}

export interface Previewed {
  readonly type: 'previewed';
  readonly step: number;
  readonly samples: readonly PreviewSample[];
}

/** Means over the held-out images, with the moving average of the weights; dB and SSIM on Y. */
export interface Validated {
  readonly type: 'validated';
  readonly step: number;
  readonly images: number;
  readonly psnr: {
    readonly rainy: number;
    readonly teacher: number;
    readonly student: number;
    readonly rainMap: number;
  };
  readonly ssim: { readonly rainy: number; readonly teacher: number; readonly student: number };
  /** Every metric that validation takes, of each image; absent in runs of earlier versions. */
  readonly scores?: Readonly<Record<'rainy' | 'teacher' | 'student', Scores>>;
}

export interface Checkpointed {
  readonly type: 'checkpointed';
  readonly step: number;
  readonly bytes: number;
}

/** A live change took effect before `step`. */
export interface Adjusted {
  readonly type: 'adjusted';
  readonly step: number;
  readonly change: LiveChange;
  /** The values that it replaced. */
  readonly before: LiveChange;
}

/** The run diverged (`DivergenceDetector`): training went back to its last checkpoint, with half the learning rate; other settings hold on. */
export interface RolledBack {
  readonly type: 'rolledBack';
  readonly fromStep: number;
  readonly toStep: number;
  readonly reason: string;
  readonly learningRate: number;
}

/** The device was lost; training went on from `step`, on another. */
export interface DeviceLost {
  readonly type: 'deviceLost';
  readonly step: number;
  readonly reason: string;
}

/** What a run keeps in mind about its course, besides the curves. */
export type RunNote = Adjusted | RolledBack | DeviceLost;

/** The step that a note stands at. */
export function noteStep(note: RunNote): number {
  return note.type === 'rolledBack' ? note.toStep : note.step;
}

export interface Stopped {
  readonly type: 'stopped';
  readonly step: number;
  readonly reason: 'asked' | 'finished' | 'diverged';
  /** Step of the newest checkpoint in storage; another than `step` when that could not be stored, null when there is none. */
  readonly storedStep: number | null;
  readonly hint: string | null;
}

/** An expected error: what happened, and what the person can do about it. */
export interface Failed {
  readonly type: 'failed';
  readonly kind: 'noImages' | 'image' | 'config' | 'checkpoint' | 'storage' | 'device' | 'busy' | 'unexpected';
  readonly reason: string;
  readonly hint: string;
}
