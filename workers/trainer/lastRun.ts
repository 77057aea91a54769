import { decodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import type { Previewed } from '../../src/core/training/events.ts';
import { studentOf, teacherOf } from '../../src/core/training/exportModel.ts';
import { encodeStudent, encodeTeacher } from '../../src/core/weights/modelFile.ts';
import type {
  BestWeights,
  ExportedModel,
  StartRequest,
  TrainerEvent,
  WhichWeights,
} from '../../src/protocol/trainer.ts';
import type { Control } from './control.ts';
import { keepTrainRun } from './trainRuns.ts';
import type { TrainerHost } from './trainerHost.ts';
import { failed, messageOf, TrainerRun } from './trainerRun.ts';
import type { CheckpointInHand, RunSoFar } from './trainerRun.ts';

const NOTHING: RunSoFar = { from: null, best: null, keptBest: null };

/** The run under way, or else the last one: what training goes on from, what is exported, and what is kept among the runs. */
export class LastRun {
  private run: TrainerRun | null = null;
  /** Its end, if storage had no room for it. */
  private unstored: CheckpointInHand | null = null;
  /** Its best weights, null for none; undefined: those in storage. */
  private best: BestWeights | null | undefined;
  private preview: Previewed | null = null;

  constructor(private readonly host: TrainerHost) {}

  /** What training would go on from. */
  async newest(): Promise<CheckpointInHand | null> {
    if (this.unstored) return this.unstored;
    const stored = await this.host.checkpoints.readNewest(decodeCheckpoint);
    return stored && { ...stored, storedStep: stored.summary.step };
  }

  /** A network as a file: as it is now while it is trained, else of the latest checkpoint. Null when there are no such weights. */
  async exported(network: 'student' | 'teacher', which: WhichWeights): Promise<ExportedModel | null> {
    const { run } = this;
    if (which === 'best') {
      const found = run ? run.best : await this.bestNow();
      return found && { bytes: found[network], step: found.step };
    }
    const found = run ? await run.freshCheckpoint() : ((await this.newest())?.checkpoint ?? null);
    if (!found) return null;
    const date = new Date(this.host.now()).toISOString();
    const bytes =
      network === 'student'
        ? encodeStudent(studentOf(found, which, date))
        : encodeTeacher(teacherOf(found, which, date));
    return { bytes: bytes.buffer, step: found.step };
  }

  /** Trains from `request` to the end of a run; errors are events. The run before it is kept first, and this one afterwards. */
  async train(request: StartRequest, control: Control, emit: (event: TrainerEvent) => void): Promise<void> {
    const from = request.from === 'continue' ? await this.newest() : null;
    if (request.from === 'continue' && !from) {
      const reason = 'There is no readable checkpoint to continue from.';
      return emit(failed('checkpoint', reason, 'Start a fresh run.'));
    }
    await this.keep();
    const report = (event: TrainerEvent): void => {
      if (event.type === 'previewed') this.preview = structuredClone(event); // its images move to the page
      emit(event);
    };
    const soFar = from ? { from, best: await this.bestNow(), keptBest: this.best } : NOTHING;
    const run = new TrainerRun(this.host, request, control, soFar, report);
    this.run = run;
    try {
      await run.run();
    } catch (error) {
      emit(failed('unexpected', messageOf(error), 'Reload the page and continue from the last checkpoint.'));
    } finally {
      run.finish();
      if (run.latest) ({ unstored: this.unstored, keptBest: this.best } = run);
      this.run = null;
      await this.keep();
    }
  }

  /** Keeps the last checkpoint among the runs; without room for it, it stays where it is. */
  async keep(): Promise<void> {
    const found = await this.newest();
    if (found) await keepTrainRun(this.host, found.checkpoint, this.preview).catch(() => undefined);
    this.preview = null;
  }

  /** Forgets what is in memory alone: storage holds another run, or none. */
  forget(): void {
    this.unstored = null;
    this.best = undefined;
  }

  private async bestNow(): Promise<BestWeights | null> {
    return this.best === undefined ? this.host.checkpoints.readBest() : this.best;
  }
}
