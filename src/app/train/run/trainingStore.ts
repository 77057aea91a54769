import { create } from 'zustand';
import type { TrainingConfig } from '../../../core/training/config.ts';
import type {
  Adjusted,
  Failed,
  Previewed,
  RolledBack,
  Started,
  Stepped,
  Stopped,
  Validated,
} from '../../../core/training/events.ts';
import type { BackendReport } from '../../../core/backend/backendReport.ts';
import type { TrainerEvent } from '../../../protocol/trainer.ts';
import { createLossCurves } from './lossCurves.ts';
import type { LossCurves } from './lossCurves.ts';
import { withNote } from './annotations.ts';
import type { Annotation } from './annotations.ts';
import { keepPreview } from './previewHistory.ts';

/** `starting` lasts from the button until the first event; `stopping` from the button until the checkpoint is stored. */
export type Phase = 'idle' | 'starting' | 'running' | 'stopping';

/** What the page knows of a run, besides the curves' points (see `lossCurves`). */
export interface TrainingState {
  readonly phase: Phase;
  /** Steps done. */
  readonly step: number;
  /** The run's settings as they hold now, live changes included; null before the first run. */
  readonly config: TrainingConfig | null;
  readonly about: Pick<Started, 'parameters' | 'counts' | 'stepsPerEpoch' | 'microBatches'> | null;
  /** Duration of a step, milliseconds, averaged over the latest ones. */
  readonly stepMs: number | null;
  readonly validations: readonly Validated[];
  /** Ascending in step, thinned. */
  readonly previews: readonly Previewed[];
  readonly annotations: readonly Annotation[];
  /** The newest checkpoint of this run; `at` in milliseconds since 1970. */
  readonly saved: { readonly step: number; readonly bytes: number; readonly at: number } | null;
  readonly backend: BackendReport | null;
  readonly deviceLost: { readonly reason: string; readonly recovering: boolean } | null;
  readonly memory: { readonly bytes: number; readonly tensors: number } | null;
  readonly outcome: Stopped | null;
  readonly failure: Failed | null;
}

export const beforeAnyRun: TrainingState = {
  phase: 'idle',
  step: 0,
  config: null,
  about: null,
  stepMs: null,
  validations: [],
  previews: [],
  annotations: [],
  saved: null,
  backend: null,
  deviceLost: null,
  memory: null,
  outcome: null,
  failure: null,
};

/** The state after one event. `now`: milliseconds since 1970. */
export function applyEvent(state: TrainingState, event: TrainerEvent, now: number): TrainingState {
  switch (event.type) {
    case 'started':
      return started(state, event);
    case 'stepped':
      return stepped(state, event);
    case 'previewed':
      return { ...state, previews: keepPreview(state.previews, event) };
    case 'validated':
      return { ...state, validations: [...state.validations.filter(({ step }) => step < event.step), event] };
    case 'checkpointed':
      return {
        ...state,
        saved: { step: event.step, bytes: event.bytes, at: now },
        // There was room again.
        failure: state.failure?.kind === 'storage' ? null : state.failure,
      };
    case 'adjusted':
      return adjusted(state, event);
    case 'rolledBack':
      return rolledBack(state, event);
    case 'stopped':
      return { ...state, step: event.step, outcome: event };
    case 'failed':
      return { ...state, failure: event };
    case 'backendReady':
      return { ...state, backend: event.report };
    case 'deviceLost':
      return {
        ...state,
        deviceLost: { reason: event.reason, recovering: event.recovering },
        annotations: withNote(state.annotations, { type: 'deviceLost', step: state.step, reason: event.reason }),
      };
    case 'memory':
      return { ...state, memory: { bytes: event.bytes, tensors: event.tensors } };
    default:
      return event satisfies never;
  }
}

