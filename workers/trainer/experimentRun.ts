import { decodeCheckpoint, encodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import type { Checkpoint } from '../../src/core/training/checkpoint.ts';
import { plannedRuns } from '../../src/core/training/experiment.ts';
import type { Experiment, ImageHashes, PlannedRun } from '../../src/core/training/experiment.ts';
import { calibrationConfig, estimatedMs, turnStepsOf, withinBudget } from '../../src/core/training/experimentBudget.ts';
import { runExperiment } from '../../src/core/training/experimentRunner.ts';
import type { ExperimentControl, ExperimentPorts } from '../../src/core/training/experimentRunner.ts';
import { tableOf } from '../../src/core/training/historyColumns.ts';
import { studentOf, teacherOf } from '../../src/core/training/exportModel.ts';
import { train } from '../../src/core/training/session.ts';
import type {
  ExperimentRequest,
  LabEvent,
  PlannedExperiment,
  RunCurves,
  RunState,
  RunSummary,
} from '../../src/protocol/runs.ts';
import type { BackendPreference } from '../../src/core/backend/backendReport.ts';
import type { TrainerHost } from './trainerHost.ts';

/** Times that a lost device is replaced in one session of an experiment. */
const MAX_RECOVERIES = 5;
/** Steps that are timed, and those before them that warm the kernels up. */
const TIMED = { warmUp: 3, steps: 8 } as const;

/** The page's requests to an experiment under way. */
export class LabControl implements ExperimentControl {
  stopRequested = false;
  private readonly states = new Map<string, RunState>();
  private readonly steps = new Map<string, number>();

  constructor(readonly id: string) {}

  setState(run: string, state: RunState): void {
    this.states.set(run, state);
  }

  setSteps(run: string, steps: number): void {
    this.steps.set(run, steps);
  }

  stateOf({ key }: PlannedRun): RunState {
    return this.states.get(runId(this.id, key)) ?? 'active';
  }

  stepsOf({ key, config }: PlannedRun): number {
    return this.steps.get(runId(this.id, key)) ?? config.run.steps;
  }
}

/** The id in storage of an experiment's run. */
export function runId(experiment: string, key: string): string {
  return `${experiment}/${key}`;
}

/** Runs an experiment to its end, or until asked to stop, over as many devices as it takes. Errors are events. */
export async function trainExperiment(
  host: TrainerHost,
  { id, experiment, backend }: ExperimentRequest,
  control: LabControl,
  emit: (event: LabEvent) => void,
): Promise<void> {
  await prepare(host, id, experiment, control);
  for (let losses = 0; ; losses++) {
    let lost: string | null = null;
    const onDeviceError = (reason: string): void => void (lost ??= reason);
    emit({ type: 'backendReady', report: await host.backend.choose(losses ? 'auto' : backend, { onDeviceError }) });
    const ports = await portsOf(host, id, control, experiment.images);
    let turn: string | null = null;
    for await (const event of runExperiment(experiment, ports, turnStepsOf(experiment.base))) {
      if (event.type === 'turnStarted') turn = event.key;
      if (lost !== null) break;
      if (event.type === 'runEvent' && event.event.type === 'previewed') {
        // A preview that finds no room is only missed in the list.
        await host.runs.savePreview(runId(id, event.key), event.event).catch(() => undefined);
      }
      emit(event);
    }
    if (lost === null) return;
    const recovering = losses < MAX_RECOVERIES && !control.stopRequested;
    emit({ type: 'deviceLost', reason: lost, recovering });
    if (turn !== null) await noteLoss(host, runId(id, turn), lost).catch(() => undefined);
    if (!recovering) return;
    host.backend.forget();
  }
}

/** Notes a lost device in the checkpoint that a run goes on from, if there is one. */
async function noteLoss(host: TrainerHost, id: string, reason: string): Promise<void> {
  const last = await host.runs.readCheckpoint(id, decodeCheckpoint);
  if (!last) return;
  const noted: Checkpoint = { ...last, notes: [...last.notes, { type: 'deviceLost', step: last.step, reason }] };
  await keepCheckpoint(host, id, encodeCheckpoint(noted), noted);
}

/** The experiment at the size and with the steps that fit the budget, by timing a few steps on this machine. */
export async function planExperiment(
  host: TrainerHost,
  experiment: Experiment,
  minutes: number,
  backend: BackendPreference,
): Promise<PlannedExperiment> {
  await host.backend.choose(backend, { onDeviceError: () => undefined });
  const config = calibrationConfig(experiment.base);
  const control = { stopRequested: false, checkpointRequested: false, stopAtStep: TIMED.steps, takeChange: () => null };
  const ports = { ...(await trainingPorts(host)), control, saveCheckpoint: async () => undefined };
  const times: number[] = [];
  for await (const event of train(config, ports)) {
    if (event.type === 'failed') throw new Error(event.reason);
    if (event.type === 'stepped')
      times.push(...event.points.filter(({ step }) => step > TIMED.warmUp).map(({ stepMs }) => stepMs));
  }
  const stepMs = Math.max(1, times.toSorted((a, b) => a - b)[times.length >> 1] ?? 100);
  const planned = withinBudget(experiment, minutes, stepMs);
  return { experiment: planned, ms: estimatedMs(planned, stepMs) };
}

/** Stores the experiment and a label for each of its runs, and takes over what was asked for them before. */
async function prepare(host: TrainerHost, id: string, experiment: Experiment, control: LabControl): Promise<void> {
  const { runs } = host;
  const kept = new Map((await runs.list()).map((run) => [run.id, run]));
  const createdAt = host.now();
  await runs.saveExperiment({ id, createdAt, experiment });
  for (const { key, variant } of plannedRuns(experiment)) {
    const own = runId(id, key);
    const known = kept.get(own);
    if (known) {
      control.setState(own, known.state);
      if (known.summary) control.setSteps(own, known.summary.totalSteps);
      continue;
    }
    await runs.saveLabel(own, {
      name: `${experiment.title}: ${key}`,
      notes: '',
      createdAt,
      experiment: { id, title: experiment.title, variant: variant.name, set: variant.set },
    });
  }
}

async function portsOf(
  host: TrainerHost,
  id: string,
  control: LabControl,
  images: ImageHashes | undefined,
): Promise<ExperimentPorts> {
  const shared = await trainingPorts(host, images);
  return {
    control,
    trainingPorts: ({ key }) => ({
      ...shared,
      saveCheckpoint: (bytes, checkpoint) => keepCheckpoint(host, runId(id, key), bytes, checkpoint),
    }),
    latestCheckpoint: ({ key }) => host.runs.readCheckpoint(runId(id, key), decodeCheckpoint),
    async weightsOf(run) {
      const checkpoint = await host.runs.readCheckpoint(run, decodeCheckpoint);
      if (!checkpoint) return null;
      const date = new Date(host.now()).toISOString();
      return { teacher: teacherOf(checkpoint, 'average', date), student: studentOf(checkpoint, 'average', date) };
    },
  };
}

async function trainingPorts(host: TrainerHost, images?: ImageHashes) {
  return {
    source: await host.openSource(images),
    now: () => performance.now(),
    yieldToEventLoop: () => host.yieldToEventLoop(),
    memory: host.backend.stepMemory(),
  };
}

/** Stores a checkpoint with its summary and curves. */
export async function keepCheckpoint(
  host: TrainerHost,
  id: string,
  bytes: Uint8Array,
  checkpoint: Checkpoint,
): Promise<void> {
  await host.runs.saveCheckpoint(
    id,
    bytes.buffer as ArrayBuffer,
    summaryOf(checkpoint, bytes.byteLength, host.now()),
    curvesOf(checkpoint),
  );
}

export function summaryOf({ step, config, validations }: Checkpoint, bytes: number, savedAt: number): RunSummary {
  const validation = validations.at(-1) ?? null;
  const psnr = validation?.psnr.student ?? null;
  return { step, totalSteps: config.run.steps, savedAt, bytes, config, psnr, validation };
}

function curvesOf({ history, validations, notes }: Checkpoint): RunCurves {
  return { history: tableOf(history), validations, notes };
}
