import { changeAt, plannedChangeOf } from '../src/core/training/plannedChanges.ts';
import type { PlannedChange } from '../src/core/training/plannedChanges.ts';
import { ExperimentError } from '../src/core/training/settingWords.ts';
import { UsageError } from './command.ts';

/** What --change asks for, each as STEP:SET. Throws UsageError for what cannot change while training runs. */
export function readPlannedChanges(texts: readonly string[]): PlannedChange[] {
  const changes = texts.map(plannedChangeOf);
  for (const [i, { step }] of changes.entries()) {
    if (!Number.isInteger(step) || step < 1)
      throw new UsageError(`--change ${texts[i]}: write STEP:NAME=VALUE, for example 500:lambda=2.`);
    try {
      changeAt(changes, step);
    } catch (error) {
      if (error instanceof ExperimentError) throw new UsageError(`--change ${texts[i]}: ${error.message}`);
      throw error;
    }
  }
  return changes;
}
