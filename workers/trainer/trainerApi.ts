import { decodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import type { Checkpoint } from '../../src/core/training/checkpoint.ts';
import { studentOf, teacherOf } from '../../src/core/training/exportModel.ts';
import { encodeStudent, encodeTeacher } from '../../src/core/weights/modelFile.ts';
import type { TrainerApi } from '../../src/protocol/trainer.ts';
import { createEventBatcher } from '../eventBatcher.ts';
import type { TrainerHost } from './trainerHost.ts';
import { failed, messageOf, TrainerRun } from './trainerRun.ts';
import { transferables } from './transferables.ts';

/** The training worker's side of the protocol. */
export function createTrainerApi(host: TrainerHost): TrainerApi {
  const { checkpoints } = host;
  let run: TrainerRun | null = null;
  /** The end of the last run, if storage had no room for it. */
  let unstored: Checkpoint | null = null;

  const checkpointNow = async (): Promise<Checkpoint | null> =>
    run ? run.freshCheckpoint() : (unstored ?? checkpoints.readNewest(decodeCheckpoint));

  const exported = async (encode: (checkpoint: Checkpoint) => Uint8Array<ArrayBuffer>): Promise<ArrayBuffer | null> => {
    const found = await checkpointNow();
    return found && encode(found).buffer;
  };
  const date = (): string => new Date(host.now()).toISOString();

  return {
    async start(request, onEvents) {
      const batcher = createEventBatcher(onEvents, { transferables });
      const train = async (): Promise<void> => {
        const own = new TrainerRun(host, request, (event) => batcher.push(event));
        run = own;
        try {
          await own.run();
        } catch (error) {
          const advice = 'Reload the page and continue from the last checkpoint.';
          batcher.push(failed('unexpected', messageOf(error), advice));
        } finally {
          own.finish();
          unstored = own.unstored;
          run = null;
        }
      };
      if (run || !(await host.whileTraining(train))) {
        const advice = 'Stop it there first, or watch it there.';
        batcher.push(failed('busy', 'Training runs in another tab or window.', advice));
      }
      await batcher.drain();
    },
    async update(change) {
      run?.control.ask(change);
    },
    async stop() {
      if (run) run.control.stopping = true;
    },
    latestCheckpoint: async () => (await checkpoints.list())[0] ?? null,
    async discardCheckpoints() {
      unstored = null;
      await checkpoints.discard();
    },
    exportStudent: (which) => exported((found) => encodeStudent(studentOf(found, which, date()))),
    exportTeacher: (which) => exported((found) => encodeTeacher(teacherOf(found, which, date()))),
  };
}
