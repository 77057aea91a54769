import type { Backend } from '../../src/core/backend/chooseBackend.ts';
import type { ImageSource } from '../../src/core/data/imageSource.ts';
import type { BestWeights, CheckpointSummary } from '../../src/protocol/trainer.ts';

/** What the training worker needs of its host. */
export interface TrainerHost {
  readonly backend: Backend;
  readonly checkpoints: CheckpointStorage;
  /** The images to train on, as they are now. */
  openSource(): Promise<ImageSource>;
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
