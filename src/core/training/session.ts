import { splitDataset } from '../data/split.ts';
import type { DatasetSplit } from '../data/split.ts';
import { Sampler } from '../data/sampler.ts';
import { createAdam } from '../paper/adam.ts';
import type { Adam } from '../paper/adam.ts';
import { createNetworks, disposeNetwork, networkShapes } from '../architectures/networks.ts';
import { parameterCount } from '../architectures/registry.ts';
import { decayedRate, scheduledRate } from '../paper/hyperparameters.ts';
import type { Hyperparameters } from '../paper/hyperparameters.ts';
import { networkNames } from '../paper/networks.ts';
import type { Networks } from '../paper/networks.ts';
import type { Batch } from '../paper/notation.ts';
import { trainingStep, variablesOf } from '../paper/trainingStep.ts';
import { randomFromSeed } from '../random.ts';
import { disposeBatch, inMicroBatches } from './gradientAccumulation.ts';
import { allFinite, encodeCheckpoint, restoreArrays, snapshotWeights } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { checkConfig } from './config.ts';
import type { LiveChange, TrainingConfig } from './config.ts';
import { DivergenceDetector, objectiveOf } from './divergence.ts';
import type { RunNote, TrainingEvent } from './events.ts';
import { FixedTeacher, fixedTeacherSquares } from './fixedTeacher.ts';
import { microBatchCount, roomProblem } from './microBatches.ts';
import { preview, previewSamples, validate, validationSamples } from './validation.ts';
import type { ValidationSample } from './validation.ts';
import { LossQueue } from './lossQueue.ts';
import type { TrainingPorts } from './ports.ts';
import { RunHistory } from './history.ts';
import { assignPretrained } from './pretrained.ts';
import type { Pretrained } from './pretrained.ts';
import { toFailedEvent, failed, newestStored, sentenceOf } from './failures.ts';

/** Choice: an epoch has at least the paper's own number of steps (2920 images / batch 12), so that a few photos do not halve the rate at once. */
export const leastStepsPerEpoch = 243;

/** Times that one stretch of the curve may fail before the run ends as diverged. */
const maxRollbacks = 4;

/**
 * Trains F1, F2 and F3 together and yields what happens: `started`, then `stepped`, `previewed`, `validated`,
 * `checkpointed`, `adjusted`, `rolledBack`, and last `stopped` or `failed`. It never rejects for expected errors.
 *
 * With `from`, goes on from that checkpoint with the checkpoint's config. Every batch depends on (seed, step) alone, so
 * a continued run follows the curve of an uninterrupted one. The backend must be ready and have our kernels. A fresh run
 * begins with the networks of `start`, whose shapes the config must have (`withPretrained`).
 */
export async function* train(
  config: TrainingConfig,
  ports: TrainingPorts,
  from?: Checkpoint,
  start: Pretrained = {},
): AsyncGenerator<TrainingEvent, void> {
  const [problem] = checkConfig(config);
  if (problem)
    return yield failed('config', `The setting ${problem.path} ${problem.message}.`, 'Correct it and start again.');
  if (config.hyperparameters.mode === 'student' && !from && !start.teacher) {
    return yield failed(
      'config',
      'The student alone can only learn from a teacher that was trained before, and none is given.',
      'Choose another order of the updates.',
    );
  }
  const room = roomProblem(from?.config ?? config, ports.memory);
  if (room !== null) return yield failed('config', room, 'Choose fewer filters or blocks.');
  let run: Run;
  try {
    run = await Run.prepare(from?.config ?? config, ports, from, start);
  } catch (error) {
    return yield toFailedEvent(error, from?.step ?? null);
  }
  try {
    yield* run.go();
  } catch (error) {
    yield toFailedEvent(error, run.storedStep);
  } finally {
    run.dispose();
  }
}

