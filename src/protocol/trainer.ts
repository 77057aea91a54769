/**
 * The contract between the page and the training worker: types only. Commands are calls; news are events, in order and in
 * batches. Plain data and buffers cross; tensors never do.
 */
import type { BackendPreference, BackendReport } from '../core/backend/backendReport.ts';
import type { LiveChange, TrainingConfig } from '../core/training/config.ts';
import type { TrainingEvent } from '../core/training/events.ts';

/** Besides training's own events: which backend runs, a lost device that was recovered, and what is in memory. */
export type TrainerEvent =
  | TrainingEvent
  | { readonly type: 'backendReady'; readonly report: BackendReport }
  | { readonly type: 'deviceLost'; readonly reason: string; readonly recovering: boolean }
  | { readonly type: 'memory'; readonly bytes: number; readonly tensors: number };

/** A checkpoint that training can continue from. */
export interface CheckpointSummary {
  readonly step: number;
  readonly totalSteps: number;
  readonly savedAt: number;
  readonly bytes: number;
  readonly config: TrainingConfig;
  /** Student's PSNR at the last validation, dB; null before the first. */
  readonly psnr: number | null;
}

/** The weights of the best validation of a run: the student and its teacher as .safetensors files. */
export interface BestWeights {
  readonly step: number;
  /** Of the student at that validation, dB. */
  readonly psnr: number;
  readonly student: ArrayBuffer;
  readonly teacher: ArrayBuffer;
}

/** Which weights: their moving average, those of the last step, or the moving average at the best validation so far. */
export type WhichWeights = 'average' | 'latest' | 'best';

/** A network as a .safetensors file, and the step that its weights are of. */
export interface ExportedModel {
  readonly bytes: ArrayBuffer;
  readonly step: number;
}

export interface StartRequest {
  readonly config: TrainingConfig;
  readonly backend: BackendPreference;
  /** 'fresh' discards the stored checkpoint (after the first new one is safe); 'continue' goes on from it with its own config. */
  readonly from: 'fresh' | 'continue';
  /** The file of the config's `teacher`, or the two of a TensorFlow checkpoint; only a fresh run reads it. */
  readonly teacher?: readonly Blob[];
  /** Stops by itself after so many steps; absent: goes on to the end. */
  readonly steps?: number;
}

/** The training worker. Every method resolves; errors come as a `failed` event. */
export interface TrainerApi {
  /** Runs until stopped or finished; resolves when the run has ended and its last checkpoint is stored. */
  start(request: StartRequest, onEvents: (events: readonly TrainerEvent[]) => void): Promise<void>;
  /** Takes effect before the next step. */
  update(change: LiveChange): Promise<void>;
  /** Stops after the current step, writes a checkpoint, and lets `start` resolve. */
  stop(): Promise<void>;
  /** Floating-point operations of a step, for an estimate before the start; null for networks that do not exist. */
  stepOperations(config: TrainingConfig): Promise<number | null>;
  /** The checkpoint that 'continue' goes on from: one that storage had no room for, else the newest readable; or null. */
  latestCheckpoint(): Promise<CheckpointSummary | null>;
  discardCheckpoints(): Promise<void>;
  /** The student of the run under way as it is now, else of the latest checkpoint. Null: none yet, or none was validated. */
  exportStudent(which: WhichWeights): Promise<ExportedModel | null>;
  /** The teacher (F1 and F2) likewise. */
  exportTeacher(which: WhichWeights): Promise<ExportedModel | null>;
}
