import { proxy, wrap } from 'comlink';
import type { Remote } from 'comlink';
import { create } from 'zustand';
import type { TrainingConfig } from '../../../core/training/config.ts';
import type { CheckpointSummary, TrainerApi } from '../../../protocol/trainer.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { reportBackend, reportMemory } from '../../device/deviceStore.ts';
import { deliverChanges, dropWaitingChanges, followEvents } from './currentSettings.ts';
import { takeEvents, useTraining } from './trainingStore.ts';

/** The checkpoint that training can continue from; undefined while it is looked for. */
export const useStoredRun = create<{ readonly checkpoint: CheckpointSummary | null | undefined }>()(() => ({
  checkpoint: undefined,
}));

let worker: Worker | null = null;
let api: Remote<TrainerApi> | null = null;
/** Resolves when the worker dies, so that no call to it waits for ever. */
let death: Promise<never> | null = null;

/** The training worker, started on first use and again after a crash. */
function trainer(): Remote<TrainerApi> {
  if (api) return api;
  const started = new Worker(new URL('../../../../workers/trainer.worker.ts', import.meta.url), {
    type: 'module',
    name: 'trainer',
  });
  worker = started;
  api = wrap<TrainerApi>(started);
  death = new Promise((_, reject) => {
    started.addEventListener('error', (event) => {
      event.preventDefault();
      if (worker === started) forgetWorker();
      reject(new Error(event.message || 'The training worker could not be started.'));
    });
  });
  death.catch(() => undefined);
  return api;
}

function forgetWorker(): void {
  worker?.terminate();
  worker = null;
  api = null;
}

/** A call to the worker that also ends when the worker dies. */
async function ask<T>(call: (trainer: Remote<TrainerApi>) => Promise<T>): Promise<T> {
  const answer = call(trainer());
  return Promise.race([answer, death!]);
}

/** Reports what nobody foresaw the way expected trouble is reported. */
function reportUnexpected(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  takeEvents([
    { type: 'failed', kind: 'unexpected', reason, advice: 'Start again; training continues from its last checkpoint.' },
  ]);
}

/**
 * Starts training and resolves when the run has ended. With 'fresh', `config` is used; with 'continue' the checkpoint's own.
 * While a run is under way this does nothing.
 */
export async function startTraining(from: 'fresh' | 'continue', config: TrainingConfig): Promise<void> {
  if (useTraining.getState().phase !== 'idle') return;
  useTraining.setState({ phase: 'starting', failure: null, outcome: null });
  addEventListener('beforeunload', warnBeforeLeaving);
  const { choice } = useBackendChoice.getState();
  try {
    await ask((api) =>
      api.start(
        { config, backend: choice, from },
        proxy((events) => {
          takeEvents(events);
          followEvents(events);
          for (const event of events) {
            if (event.type === 'backendReady') reportBackend(event.report);
            if (event.type === 'memory') reportMemory(event);
          }
        }),
      ),
    );
  } catch (error) {
    reportUnexpected(error);
  } finally {
    removeEventListener('beforeunload', warnBeforeLeaving);
    dropWaitingChanges();
    useTraining.setState({ phase: 'idle', deviceLost: null });
    reportMemory(null);
    await lookForStoredRun();
  }
}

/** Asks to stop after the current step; the run then stores a checkpoint. */
export async function stopTraining(): Promise<void> {
  if (useTraining.getState().phase === 'idle') return;
  useTraining.setState({ phase: 'stopping' });
  await ask((api) => api.stop()).catch(reportUnexpected);
}

deliverChanges((change) => void ask((api) => api.update(change)).catch(reportUnexpected));

/** Looks for a checkpoint; trouble on the way is as good as none. */
export async function lookForStoredRun(): Promise<void> {
  const checkpoint = await ask((api) => api.latestCheckpoint()).catch(() => null);
  useStoredRun.setState({ checkpoint });
}

/** F3, or F1 and F2, of the running or latest run as a .safetensors file; null when there is none yet. */
export async function exportWeights(
  network: 'student' | 'teacher',
  which: 'average' | 'latest',
): Promise<ArrayBuffer | null> {
  return ask((api) => (network === 'student' ? api.exportStudent(which) : api.exportTeacher(which)));
}

function warnBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
