import type { Checkpoint } from './checkpoint.ts';
import { plannedRuns } from './experiment.ts';
import type { Experiment, PlannedRun } from './experiment.ts';
import type { TrainingEvent } from './events.ts';
import { failed } from './failures.ts';
import type { TrainingPorts } from './ports.ts';
import { changeAt } from './plannedChanges.ts';
import type { PlannedChange } from './plannedChanges.ts';
import type { Pretrained } from './pretrained.ts';
import { train } from './session.ts';

/** 'paused' runs wait, 'dropped' ones are left as they are. */
export type RunState = 'active' | 'paused' | 'dropped';

export interface ExperimentPorts {
  /** What the training of one run needs; its checkpoints belong to that run. */
  trainingPorts(run: PlannedRun): Omit<TrainingPorts, 'control'>;
  /** The newest checkpoint of a run, or null. */
  latestCheckpoint(run: PlannedRun): Promise<Checkpoint | null>;
  /** The weights of the kept run `id`, which a variant begins with; null when it is not there. Left out: none are kept. */
  weightsOf?(id: string): Promise<Pretrained | null>;
  readonly control: ExperimentControl;
}

/** The host's requests, read between steps. */
export interface ExperimentControl {
  readonly stopRequested: boolean;
  stateOf(run: PlannedRun): RunState;
  /** Steps that a run is to reach: those of its config, or more. */
  stepsOf(run: PlannedRun): number;
}

export type ExperimentEvent =
  | { readonly type: 'planned'; readonly runs: readonly { readonly key: string; readonly step: number }[] }
  | { readonly type: 'turnStarted'; readonly key: string }
  | { readonly type: 'runEvent'; readonly key: string; readonly event: TrainingEvent }
  | { readonly type: 'turnEnded'; readonly key: string; readonly step: number }
  | { readonly type: 'ended'; readonly reason: 'finished' | 'paused' | 'asked' };

interface Progress {
  readonly run: PlannedRun;
  step: number;
  /** It diverged or failed: no more turns in this session. */
  isOut: boolean;
}

/**
 * Trains the runs of an experiment in turns of `turnSteps`, always the one that is furthest behind, and yields what happens. A
 * turn goes on from the run's checkpoint and ends with the next, so that one run at a time holds memory on the device, and a
 * crash loses a turn at most. Goes on with whatever checkpoints there are.
 */
export async function* runExperiment(
  experiment: Experiment,
  ports: ExperimentPorts,
  turnSteps: number,
): AsyncGenerator<ExperimentEvent, void> {
  const progress: Progress[] = [];
  for (const run of plannedRuns(experiment)) {
    progress.push({ run, step: (await ports.latestCheckpoint(run))?.step ?? 0, isOut: false });
  }
  yield { type: 'planned', runs: progress.map(({ run, step }) => ({ key: run.key, step })) };
  const { control } = ports;
  while (!control.stopRequested) {
    const next = nextTurn(progress, control);
    if (!next) {
      const isPaused = progress.some(
        ({ run, step }) => control.stateOf(run) === 'paused' && step < control.stepsOf(run),
      );
      return yield { type: 'ended', reason: isPaused ? 'paused' : 'finished' };
    }
    yield { type: 'turnStarted', key: next.run.key };
    yield* takeTurn(next, ports, turnSteps, experiment.changes ?? []);
    yield { type: 'turnEnded', key: next.run.key, step: next.step };
  }
  yield { type: 'ended', reason: 'asked' };
}

/** The active run with the fewest steps, the first of equals. */
function nextTurn(progress: readonly Progress[], control: ExperimentControl): Progress | null {
  const open = progress.filter(
    ({ run, step, isOut }) => !isOut && control.stateOf(run) === 'active' && step < control.stepsOf(run),
  );
  return open.reduce<Progress | null>((least, one) => (least && least.step <= one.step ? least : one), null);
}

async function* takeTurn(
  progress: Progress,
  ports: ExperimentPorts,
  turnSteps: number,
  changes: readonly PlannedChange[],
): AsyncGenerator<ExperimentEvent, void> {
  const { run } = progress;
  const { control } = ports;
  const steps = control.stepsOf(run);
  const stored = await ports.latestCheckpoint(run);
  const from = stored && { ...stored, config: withSteps(stored.config, steps) };
  const { start } = run.variant;
  const pretrained = start === undefined || from ? {} : await ports.weightsOf?.(start);
  if (!pretrained) {
    progress.isOut = true;
    const event = failed('checkpoint', `${run.key} begins with a run that is not kept here.`, 'Import that run first.');
    return yield { type: 'runEvent', key: run.key, event };
  }
  const until = Math.min(steps, (from?.step ?? 0) + turnSteps);
  const turn = {
    get stopRequested(): boolean {
      return control.stopRequested || control.stateOf(run) !== 'active';
    },
    checkpointRequested: false,
    stopAtStep: until,
    takeChange: (step: number) => changeAt(changes, step),
  };
  const training = train(
    withSteps(run.config, steps),
    { ...ports.trainingPorts(run), control: turn },
    from ?? undefined,
    pretrained,
  );
  let reached = from?.step ?? 0;
  for await (const event of training) {
    if (event.type === 'stopped') {
      reached = event.storedStep ?? 0;
      if (event.reason === 'diverged' || reached < event.step) progress.isOut = true;
    }
    if (event.type === 'failed' && event.kind !== 'storage') progress.isOut = true;
    const isRepeated = from !== null && event.type === 'started';
    if (!isRepeated && !(event.type === 'stopped' && event.reason === 'asked'))
      yield { type: 'runEvent', key: run.key, event };
  }
  progress.step = reached;
}

function withSteps(config: PlannedRun['config'], steps: number): PlannedRun['config'] {
  return config.run.steps === steps ? config : { ...config, run: { ...config.run, steps } };
}