/** The state of one run between its steps. */
class Run {
  private step: number;
  private h: Hyperparameters;
  private readonly history: RunHistory;
  private readonly queue: LossQueue;
  /** Direction label of the newest batch's first image. */
  private direction = 0;
  /** Micro-batches that each batch is split into to save memory. */
  private readonly microBatches: number;
  /** In 'student' mode. */
  private fixedTeacher: FixedTeacher | null = null;
  /** The last checkpoint whose weights gave a sound objective. */
  private lastGood!: Checkpoint;
  private rollbacks = 0;
  private divergence: DivergenceDetector;
  /** Step of the newest stored checkpoint; null: none. */
  storedStep: number | null;
  /** Whether the newest stored checkpoint is this very state. */
  private isStored: boolean;
  /** Step of the last preview. */
  private previewedStep: number | null = null;

  private constructor(
    private readonly config: TrainingConfig,
    private readonly ports: TrainingPorts,
    private readonly split: DatasetSplit,
    private readonly sampler: Sampler,
    private readonly networks: Networks,
    private readonly adam: Adam,
    private readonly samples: {
      readonly preview: readonly ValidationSample[];
      readonly validation: readonly ValidationSample[];
    },
    from: Checkpoint | undefined,
  ) {
    this.step = from?.step ?? 0;
    this.h = config.hyperparameters;
    this.storedStep = ports.storedStep === undefined ? (from?.step ?? null) : ports.storedStep;
    this.isStored = from !== undefined && this.storedStep === from.step;
    this.history = new RunHistory(from);
    this.divergence = new DivergenceDetector(this.history.objectives());
    this.queue = new LossQueue(() => ports.now());
    this.microBatches = microBatchCount(config, ports.memory);
  }

