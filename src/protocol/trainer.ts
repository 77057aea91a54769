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

/** A stored checkpoint that training can continue from. */
export interface CheckpointSummary {
  readonly step: number;
  readonly totalSteps: number;
  readonly savedAt: number;
  readonly bytes: number;
  readonly config: TrainingConfig;
  /** Student's PSNR at the last validation, dB; null before the first. */
  readonly psnr: number | null;
}

export interface StartRequest {
  readonly config: TrainingConfig;
  readonly backend: BackendPreference;
  /** 'fresh' discards the stored checkpoint (after the first new one is safe); 'continue' goes on from it with its own config. */
  readonly from: 'fresh' | 'continue';
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
  /** The newest readable checkpoint, or null. */
  latestCheckpoint(): Promise<CheckpointSummary | null>;
  discardCheckpoints(): Promise<void>;
  /** The student of the running or latest checkpoint as a .safetensors file; 'average' is the moving average. Null: none yet. */
  exportStudent(which: 'average' | 'latest'): Promise<ArrayBuffer | null>;
  /** The teacher (F1 and F2) likewise. */
  exportTeacher(which: 'average' | 'latest'): Promise<ArrayBuffer | null>;
}
