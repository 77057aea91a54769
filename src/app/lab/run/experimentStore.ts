import { proxy } from 'comlink';
import type { Experiment } from '../../../core/training/experiment.ts';
import type { PlannedExperiment, RunState } from '../../../protocol/runs.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { reportBackend } from '../../device/deviceStore.ts';
import { askTrainer } from '../../train/run/trainer.ts';
import { applyLabEvent, beforeAnyExperiment } from './experimentState.ts';
import { useExperiment } from './runningExperiment.ts';

/** Sizes an experiment for a budget. Rejects with an Error in words. */
export async function planExperiment(experiment: Experiment, minutes: number): Promise<PlannedExperiment> {
  useExperiment.setState({ ...beforeAnyExperiment, phase: 'planning' });
  const { choice } = useBackendChoice.getState();
  try {
    return await askTrainer((api) => api.planExperiment(experiment, minutes, choice));
  } finally {
    useExperiment.setState({ phase: 'idle' });
  }
}

/** Starts an experiment, or goes on with one of this id; resolves when it has ended. */
export async function runExperiment(id: string, experiment: Experiment): Promise<void> {
  if (useExperiment.getState().phase !== 'idle') return;
  useExperiment.setState({ ...beforeAnyExperiment, phase: 'running', id, experiment });
  const { choice } = useBackendChoice.getState();
  try {
    await askTrainer((api) =>
      api.startExperiment(
        { id, experiment, backend: choice },
        proxy((events) => {
          const now = Date.now();
          useExperiment.setState((state) => events.reduce((next, event) => applyLabEvent(next, event, now), state));
          for (const event of events) if (event.type === 'backendReady') reportBackend(event.report);
        }),
      ),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    useExperiment.setState({ failure: { reason, hint: 'Continue it; its last checkpoints are stored.' } });
  } finally {
    useExperiment.setState({ phase: 'idle', turn: null });
  }
}

export async function stopExperiment(): Promise<void> {
  useExperiment.setState({ phase: 'stopping' });
  await askTrainer((api) => api.stopExperiment());
}

export async function setRunState(run: string, state: RunState): Promise<void> {
  await askTrainer((api) => api.setRunState(run, state));
}

export async function extendRun(run: string, steps: number): Promise<void> {
  await askTrainer((api) => api.setRunSteps(run, steps));
}
