import type { LiveChange } from '../../src/core/training/config.ts';
import type { TrainingControl } from '../../src/core/training/ports.ts';

/** The page's wishes, as the session reads them between two steps. */
export class Control implements TrainingControl {
  stopping = false;
  savingNow = false;
  private change: LiveChange | null = null;

  /** Adds to the changes that the next step takes. */
  ask(change: LiveChange): void {
    this.change = { ...this.change, ...change };
  }

  takeChange(): LiveChange | null {
    const taken = this.change;
    this.change = null;
    return taken;
  }
}
