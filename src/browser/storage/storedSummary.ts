import type { TrainingConfig } from '../../core/training/config.ts';
import { migrateConfig } from '../../core/training/migrate.ts';
import type { CheckpointSummary } from '../../protocol/trainer.ts';
import { areNumbers, fieldsOf } from './storedFields.ts';

/** What a stored summary of a checkpoint has besides: it grows by one with every checkpoint written. */
type Serial = { readonly serial: number };

/** A summary as any version stored it, in today's form; null for one that is damaged, which must not hide the others. */
export function readSummary<Summary extends CheckpointSummary>(stored: unknown): (Summary & Serial) | null {
  const { step, totalSteps, savedAt, bytes, serial, psnr = null, config } = fieldsOf(stored);
  if (!areNumbers(step, totalSteps, savedAt, bytes, serial) || (psnr !== null && !areNumbers(psnr))) return null;
  try {
    return { ...(stored as Summary & Serial), config: migrateConfig(config as TrainingConfig) };
  } catch {
    return null;
  }
}
