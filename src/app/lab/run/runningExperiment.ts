import { create } from 'zustand';
import { formatCount, formatEstimate } from '../../ui/format.ts';
import { beforeAnyExperiment, progressOf, totalSteps, type ExperimentState } from './experimentState.ts';

/** The experiment of this tab. It outlives the view: it goes on while another view is open. */
export const useExperiment = create<ExperimentState>()(() => beforeAnyExperiment);

/** An experiment under way in a few words. */
export interface ExperimentSummary {
  readonly id: string;
  /** Of all its runs. */
  readonly step: string;
  readonly total: string;
  /** Share of them, 0…1. */
  readonly share: number;
  /** The run whose turn it is: 'λ 0.4, seed 1'. Null between two. */
  readonly run: string | null;
  /** Time left: 'about 3 min'. Null before the first steps. */
  readonly left: string | null;
}

/** What can be said of the experiment under way; null while none is. `now`: milliseconds since 1970. */
export function experimentSummary(state: ExperimentState, now: number): ExperimentSummary | null {
  const { id, experiment, phase, steps, turn } = state;
  if (id === null || experiment === null || phase === 'idle' || phase === 'planning') return null;
  const total = totalSteps(experiment);
  const { share, leftMs } = progressOf(state, total, now);
  return {
    id,
    step: formatCount([...steps.values()].reduce((sum, step) => sum + step, 0)),
    total: formatCount(total),
    share,
    run: turn,
    left: leftMs === null ? null : formatEstimate(leftMs / 1000),
  };
}
