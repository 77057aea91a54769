import { ShapeError } from '../../src/core/architectures/architecture.ts';
import { stepOperations } from '../../src/core/training/stepTime.ts';
import type { LabApi } from '../../src/protocol/runs.ts';
import type { TrainerApi, TrainerEvent } from '../../src/protocol/trainer.ts';
import { createEventBatcher } from '../eventBatcher.ts';
import { Control } from './control.ts';
import { createLabApi } from './labApi.ts';
import { LastRun } from './lastRun.ts';
import { takeUpRun } from './trainRuns.ts';
import type { TrainerHost } from './trainerHost.ts';
import { failed } from './trainerRun.ts';
import { transferables } from './transferables.ts';

/** The training worker's side of the protocol. */
export function createTrainerApi(host: TrainerHost): TrainerApi & LabApi {
  const last = new LastRun(host);
  /** Of the run under way, from the moment it was asked for. */
  let control: Control | null = null;
  return {
    ...createLabApi(host, {
      async keepTrainRun() {
        if (control === null) await last.keep();
      },
      async resumeRun(id) {
        await last.keep();
        await takeUpRun(host, id);
        last.forget();
      },
    }),
    async start(request, onEvents) {
      const batcher = createEventBatcher(onEvents, { transferables });
      const emit = (event: TrainerEvent): void => batcher.push(event);
      const own = new Control(request.steps);
      const isFirst = control === null;
      control ??= own;
      const began = isFirst && (await host.whileTraining(() => last.train(request, own, emit)));
      if (isFirst) control = null;
      if (!began) {
        const hint = 'Stop it there first, or watch it there.';
        emit(failed('busy', 'Training runs in another tab or window.', hint));
      }
      await batcher.drain();
    },
    async update(change) {
      control?.ask(change);
    },
    async stop() {
      if (control) control.stopRequested = true;
    },
    async stepOperations(config) {
      try {
        return stepOperations(config);
      } catch (error) {
        if (error instanceof ShapeError) return null;
        throw error;
      }
    },
    latestCheckpoint: async () => (await last.newest())?.summary ?? null,
    async discardCheckpoints() {
      last.forget();
      await host.checkpoints.discard();
      await host.checkpoints.discardBest();
    },
    exportStudent: (which) => last.exported('student', which),
    exportTeacher: (which) => last.exported('teacher', which),
  };
}
