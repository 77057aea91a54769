import { configOfVariant, type Experiment } from '../../../core/training/experiment.ts';
import type { LabEvent } from '../../../protocol/runs.ts';

/** The experiment under way in this tab; what it has produced is read from storage. */
export interface ExperimentState {
  readonly phase: 'idle' | 'planning' | 'running' | 'stopping';
  /** Of the experiment under way, or the last one of this visit. */
  readonly id: string | null;
  readonly experiment: Experiment | null;
  /** Steps done by run key. */
  readonly steps: ReadonlyMap<string, number>;
  /** Whose turn it is. */
  readonly turn: string | null;
  /** When it began in this session, milliseconds since 1970, and the steps done before. */
  readonly since: { readonly at: number; readonly steps: number } | null;
  readonly ended: 'finished' | 'paused' | 'asked' | null;
  readonly failure: { readonly reason: string; readonly hint: string } | null;
}

export const beforeAnyExperiment: ExperimentState = {
  phase: 'idle',
  id: null,
  experiment: null,
  steps: new Map(),
  turn: null,
  since: null,
  ended: null,
  failure: null,
};

/** The state after one event. `now`: milliseconds since 1970. */
export function applyLabEvent(state: ExperimentState, event: LabEvent, now: number): ExperimentState {
  const withSteps = (key: string, step: number): ExperimentState['steps'] => new Map(state.steps).set(key, step);
  switch (event.type) {
    case 'planned': {
      const steps = new Map(event.runs.map(({ key, step }) => [key, step]));
      return { ...state, steps, since: { at: now, steps: sumOf(steps) } };
    }
    case 'turnStarted':
      return { ...state, turn: event.key };
    case 'turnEnded':
      return { ...state, turn: null, steps: withSteps(event.key, event.step) };
    case 'runEvent':
      if (event.event.type === 'stepped')
        return { ...state, steps: withSteps(event.key, event.event.points.at(-1)?.step ?? 0) };
      if (event.event.type === 'failed') return { ...state, failure: event.event };
      if (event.event.type === 'stopped' && event.event.reason === 'diverged')
        return { ...state, failure: { reason: `${event.key} diverged.`, hint: event.event.hint ?? '' } };
      return state;
    case 'ended':
      return { ...state, turn: null, ended: event.reason };
    case 'failed':
      return { ...state, failure: event };
    case 'deviceLost':
      return event.recovering
        ? state
        : { ...state, failure: { reason: `The graphics device failed: ${event.reason}`, hint: 'Start it again.' } };
    case 'backendReady':
      return state;
    default:
      return event satisfies never;
  }
}

/** Share of the steps done, 0…1, and the time left at this session's pace in milliseconds; null before the first steps. */
export function progressOf(
  { steps, since }: ExperimentState,
  total: number,
  now: number,
): { readonly share: number; readonly leftMs: number | null } {
  const done = sumOf(steps);
  const own = since ? done - since.steps : 0;
  const leftMs = own > 0 && since ? ((now - since.at) / own) * Math.max(0, total - done) : null;
  return { share: total > 0 ? Math.min(1, done / total) : 0, leftMs };
}

/** Steps of every run of an experiment together. */
export function totalSteps({ base, variants, seeds }: Experiment): number {
  return seeds.length * variants.reduce((sum, variant) => sum + configOfVariant(base, variant).run.steps, 0);
}

function sumOf(steps: ReadonlyMap<string, number>): number {
  return [...steps.values()].reduce((sum, step) => sum + step, 0);
}
