import type { SquareSource } from '../data/batchSquares.ts';
import type { ImageSource } from '../data/imageSource.ts';
import type { SamplerOptions } from '../data/sampler.ts';
import type { DatasetSplit } from '../data/split.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { LiveChange } from './config.ts';
import type { RunNote } from './events.ts';
import type { StepMemory } from './microBatches.ts';

/** What a run needs from its host. */
export interface TrainingPorts {
  readonly source: ImageSource;
  /** Draws the batches elsewhere, ahead of the steps, just as a Sampler of `source` would; left out: between the steps. */
  openSampler?(images: DatasetSplit['train'], options: SamplerOptions): ParallelSampler;
  /** A clock, milliseconds. */
  now(): number;
  /** Yields to the host's event loop. */
  yieldToEventLoop(): Promise<void>;
  /** Stores a checkpoint, whole or not at all. Rejects with an Error whose message says why it could not. */
  saveCheckpoint(bytes: Uint8Array, checkpoint: Checkpoint): Promise<void>;
  /** Keeps the run's best weights so far by the student's PSNR at a validation, whose step this is. Left out: nobody wants them. */
  keepBest?(checkpoint: Checkpoint): Promise<void>;
  /** The student's PSNR at the weights that are kept as the run's best, dB: only better ones take their place. */
  readonly bestPsnr?: number;
  /** Step of the newest checkpoint in storage as the run begins, null for none; when left out, that of the checkpoint it goes on from. */
  readonly storedStep?: number | null;
  /** What happened to a fresh run before its first step; a checkpoint holds its own. */
  readonly notes?: readonly RunNote[];
  /** Where the outputs of a fixed teacher are kept between runs; in memory alone when left out. */
  readonly teacherOutputs?: TeacherOutputStore;
  readonly control: TrainingControl;
  /** What the tensors of a step may take; 4 GB when left out. */
  readonly memory?: StepMemory;
}

/** A source of squares that holds threads or workers until it is closed. */
export interface ParallelSampler extends SquareSource {
  close(): void;
}

/** Keeps what a teacher made of an image, by the content of both. What cannot be read or written is computed again. */
export interface TeacherOutputStore {
  read(key: string): Promise<Uint8Array | null>;
  write(key: string, bytes: Uint8Array): Promise<void>;
}

/** The host's requests, read between steps. */
export interface TrainingControl {
  readonly stopRequested: boolean;
  /** True when a checkpoint is wanted before its time; it is stored after the running step. */
  readonly checkpointRequested: boolean;
  /** Ends the run after this step as if asked to: a turn, which begins without a preview when steps were done before. */
  readonly stopAtStep?: number;
  /** Changes asked for since the last call, or null; they take effect in this step, from 1. */
  takeChange(step: number): LiveChange | null;
}
