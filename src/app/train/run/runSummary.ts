import { formatCount, formatDb, formatRate } from '../../ui/format.ts';
import type { TrainingState } from './trainingStore.ts';

/** A running training in a few figures, each with its unit. */
export interface RunSummary {
  readonly step: string;
  readonly total: string;
  /** Null before the first steps. */
  readonly speed: string | null;
  /** PSNR of the student at the latest validation; null before the first. */
  readonly psnr: string | null;
}

/** What can be said of the training under way; null while none is. */
export function runSummary({ phase, step, config, stepMs, validations }: TrainingState): RunSummary | null {
  if (phase === 'idle' || !config) return null;
  const latest = validations.at(-1);
  return {
    step: formatCount(step),
    total: formatCount(config.run.steps),
    speed: stepMs === null ? null : formatRate(stepMs),
    psnr: latest ? formatDb(latest.psnr.student) : null,
  };
}
