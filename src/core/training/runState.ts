import type { Hyperparameters } from '../paper/hyperparameters.ts';
import type { Adam } from '../paper/adam.ts';
import type { Checkpoint } from './checkpoint.ts';
import { checkConfig } from './config.ts';
import type { LiveChange, TrainingConfig } from './config.ts';
import { DivergenceDetector } from './divergence.ts';
import type { Adjusted, LossPoint, RunNote, TrainingEvent } from './events.ts';
import { failed } from './failures.ts';
import { RunHistory } from './history.ts';

/** Where a run is between two steps: what a checkpoint holds besides the weights. */
export class RunState {
  /** Steps done. */
  step: number;
  /** As live changes and rollbacks left them. */
  h: Hyperparameters;
  readonly history: RunHistory;
  private divergence: DivergenceDetector;

  constructor(
    readonly config: TrainingConfig,
    private readonly images: Checkpoint['images'],
    from: Checkpoint | undefined,
    notes: readonly RunNote[] = [],
  ) {
    this.step = from?.step ?? 0;
    this.h = config.hyperparameters;
    this.history = new RunHistory(from ?? { history: [], validations: [], notes });
    this.divergence = new DivergenceDetector(this.history.objectives());
  }

  /** The config as it holds now. */
  get currentConfig(): TrainingConfig {
    return { ...this.config, hyperparameters: this.h };
  }

  /** A checkpoint of weights as they are in this state. */
  checkpointOf(arrays: Checkpoint['arrays'], adam: Adam): Checkpoint {
    const { step, currentConfig: config, images } = this;
    return { step, config, arrays, counts: adam.state().counts, ...this.history.copy(), images };
  }

  noted<Note extends RunNote>(note: Note): Note {
    this.history.addNote(note);
    return note;
  }

  /** Takes over a change before the next step: `adjusted`, or `failed` where it cannot be. */
  adjust(change: LiveChange): TrainingEvent {
    const changed = { ...this.h, ...change };
    const [problem] = checkConfig({ ...this.config, hyperparameters: changed });
    if (problem) {
      const reason = `The setting ${problem.path} ${problem.message}.`;
      return failed('config', reason, 'Training goes on without this change.');
    }
    const names = Object.keys(change) as (keyof LiveChange)[];
    const before = Object.fromEntries(names.map((name) => [name, this.h[name]])) as LiveChange;
    this.h = changed;
    return this.noted({ type: 'adjusted', step: this.step + 1, change, before });
  }

  /** Why an objective means divergence; null when it does not. */
  problemOf(objective: number): string | null {
    return this.divergence.problemOf(objective, this.h);
  }

  /** Takes the losses of the latest steps. Returns why they have diverged, and takes none then; or null. */
  addPoints(points: readonly LossPoint[]): string | null {
    for (const { objective } of points) {
      const problem = this.problemOf(objective);
      if (problem !== null) return problem;
      this.divergence.add(objective);
    }
    this.history.addPoints(points);
    return null;
  }

  /**
   * Back to an earlier step, with another learning rate. What came after is forgotten, but for the other settings that were changed
   * there: they hold on. Returns their changes as one before the next step, to be noted; null for none.
   */
  goBackTo(step: number, learningRate: number): Adjusted | null {
    this.step = step;
    const notes = this.history.cutAfter(step).filter((note) => note.type === 'adjusted');
    this.divergence = new DivergenceDetector(this.history.objectives());
    this.h = { ...this.h, learningRate };
    const { learningRate: _, ...before } = notes.reduceRight<LiveChange>(
      (sum, note) => ({ ...sum, ...note.before }),
      {},
    );
    const names = Object.keys(before) as (keyof typeof before)[];
    const change = Object.fromEntries(names.map((name) => [name, this.h[name]])) as LiveChange;
    return names.length > 0 ? { type: 'adjusted', step: step + 1, change, before } : null;
  }
}
