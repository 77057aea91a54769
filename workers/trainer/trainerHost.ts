import type { Backend } from '../../src/core/backend/chooseBackend.ts';
import type { ImageSource } from '../../src/core/data/imageSource.ts';
import type { Experiment, ImageHashes } from '../../src/core/training/experiment.ts';
import type { Previewed } from '../../src/core/training/events.ts';
import type { RunLabel } from '../../src/core/training/runFile.ts';
import type { KeptRun, RunCurves, RunState, RunSummary } from '../../src/protocol/runs.ts';
import type { BestWeights, CheckpointSummary } from '../../src/protocol/trainer.ts';

/** What the training worker needs of its host. */
export interface TrainerHost {
  readonly backend: Backend;
  readonly checkpoints: CheckpointStorage;
  readonly runs: RunStorage;
  /** The images to train on, as they are now; or these of them. Rejects with MissingImagesError when one of these is not there. */
  openSource(images?: ImageHashes): Promise<ImageSource>;
  /** Runs `work` unless a training runs elsewhere. False, and nothing is run, when one does. */
  whileTraining(work: () => Promise<void>): Promise<boolean>;
  /** Yields to the host's event loop. */
  yieldToEventLoop(): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Keeps the newest checkpoints through reloads and crashes. */
export interface CheckpointStorage {
  /** Stores a checkpoint, whole or not at all. Rejects with the storage's own error. */
  save(bytes: ArrayBuffer, summary: CheckpointSummary): Promise<void>;
  /** The newest checkpoint that `decode` accepts; those that it throws on are passed over. */
  readNewest<Decoded>(
    decode: (bytes: Uint8Array) => Decoded,
  ): Promise<{ readonly summary: CheckpointSummary; readonly checkpoint: Decoded } | null>;
  /** Deletes all but the newest `keep` (0 when left out). */
  discard(keep?: number): Promise<void>;
  /** Stores the best weights of the run in place of older ones. */
  saveBest(best: BestWeights): Promise<void>;
  readBest(): Promise<BestWeights | null>;
  discardBest(): Promise<void>;
}

/** Keeps runs and experiments. */
export interface RunStorage {
  list(): Promise<KeptRun[]>;
  saveLabel(id: string, label: RunLabel): Promise<void>;
  saveState(id: string, state: RunState): Promise<void>;
  /** Stores a checkpoint over the older of the last two, whole or not at all. Rejects with the storage's own error. */
  saveCheckpoint(id: string, bytes: ArrayBuffer, summary: RunSummary, curves: RunCurves): Promise<void>;
  /** The newest checkpoint that `decode` accepts; null when there is none. */
  readCheckpoint<Decoded>(id: string, decode: (bytes: Uint8Array) => Decoded): Promise<Decoded | null>;
  readCurves(id: string): Promise<RunCurves | null>;
  savePreview(id: string, preview: Previewed): Promise<void>;
  /** The newest. */
  readPreview(id: string): Promise<Previewed | null>;
  saveExperiment(kept: {
    readonly id: string;
    readonly createdAt: number;
    readonly experiment: Experiment;
  }): Promise<void>;
  /** The kept run that the Train view's checkpoint was last kept as. */
  readTrainRun(): Promise<string | null>;
  saveTrainRun(id: string): Promise<void>;
}
