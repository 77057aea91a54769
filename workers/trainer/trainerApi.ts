import { decodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import type { Checkpoint } from '../../src/core/training/checkpoint.ts';
import { studentOf, teacherOf } from '../../src/core/training/exportModel.ts';
import { encodeStudent, encodeTeacher } from '../../src/core/weights/modelFile.ts';
import type {
  BestWeights,
  ExportedModel,
  StartRequest,
  TrainerApi,
  TrainerEvent,
  WhichWeights,
} from '../../src/protocol/trainer.ts';
import type { Previewed } from '../../src/core/training/events.ts';
import type { LabApi } from '../../src/protocol/runs.ts';
import { createEventBatcher } from '../eventBatcher.ts';
import { Control } from './control.ts';
import { createLabApi } from './labApi.ts';
import { keepTrainRun, takeUpRun } from './trainRuns.ts';
import type { TrainerHost } from './trainerHost.ts';
import { failed, messageOf, TrainerRun } from './trainerRun.ts';
import type { CheckpointInHand } from './trainerRun.ts';
import { transferables } from './transferables.ts';

const NOTHING = { from: null, best: null, keptBest: null };

/** The training worker's side of the protocol. */
export function createTrainerApi(host: TrainerHost): TrainerApi & LabApi {
  const { checkpoints } = host;
  /** Of the run under way, from the moment it was asked for. */
  let control: Control | null = null;
  let run: TrainerRun | null = null;
  /** The end of the last run, if storage had no room for it. */
  let unstored: CheckpointInHand | null = null;
  /** The best weights of the last run, null for none; undefined: those in storage. */
  let best: BestWeights | null | undefined;
  /** Of the last run. */
  let preview: Previewed | null = null;

  /** What training would go on from. */
  const newest = async (): Promise<CheckpointInHand | null> => {
    if (unstored) return unstored;
    const stored = await checkpoints.readNewest(decodeCheckpoint);
    return stored && { ...stored, storedStep: stored.summary.step };
  };
  const bestNow = async (): Promise<BestWeights | null> => (best === undefined ? checkpoints.readBest() : best);

  const exported = async (
    which: WhichWeights,
    network: 'student' | 'teacher',
    encode: (checkpoint: Checkpoint, which: 'average' | 'latest') => Uint8Array<ArrayBuffer>,
  ): Promise<ExportedModel | null> => {
    if (which === 'best') {
      const found = run ? run.best : await bestNow();
      return found && { bytes: found[network], step: found.step };
    }
    const found = run ? await run.freshCheckpoint() : ((await newest())?.checkpoint ?? null);
    return found && { bytes: encode(found, which).buffer, step: found.step };
  };

  const trainOnce = async (request: StartRequest, own: Control, emit: (event: TrainerEvent) => void): Promise<void> => {
    const from = request.from === 'continue' ? await newest() : null;
    if (request.from === 'continue' && !from) {
      const reason = 'There is no readable checkpoint to continue from.';
      return emit(failed('checkpoint', reason, 'Start a fresh run.'));
    }
    await keep();
    const report = (event: TrainerEvent): void => {
      if (event.type === 'previewed') preview = structuredClone(event); // its images move to the page
      emit(event);
    };
    const soFar = from ? { from, best: await bestNow(), keptBest: best } : NOTHING;
    run = new TrainerRun(host, request, own, soFar, report);
    try {
      await run.run();
    } catch (error) {
      emit(failed('unexpected', messageOf(error), 'Reload the page and continue from the last checkpoint.'));
    } finally {
      run.finish();
      if (run.latest) ({ unstored, keptBest: best } = run);
      run = null;
      await keep();
    }
  };
  /** Keeps the last checkpoint among the runs; without room for it, it stays where it is. */
  const keep = async (): Promise<void> => {
    const found = await newest();
    if (found) await keepTrainRun(host, found.checkpoint, preview).catch(() => undefined);
    preview = null;
  };
  const date = (): string => new Date(host.now()).toISOString();

  return {
    ...createLabApi(host, {
      async keepTrainRun() {
        if (control === null) await keep();
      },
      async resumeRun(id) {
        await keep();
        await takeUpRun(host, id);
        unstored = null;
        best = undefined;
      },
    }),
    async start(request, onEvents) {
      const batcher = createEventBatcher(onEvents, { transferables });
      const emit = (event: TrainerEvent): void => batcher.push(event);
      const own = new Control(request.steps);
      const isFirst = control === null;
      control ??= own;
      const began = isFirst && (await host.whileTraining(() => trainOnce(request, own, emit)));
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
    latestCheckpoint: async () => (await newest())?.summary ?? null,
    async discardCheckpoints() {
      unstored = null;
      best = undefined;
      await checkpoints.discard();
      await checkpoints.discardBest();
    },
    exportStudent: (which) =>
      exported(which, 'student', (found, kind) => encodeStudent(studentOf(found, kind, date()))),
    exportTeacher: (which) =>
      exported(which, 'teacher', (found, kind) => encodeTeacher(teacherOf(found, kind, date()))),
  };
}
