import { allFinite, encodeCheckpoint, restoreArrays, snapshotWeights } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { objectiveOf } from './divergence.ts';
import type { TrainingEvent } from './events.ts';
import { failed, newestStored, sentenceOf } from './failures.ts';
import { disposeBatch } from './gradientAccumulation.ts';
import type { TrainingPorts } from './ports.ts';
import type { RunParts } from './runParts.ts';
import type { RunState } from './runState.ts';

/** Times that one stretch of the curve may fail before the run ends as diverged. */
const maxRollbacks = 4;

/** What a run falls back to: the newest checkpoint in storage, and the last sound one in memory, which it is rolled back to. */
export class Fallback {
  /** Step of the newest stored checkpoint; null: none. */
  storedStep: number | null;
  /** Whether the newest stored checkpoint is the run's very state. */
  isStored: boolean;
  /** The last checkpoint whose weights gave a sound objective. */
  private lastGood: Checkpoint;
  private rollbacks = 0;

  constructor(
    private readonly parts: RunParts,
    private readonly state: RunState,
    private readonly ports: Pick<TrainingPorts, 'saveCheckpoint' | 'storedStep'>,
    private readonly microBatches: number,
    from: Checkpoint | undefined,
  ) {
    this.storedStep = ports.storedStep === undefined ? (from?.step ?? null) : ports.storedStep;
    this.isStored = from !== undefined && this.storedStep === from.step;
    this.lastGood = from ?? state.checkpointOf(parts.arrays, parts.adam);
  }

  /** The run as it is now. */
  async checkpoint(): Promise<Checkpoint> {
    const { networks, adam } = this.parts;
    return this.state.checkpointOf(await snapshotWeights(networks, adam), adam);
  }

  /**
   * Stores a checkpoint of weights that give a sound objective on the next batch; others are rolled back, so that no exploded
   * weights are ever stored. Returns false when the run had to end as diverged.
   */
  async *save(isLast = false): AsyncGenerator<TrainingEvent, boolean> {
    const checkpoint = await this.checkpoint();
    const { step, arrays } = checkpoint;
    const problem = allFinite(arrays) ? await this.problemOnNextBatch() : 'A weight is no longer a finite number';
    if (problem !== null) return yield* this.rollBack(problem);
    const bytes = encodeCheckpoint(checkpoint);
    this.lastGood = checkpoint;
    this.rollbacks = 0;
    try {
      await this.ports.saveCheckpoint(bytes, checkpoint);
      this.storedStep = step;
      this.isStored = true;
      yield { type: 'checkpointed', step, bytes: bytes.byteLength };
    } catch (error) {
      yield failed(
        'storage',
        `The checkpoint of step ${step} could not be stored: ${sentenceOf(error)}`,
        `${newestStored(this.storedStep)} ${isLast ? '' : 'Training goes on. '}Free some space, or export the student.`,
      );
    }
    return true;
  }

  /**
   * Back to the last sound numbers at half the learning rate, or at half the one they were learned at where it was raised since.
   * Other settings stay as they are. Returns false, with `stopped`, after too many times.
   */
  async *rollBack(reason: string): AsyncGenerator<TrainingEvent, boolean> {
    const { state, storedStep, lastGood } = this;
    const fromStep = state.step;
    this.rollbacks += 1;
    restoreArrays(lastGood, this.parts.networks, this.parts.adam);
    const learningRate = Math.min(state.h.learningRate, lastGood.config.hyperparameters.learningRate) / 2;
    const adjusted = state.goBackTo(lastGood.step, learningRate);
    this.isStored = false;
    const { step } = state;
    if (this.rollbacks > maxRollbacks) {
      const again = storedStep === null ? 'start again' : `continue from the checkpoint of step ${storedStep}`;
      const hint = `${reason}. Lower the learning rate or the weights of the losses and ${again}.`;
      yield { type: 'stopped', step, reason: 'diverged', storedStep, hint };
      return false;
    }
    yield state.noted({ type: 'rolledBack', fromStep, toStep: step, reason, learningRate });
    if (adjusted) yield state.noted(adjusted);
    return true;
  }

  private async problemOnNextBatch(): Promise<string | null> {
    const { state, parts } = this;
    const batch = await parts.batch(state.step).catch(() => null);
    if (!batch) return null; // the next step reports what cannot be read
    const objective = await objectiveOf(parts.networks, batch, state.h, this.microBatches);
    disposeBatch(batch);
    return state.problemOf(objective);
  }
}
