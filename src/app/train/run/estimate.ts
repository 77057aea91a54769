import { create } from 'zustand';
import { expectedStepMs, usualPace } from '../../../core/training/pace.ts';
import type { Pace, PacedBackend } from '../../../core/training/pace.ts';
import type { BackendReport } from '../../../core/backend/backendReport.ts';
import type { AdapterReading } from '../../device/adapter.ts';
import type { BackendChoice } from '../../device/backendChoice.ts';
import { countOf, formatDuration } from '../../ui/format.ts';

/** The pace of this visit's latest run; null before the first. */
export const useLastPace = create<{ readonly pace: Pace | null }>()(() => ({ pace: null }));

/** What the next run will compute with, by the workers' own rule; what a worker reported comes first. */
export function expectedBackend({
  report,
  adapter,
  choice,
  threads,
}: {
  readonly report: BackendReport | null;
  readonly adapter: AdapterReading;
  readonly choice: BackendChoice;
  readonly threads: number;
}): PacedBackend {
  if (report) return report;
  if (choice === 'webgl') return { backend: 'webgl', software: false, threads };
  const byHand = choice === 'webgpu' || choice === 'webgpu-half';
  if (choice !== 'wasm' && adapter.state === 'found' && (byHand || !adapter.facts.software))
    return { backend: 'webgpu', software: adapter.facts.software, threads };
  return { backend: 'wasm', software: false, threads };
}

/** From here on a step is so long that pausing has to wait for it, milliseconds. */
const LONG_STEP_MS = 5_000;

/** 'About 14 min for 3,000 steps.'; without a pace of this machine a guess, and said to be one. */
export function wordsOfEstimate({
  operations,
  steps,
  pace,
  backend,
}: {
  readonly operations: number;
  readonly steps: number;
  readonly pace: Pace | null;
  readonly backend: PacedBackend;
}): string {
  const stepMs = expectedStepMs(operations, pace ?? usualPace(backend));
  const whole = `${formatDuration(stepMs * steps)} for ${countOf(steps, 'step')}`;
  const words = pace ? `About ${whole}.` : `Roughly ${whole}; more precise after a few steps.`;
  return stepMs < LONG_STEP_MS ? words : `${words} One step alone takes ${formatDuration(stepMs)}.`;
}