  static async prepare(
    config: TrainingConfig,
    ports: TrainingPorts,
    from: Checkpoint | undefined,
    start: Pretrained,
  ): Promise<Run> {
    const { source } = ports;
    const split = splitDataset(source, config.data.heldOut, config.data.heldOutIds);
    const { seed, batch, crop } = config.run;
    const isTeacherFixed = config.hyperparameters.mode === 'student';
    const realSquares = isTeacherFixed ? { realSquares: fixedTeacherSquares(crop) } : {};
    const sampler = new Sampler(source, split.train, { seed, batch, crop, ...config.data, ...realSquares });
    const samples = {
      preview: await previewSamples(source, split, config),
      validation: await validationSamples(source, split.heldOut, config),
    };
    const networks = createNetworks(networkShapes(config.networks), randomFromSeed(seed).split('weights'));
    assignPretrained(networks, networkShapes(config.networks), start);
    const adam = createAdam(variablesOf(networks, networkNames));
    const run = new Run(config, ports, split, sampler, networks, adam, samples, from);
    try {
      if (from) restoreArrays(from, networks, adam);
      run.lastGood = from ?? run.checkpointOf(await snapshotWeights(networks, adam));
      if (isTeacherFixed) {
        const arrays = [...run.lastGood.arrays].filter(([name]) => /^weights\/f[12]\//.test(name));
        run.fixedTeacher = new FixedTeacher(networks, new Map(arrays), ports.teacherOutputs);
      }
    } catch (error) {
      run.dispose();
      throw error;
    }
    return run;
  }

  dispose(): void {
    this.queue.dispose();
    this.adam.dispose();
    for (const name of networkNames) disposeNetwork(this.networks[name]);
  }

  async *go(): AsyncGenerator<TrainingEvent, void> {
    yield this.started();
    const isNextTurn = this.step > 0 && this.ports.control.stopAtStep !== undefined;
    if (!isNextTurn) yield* this.runPreview();
    do if (!(yield* this.trainOn())) return;
    while (!(yield* this.end()));
  }

  /** Steps until the last one or until a stop is wanted. Returns false when the run had to end as diverged. */
  private async *trainOn(): AsyncGenerator<TrainingEvent, boolean> {
    const { run } = this.config;
    const { stopAtStep = run.steps } = this.ports.control;
    while (this.step < Math.min(run.steps, stopAtStep) && !this.ports.control.stopRequested) {
      yield* this.adjust();
      await this.trainOnce();
      const due = (every: number): boolean => this.step % every === 0;
      const saving = due(run.checkpointEvery) || this.ports.control.checkpointRequested;
      const observed = due(run.previewEvery) || due(run.validateEvery) || saving || this.step === run.steps;
      if (observed || this.queue.due) {
        const problem = yield* this.readBack();
        if (problem !== null) {
          if (yield* this.rollBack(problem)) continue;
          return false;
        }
      }
      if (due(run.previewEvery)) yield* this.runPreview();
      if (due(run.validateEvery)) yield* this.runValidation();
      if (saving && this.step < run.steps && !(yield* this.saveCheckpoint())) return false;
      await this.ports.yieldToEventLoop();
    }
    return true;
  }

  /** Stores the end of the run. Returns false when it went back from there and has steps to do again. */
  private async *end(): AsyncGenerator<TrainingEvent, boolean> {
    const { steps } = this.config.run;
    const problem = yield* this.readBack();
    if (problem !== null) return !(yield* this.rollBack(problem));
    if (this.step >= steps && !this.history.isValidatedAt(this.step)) yield* this.runValidation();
    if (this.previewedStep !== this.step) yield* this.runPreview();
    const { step } = this;
    if (!this.isStored && !(yield* this.saveCheckpoint(true))) return true;
    if (this.step < step) return false;
    const { storedStep } = this;
    const hint = this.isStored ? null : newestStored(storedStep);
    yield { type: 'stopped', step, reason: step >= steps ? 'finished' : 'asked', storedStep, hint };
    return true;
  }

  private get images(): Checkpoint['images'] {
    const { clean, rainy, pairs } = this.split.train;
    return { clean: clean.length, rainy: rainy.length, pairs: pairs.length };
  }

  private get stepsPerEpoch(): number {
    return Math.max(leastStepsPerEpoch, Math.ceil(this.sampler.syntheticCount / this.config.run.batch));
  }

  private started(): TrainingEvent {
    const shapes = networkShapes(this.config.networks);
    return {
      type: 'started',
      step: this.step,
      config: { ...this.config, hyperparameters: this.h },
      parameters: { f1: parameterCount(shapes.f1), f2: parameterCount(shapes.f2), f3: parameterCount(shapes.f3) },
      counts: { ...this.images, heldOut: this.samples.validation.length },
      stepsPerEpoch: this.stepsPerEpoch,
      microBatches: this.microBatches,
      ...this.history.copy(),
    };
  }

  private *adjust(): Generator<TrainingEvent, void> {
    const change = this.ports.control.takeChange(this.step + 1);
    if (!change) return;
    const changed = { ...this.h, ...change };
    const [problem] = checkConfig({ ...this.config, hyperparameters: changed });
    if (problem)
      return yield failed(
        'config',
        `The setting ${problem.path} ${problem.message}.`,
        'Training goes on without this change.',
      );
    const before = Object.fromEntries(
      Object.keys(change).map((key) => [key, this.h[key as keyof LiveChange]]),
    ) as LiveChange;
    this.h = changed;
    yield this.noted({ type: 'adjusted', step: this.step + 1, change, before });
  }

  /** The batch of the next step, with what a fixed teacher says of its real squares. */
  private async nextBatch(): Promise<Batch> {
    const batch = await this.sampler.batch(this.step);
    if (!this.fixedTeacher) return batch;
    const onReal = await this.fixedTeacher.outputsOn(batch.xReal, this.sampler.realSquaresOf(this.step));
    return { ...batch, onReal };
  }

  private async trainOnce(): Promise<void> {
    const batch = await this.nextBatch();
    const { halveEvery, decaySteps, run } = this.config;
    const halved = scheduledRate(this.h.learningRate, Math.floor(this.step / this.stepsPerEpoch), halveEvery);
    const learningRate = decayedRate(halved, run.steps - this.step, decaySteps);
    const real = this.step % this.h.realEvery === 0;
    const losses = inMicroBatches(batch, this.microBatches, (accumulateGradients) =>
      trainingStep(this.networks, this.adam, batch, this.h, learningRate, { real, accumulateGradients }),
    );
    disposeBatch(batch);
    this.step += 1;
    this.isStored = false;
    this.direction = batch.direction[0]!;
    this.queue.add({ step: this.step, losses, learningRate });
  }

  /** Reads the losses of the waiting steps. Returns why the run has diverged, or null. */
  private async *readBack(): AsyncGenerator<TrainingEvent, string | null> {
    const points = await this.queue.read(this.h);
    for (const { objective } of points) {
      const problem = this.divergence.problemOf(objective, this.h);
      if (problem !== null) return problem;
      this.divergence.add(objective);
    }
    this.history.addPoints(points);
    if (points.length) yield { type: 'stepped', points, direction: this.direction };
    return null;
  }

  private noted<Note extends RunNote>(note: Note): Note {
    this.history.addNote(note);
    return note;
  }

  private async *runPreview(): AsyncGenerator<TrainingEvent, void> {
    this.previewedStep = this.step;
    yield {
      type: 'previewed',
      step: this.step,
      samples: await preview(this.networks, this.adam, this.samples.preview),
    };
    this.queue.restartClock();
  }

  private async *runValidation(): AsyncGenerator<TrainingEvent, void> {
    const result = await validate(this.networks, this.adam, this.samples.validation, this.step, () =>
      this.ports.yieldToEventLoop(),
    );
    this.queue.restartClock();
    if (!result) return;
    this.history.addValidated(result);
    this.isStored = false;
    yield result;
    if (this.ports.keepBest && this.history.isBestAt(this.step))
      await this.ports.keepBest(this.checkpointOf(await snapshotWeights(this.networks, this.adam)));
  }

  /**
   * Stores a checkpoint of weights that give a sound objective on the next batch; others are rolled back, so that no exploded
   * weights are ever stored. Returns false when the run had to end as diverged.
   */
  private async *saveCheckpoint(isLast = false): AsyncGenerator<TrainingEvent, boolean> {
    const arrays = await snapshotWeights(this.networks, this.adam);
    const problem = allFinite(arrays) ? await this.problemOfWeights() : 'A weight is no longer a finite number';
    if (problem !== null) return yield* this.rollBack(problem);
    const checkpoint = this.checkpointOf(arrays);
    const bytes = encodeCheckpoint(checkpoint);
    this.lastGood = checkpoint;
    this.rollbacks = 0;
    try {
      await this.ports.saveCheckpoint(bytes, checkpoint);
      this.storedStep = this.step;
      this.isStored = true;
      yield { type: 'checkpointed', step: this.step, bytes: bytes.byteLength };
    } catch (error) {
      yield failed(
        'storage',
        `The checkpoint of step ${this.step} could not be stored: ${sentenceOf(error)}`,
        `${newestStored(this.storedStep)} ${isLast ? '' : 'Training goes on. '}Free some space, or export the student.`,
      );
    }
    this.queue.restartClock();
    return true;
  }

  private async problemOfWeights(): Promise<string | null> {
    const batch = await this.nextBatch().catch(() => null);
    if (!batch) return null; // the next step reports what cannot be read
    const objective = await objectiveOf(this.networks, batch, this.h, this.microBatches);
    disposeBatch(batch);
    return this.divergence.problemOf(objective, this.h);
  }

  private checkpointOf(arrays: Checkpoint['arrays']): Checkpoint {
    return {
      step: this.step,
      config: { ...this.config, hyperparameters: this.h },
      arrays,
      counts: this.adam.state().counts,
      ...this.history.copy(),
      images: this.images,
    };
  }

  /** Back to the last sound numbers at half the learning rate. Returns false, with `stopped`, after too many times. */
  private async *rollBack(reason: string): AsyncGenerator<TrainingEvent, boolean> {
    const fromStep = this.step;
    this.rollbacks += 1;
    restoreArrays(this.lastGood, this.networks, this.adam);
    this.step = this.lastGood.step;
    this.history.cutAfter(this.step);
    this.divergence = new DivergenceDetector(this.history.objectives());
    this.isStored = false;
    if (this.rollbacks > maxRollbacks) {
      const { step, storedStep } = this;
      const again = storedStep === null ? 'start again' : `continue from the checkpoint of step ${storedStep}`;
      const hint = `${reason}. Lower the learning rate or the weights of the losses and ${again}.`;
      yield { type: 'stopped', step, reason: 'diverged', storedStep, hint };
      return false;
    }
    this.h = { ...this.h, learningRate: this.h.learningRate / 2 };
    yield this.noted({ type: 'rolledBack', fromStep, toStep: this.step, reason, learningRate: this.h.learningRate });
    return true;
  }
}
