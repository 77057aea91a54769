import type { LiveChange } from '../../src/core/training/config.ts';
import type { TrainingControl } from '../../src/core/training/ports.ts';

/** The page's wishes, as the session reads them between two steps. */
export class Control implements TrainingControl {
  stopRequested = false;
  checkpointRequested = false;
  private change: LiveChange | null = null;
  /** What was taken since the last checkpoint. */
  private unsaved: LiveChange | null = null;

  /** `stepsLeft`: a stop is wanted after so many steps. */
  constructor(private stepsLeft = Infinity) {}

  /** Adds to the changes that the next step takes. */
  ask(change: LiveChange): void {
    this.change = { ...this.change, ...change };
  }

  /** Called once before every step. */
  takeChange(): LiveChange | null {
    if (--this.stepsLeft <= 0) this.stopRequested = true;
    const taken = this.change;
    this.change = null;
    if (taken) this.unsaved = { ...this.unsaved, ...taken };
    return taken;
  }

  /** The run went back to an earlier step, at another learning rate than it was asked for. */
  wentBack(learningRate: number): void {
    this.unsaved = { ...this.unsaved, learningRate };
  }

  /** A checkpoint holds all changes that were taken. */
  saved(): void {
    this.unsaved = null;
  }

  /** Asks again for the changes that no checkpoint holds, when the run goes on from the last one. */
  askAgain(): void {
    if (this.unsaved) this.change = { ...this.unsaved, ...this.change };
    this.unsaved = null;
  }
}
