import type { LiveChange } from '../src/core/training/config.ts';
import { changeAt } from '../src/core/training/plannedChanges.ts';
import type { PlannedChange } from '../src/core/training/plannedChanges.ts';
import type { Progress } from './progress.ts';
import { isSupervised, onStopRequest } from './supervisor.ts';

/** Control of a run from the outside, as the training loop reads it. */
export interface StopControl {
  readonly stopRequested: boolean;
  readonly checkpointRequested: false;
  /** Why the device cannot be trusted any more, or null. */
  readonly deviceError: string | null;
  fail(reason: string): void;
  takeChange(step: number): LiveChange | null;
  /** Leaves signals to the process again. */
  release(): void;
}

/** Brings the planned changes; the first Ctrl-C, SIGTERM or SIGHUP asks the run to stop. */
export function stopOnSignals(progress: Progress, changes: readonly PlannedChange[]): StopControl {
  const control = {
    stopRequested: false,
    checkpointRequested: false as const,
    deviceError: null as string | null,
    fail: (reason: string): void => {
      control.deviceError ??= reason; // later ones come of the first
    },
    takeChange: (step: number) => changeAt(changes, step),
    release: onStopRequest(() => {
      control.stopRequested = true;
      if (!isSupervised()) progress.say('Stops after this step and leaves a checkpoint. Ctrl-C again stops at once.');
    }),
  };
  return control;
}