function started(state: TrainingState, event: Started): TrainingState {
  const { step, config, parameters, counts, stepsPerEpoch, microBatches } = event;
  const isAgain = step > 0 || state.deviceLost !== null; // a device may be lost before the first checkpoint
  const goesOn = isAgain && state.config !== null && sameRun(state.config, config) && state.step >= step;
  const kept = goesOn ? upTo(state, step) : beforeAnyRun;
  return {
    ...kept,
    phase: state.phase === 'stopping' ? 'stopping' : 'running',
    step,
    config,
    about: { parameters, counts, stepsPerEpoch, microBatches },
    validations: event.validations,
    annotations: event.notes.reduce<readonly Annotation[]>(withNote, []),
    saved: step > 0 ? state.saved : null,
    backend: state.backend,
    memory: state.memory,
    deviceLost: null,
    outcome: null,
    failure: null,
  };
}

/** Whether a config continues another: what a run cannot change is equal. */
function sameRun(a: TrainingConfig, b: TrainingConfig): boolean {
  return a.run.seed === b.run.seed && JSON.stringify([a.networks, a.data]) === JSON.stringify([b.networks, b.data]);
}

function stepped(state: TrainingState, event: Stepped): TrainingState {
  const last = event.points.at(-1);
  if (!last) return state;
  const mean = event.points.reduce((sum, { stepMs }) => sum + stepMs, 0) / event.points.length;
  const weight = Math.min(1, event.points.length / 20);
  const stepMs = state.stepMs === null ? mean : state.stepMs + weight * (mean - state.stepMs);
  return { ...state, step: last.step, stepMs, deviceLost: null };
}

function adjusted(state: TrainingState, event: Adjusted): TrainingState {
  if (!state.config) return state;
  const config = { ...state.config, hyperparameters: { ...state.config.hyperparameters, ...event.change } };
  return { ...state, config, annotations: withNote(state.annotations, event) };
}

function rolledBack(state: TrainingState, event: RolledBack): TrainingState {
  const { toStep, learningRate } = event;
  const config = state.config && {
    ...state.config,
    hyperparameters: { ...state.config.hyperparameters, learningRate },
  };
  const kept = upTo(state, toStep);
  return { ...kept, step: toStep, config, annotations: withNote(kept.annotations, event) };
}

function upTo(state: TrainingState, step: number): TrainingState {
  return {
    ...state,
    validations: state.validations.filter((validation) => validation.step <= step),
    previews: state.previews.filter((preview) => preview.step <= step),
    annotations: state.annotations.filter((annotation) => annotation.step <= step),
  };
}

/** What an event does to the curves. */
export function applyToCurves(curves: LossCurves, event: TrainerEvent): void {
  if (event.type === 'started') {
    curves.clear();
    curves.append(event.history);
  } else if (event.type === 'stepped') curves.append(event.points);
  else if (event.type === 'rolledBack') curves.truncateAfter(event.toStep);
}

/** Epoch (counted from 1) and share of the run that is done. */
export function progressOf(state: TrainingState): {
  readonly epoch: number | null;
  readonly share: number;
  readonly leftMs: number | null;
} {
  const total = state.config?.run.steps ?? 0;
  const perEpoch = state.about?.stepsPerEpoch ?? 0;
  return {
    epoch: perEpoch > 0 ? Math.floor(state.step / perEpoch) + 1 : null,
    share: total > 0 ? Math.min(1, state.step / total) : 0,
    leftMs: state.stepMs !== null && total > 0 ? Math.max(0, total - state.step) * state.stepMs : null,
  };
}

/** Whether what a run ended with is in storage; one without an end or without a step has nothing to lose. */
export function isEndStored(outcome: Stopped | null): boolean {
  return outcome === null || outcome.step === 0 || outcome.storedStep === outcome.step;
}

/** The run of this tab. It outlives the view: training goes on while another view is open. */
export const useTraining = create<TrainingState>()(() => beforeAnyRun);

/** The points of that run. */
export const lossCurves = createLossCurves();

/** What charts are drawn from. */
export interface ChartSource {
  readonly curves: LossCurves;
  readonly validations: readonly Validated[];
}

/** What the charts show now. */
export function chartSource(): ChartSource {
  return { curves: lossCurves, validations: useTraining.getState().validations };
}

/** Takes a batch of events into the store and the curves. */
export function takeEvents(events: readonly TrainerEvent[], now = Date.now()): void {
  for (const event of events) applyToCurves(lossCurves, event);
  useTraining.setState((state) => events.reduce((next, event) => applyEvent(next, event, now), state), true);
}
