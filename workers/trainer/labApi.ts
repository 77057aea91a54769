import { decodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import { decodeRun, encodeRun } from '../../src/core/training/runFile.ts';
import type { LabApi, LabEvent } from '../../src/protocol/runs.ts';
import { createEventBatcher } from '../eventBatcher.ts';
import { keepCheckpoint, LabControl, planExperiment, trainExperiment } from './experimentRun.ts';
import type { TrainerHost } from './trainerHost.ts';
import { failed, messageOf } from './trainerRun.ts';
import { transferables } from './transferables.ts';

/** What the Train view's side of the worker does for kept runs. */
export interface TrainRunPorts {
  /** Keeps what the Train view stored. */
  keepTrainRun(): Promise<void>;
  /** Makes a kept run the one that the Train view goes on with. */
  resumeRun(id: string): Promise<void>;
}

/** Kept runs and experiments in the training worker. */
export function createLabApi(host: TrainerHost, { keepTrainRun, resumeRun }: TrainRunPorts): LabApi {
  const { runs } = host;
  /** Of the experiment under way. */
  let control: LabControl | null = null;

  return {
    keepTrainRun,
    async resumeRun(id) {
      let problem: unknown = null;
      const isFree = await host.whileTraining(() => resumeRun(id).catch((error: unknown) => void (problem = error)));
      if (!isFree) throw new Error('Training runs already; pause it first.');
      if (problem !== null) throw problem;
    },
    async planExperiment(experiment, minutes, backend) {
      let planned: Awaited<ReturnType<LabApi['planExperiment']>> | null = null;
      const isFree = await host.whileTraining(async () => {
        planned = await planExperiment(host, experiment, minutes, backend);
      });
      if (!isFree || !planned) throw new Error('Training runs already; stop it first.');
      return planned;
    },
    async startExperiment(request, onEvents) {
      const batcher = createEventBatcher<LabEvent>(onEvents, { transferables: movable });
      const emit = (event: LabEvent): void => batcher.push(event);
      const isFree = await host.whileTraining(async () => {
        control = new LabControl(request.id);
        try {
          await trainExperiment(host, request, control, emit);
        } catch (error) {
          emit(
            error instanceof Error && error.name === 'MissingImagesError'
              ? failed('noImages', error.message, 'Add them to the Library, then continue.')
              : failed('unexpected', messageOf(error), 'Start it again; it resumes from its last checkpoints.'),
          );
        } finally {
          control = null;
        }
      });
      if (!isFree) emit(failed('busy', 'Training runs already.', 'Stop it first.'));
      await batcher.drain();
    },
    async stopExperiment() {
      if (control) control.stopRequested = true;
    },
    async setRunState(id, state) {
      control?.setState(id, state);
      await runs.saveState(id, state);
    },
    async setRunSteps(id, steps) {
      control?.setSteps(id, steps);
    },
    async exportRun(id) {
      const checkpoint = await runs.readCheckpoint(id, decodeCheckpoint);
      const label = (await runs.list()).find((run) => run.id === id)?.label;
      return checkpoint && label ? encodeRun({ label, checkpoint, preview: await runs.readPreview(id) }).buffer : null;
    },
    async importRun(bytes, name) {
      const { label, checkpoint, preview } = decodeRun(new Uint8Array(bytes));
      const id = `imported-${crypto.randomUUID()}`;
      await runs.saveLabel(id, label ?? { name, notes: '', createdAt: host.now(), experiment: null });
      await keepCheckpoint(host, id, new Uint8Array(bytes.slice(0)), checkpoint);
      if (preview) await runs.savePreview(id, preview);
      return id;
    },
  };
}

/** Images that the networks just made move to the page. */
function movable(batch: readonly LabEvent[]): ArrayBuffer[] {
  return transferables(batch.flatMap((event) => (event.type === 'runEvent' ? [event.event] : [])));
}
