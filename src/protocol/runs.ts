/** Kept runs and experiments, as they cross between page, worker and storage: types only. */
import type { BackendPreference, BackendReport } from '../core/backend/backendReport.ts';
import type { Experiment } from '../core/training/experiment.ts';
import type { ExperimentEvent, RunState } from '../core/training/experimentRunner.ts';
import type { Failed, RunNote, Validated } from '../core/training/events.ts';
import type { HistoryTable } from '../core/training/historyColumns.ts';
import type { RunLabel } from '../core/training/runFile.ts';
import type { CheckpointSummary } from './trainer.ts';

export type { RunState };

/** The newest checkpoint of a kept run. */
export interface RunSummary extends CheckpointSummary {
  readonly validation: Validated | null;
}

export interface KeptRun {
  readonly id: string;
  readonly label: RunLabel;
  /** What its experiment does with it. */
  readonly state: RunState;
  /** Null before the first checkpoint. */
  readonly summary: RunSummary | null;
}

/** What there is to see of a run besides images. */
export interface RunCurves {
  readonly history: HistoryTable;
  readonly validations: readonly Validated[];
  readonly notes: readonly RunNote[];
}

/** What an experiment reports; its run `key` is `<experiment id>/<key>` in storage. */
export type LabEvent =
  | ExperimentEvent
  | Failed
  | { readonly type: 'backendReady'; readonly report: BackendReport }
  | { readonly type: 'deviceLost'; readonly reason: string; readonly recovering: boolean };

export interface ExperimentRequest {
  /** Its runs are `<id>/<key>`; those that are there go on from their checkpoints. */
  readonly id: string;
  readonly experiment: Experiment;
  readonly backend: BackendPreference;
}

/** An experiment at the size that fits a budget. */
export interface PlannedExperiment {
  readonly experiment: Experiment;
  /** Estimated duration of the whole, milliseconds. */
  readonly ms: number;
}

/** Kept runs and experiments in the training worker, beside `TrainerApi`. */
export interface LabApi {
  /** Keeps what the Train view trained last among the runs, unless it is there. */
  keepTrainRun(): Promise<void>;
  /** Makes a kept run the one that the Train view continues from. Rejects with an Error in words where it cannot. */
  resumeRun(id: string): Promise<void>;
  /** Sizes an experiment for so many minutes, by timing a few steps on this machine. Rejects with an Error in words where it cannot. */
  planExperiment(experiment: Experiment, minutes: number, backend: BackendPreference): Promise<PlannedExperiment>;
  /** Trains its runs in turns; resolves when it has ended and all is stored. */
  startExperiment(request: ExperimentRequest, onEvents: (events: readonly LabEvent[]) => void): Promise<void>;
  /** Ends the experiment after the running step; a later start with the same id goes on. */
  stopExperiment(): Promise<void>;
  /** Pauses, drops or takes up a run, in storage and in the experiment under way. */
  setRunState(id: string, state: RunState): Promise<void>;
  /** How many steps a run of the experiment under way is to reach. */
  setRunSteps(id: string, steps: number): Promise<void>;
  /** A kept run as one file; null when it has no checkpoint. */
  exportRun(id: string): Promise<ArrayBuffer | null>;
  /** Keeps a run, or a checkpoint of the command line, from its file; resolves with its id. Rejects with an Error in words when it is none. */
  importRun(bytes: ArrayBuffer, name: string): Promise<string>;
}
