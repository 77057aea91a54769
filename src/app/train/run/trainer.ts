import { proxy } from 'comlink';
import { create } from 'zustand';
import type { TrainingConfig } from '../../../core/training/config.ts';
import type { LabApi } from '../../../protocol/runs.ts';
import type { CheckpointSummary, ExportedModel, TrainerApi, WhichWeights } from '../../../protocol/trainer.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { isTraining, untilNobodyTrains } from '../../../browser/jobLocks.ts';
import { reportBackend, reportMemory } from '../../device/deviceStore.ts';
import { formatCount } from '../../ui/format.ts';
import { createWorkerClient, WorkerEndedError } from '../../workers/workerClient.ts';
import { deliverChanges, dropWaitingChanges, applyRunEvents } from './currentSettings.ts';
import { useLastPace } from './estimate.ts';
import { readTeacher } from './teacherChoice.ts';
import { isEndStored, takeEvents, useTraining } from './trainingStore.ts';

/** The checkpoint that training can continue from; undefined while it is looked for. */
export const useStoredRun = create<{ readonly checkpoint: CheckpointSummary | null | undefined }>()(() => ({
  checkpoint: undefined,
}));

/** The training worker; it holds kept runs and experiments too. */
export const { call: askTrainer, end: endTrainer } = createWorkerClient<TrainerApi & LabApi>(
  'training',
  () =>
    new Worker(new URL('../../../../workers/trainer/trainer.worker.ts', import.meta.url), {
      type: 'module',
      name: 'trainer',
    }),
);

/** Reports what nobody foresaw the way expected errors is reported. */
function reportUnexpected(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  takeEvents([
    { type: 'failed', kind: 'unexpected', reason, hint: 'Start again; training continues from its last checkpoint.' },
  ]);
}

/**
 * Starts training and resolves when the run has ended. With 'fresh', `config` is used; with 'continue' the checkpoint's own.
 * It stops by itself after `steps` steps, where that is given. While a run is under way this does nothing.
 */
export async function startTraining(from: 'fresh' | 'continue', config: TrainingConfig, steps?: number): Promise<void> {
  if (useTraining.getState().phase !== 'idle') return;
  holdsUnsaved = !isEndStored(useTraining.getState().outcome);
  useTraining.setState({ phase: 'starting', failure: null, outcome: null });
  addEventListener('beforeunload', warnBeforeLeaving);
  const { choice } = useBackendChoice.getState();
  try {
    const teacher = from === 'fresh' ? await readTeacher(config) : undefined;
    if (teacher && 'refused' in teacher)
      return takeEvents([{ type: 'failed', kind: 'config', reason: teacher.reason, hint: teacher.hint }]);
    await workerGone;
    await askTrainer((api) =>
      api.start(
        { config, backend: choice, from, ...(steps !== undefined && { steps }), ...(teacher && { teacher }) },
        proxy((events) => {
          takeEvents(events);
          applyRunEvents(events);
          for (const event of events) {
            if (event.type === 'backendReady') reportBackend(event.report);
            if (event.type === 'memory') reportMemory(event);
          }
        }),
      ),
    );
  } catch (error) {
    if (error instanceof WorkerEndedError) reportEnded();
    else reportUnexpected(error);
  } finally {
    if (isEndStored(useTraining.getState().outcome)) removeEventListener('beforeunload', warnBeforeLeaving);
    dropWaitingChanges();
    useTraining.setState({ phase: 'idle', deviceLost: null });
    void rememberPace();
    reportMemory(null);
    await lookForStoredRun();
  }
}

/** The pace of the run that ended, for the estimate before the next one. */
async function rememberPace(): Promise<void> {
  const { config, stepMs } = useTraining.getState();
  if (!config || stepMs === null) return;
  const operations = await askTrainer((api) => api.stepOperations(config)).catch(() => null);
  if (operations) useLastPace.setState({ pace: { operations, stepMs } });
}

/** How long a start may take to hear that it is called off, milliseconds. */
const PATIENCE_MS = 1_000;

/** Whether the worker holds weights that are not in storage, from before the run that starts. */
let holdsUnsaved = false;

/** Calls a start off. Nothing was learned yet, so where the worker is too busy to hear, or is slow to end, it is ended. */
export async function cancelStart(): Promise<void> {
  if (useTraining.getState().phase !== 'starting') return;
  const timer = holdsUnsaved ? undefined : setTimeout(endTraining, PATIENCE_MS);
  const leave = useTraining.subscribe(({ phase }) => {
    if (phase !== 'idle') return;
    clearTimeout(timer);
    leave();
  });
  await stopTraining();
}

/** How long the browser may take to let go of an ended worker, milliseconds: one in the middle of a kernel needs seconds. */
const ENDING_MS = 20_000;

/** Resolves when the worker that was ended no longer passes for another tab that trains. */
let workerGone: Promise<void> | null = null;

/** Ends training at once, in the middle of a step: what came after the last checkpoint in storage is lost. */
export function endTraining(): void {
  if (useTraining.getState().phase === 'idle') return;
  endTrainer();
  workerGone = untilNobodyTrains(ENDING_MS);
}

/** Says what is left of a run that was ended at once. */
function reportEnded(): void {
  const { step, saved } = useTraining.getState();
  const stored = Math.max(saved?.step ?? 0, useStoredRun.getState().checkpoint?.step ?? 0);
  if (step <= stored) return;
  const reason = `Training was ended at step ${formatCount(step)}, in the middle of a step.`;
  const hint = stored > 0 ? 'It continues from its last checkpoint.' : 'No checkpoint had been stored yet.';
  takeEvents([{ type: 'failed', kind: 'checkpoint', reason, hint }]);
}

/** Asks to stop after the current step; the run then stores a checkpoint. */
export async function stopTraining(): Promise<void> {
  if (useTraining.getState().phase === 'idle') return;
  useTraining.setState({ phase: 'stopping' });
  await askTrainer((api) => api.stop()).catch((error: unknown) => {
    if (!(error instanceof WorkerEndedError)) reportUnexpected(error);
  });
}

deliverChanges((change) => void askTrainer((api) => api.update(change)).catch(reportUnexpected));

/** Another tab may have trained on meanwhile. */
document.addEventListener('visibilitychange', () => {
  const isKnown = useStoredRun.getState().checkpoint !== undefined;
  if (isKnown && !document.hidden && useTraining.getState().phase === 'idle') void lookForStoredRun();
});

/** Looks for a checkpoint; an error counts as none. While another tab trains, looks again once that has ended. */
export async function lookForStoredRun(): Promise<void> {
  const checkpoint = await askTrainer((api) => api.latestCheckpoint()).catch(() => null);
  useStoredRun.setState({ checkpoint });
  otherTab ??= lookAfterOtherTab().finally(() => (otherTab = null));
}

/** While it is waited for another tab's training. */
let otherTab: Promise<void> | null = null;

async function lookAfterOtherTab(): Promise<void> {
  const isElsewhere = useTraining.getState().phase === 'idle' && (await isTraining());
  if (!isElsewhere) return;
  await untilNobodyTrains();
  if (useTraining.getState().phase === 'idle') setTimeout(() => void lookForStoredRun());
}

/** F3, or F1 and F2, of the running or latest run as a .safetensors file with its step; null when there is none yet. */
export async function exportWeights(
  network: 'student' | 'teacher',
  which: WhichWeights,
): Promise<ExportedModel | null> {
  return askTrainer((api) => (network === 'student' ? api.exportStudent(which) : api.exportTeacher(which)));
}

function warnBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
