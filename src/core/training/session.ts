import { networkShapes } from '../architectures/networks.ts';
import { parameterCount } from '../architectures/registry.ts';
import { decayedRate, scheduledRate } from '../paper/hyperparameters.ts';
import { trainingStep } from '../paper/trainingStep.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { TrainingConfig } from './config.ts';
import { problemOfWeights } from './divergence.ts';
import type { Started, TrainingEvent } from './events.ts';
import { newestStored, toFailedEvent } from './failures.ts';
import { Fallback } from './fallback.ts';
import { disposeBatch, inMicroBatches } from './gradientAccumulation.ts';
import { LossQueue } from './lossQueue.ts';
import { microBatchCount } from './microBatches.ts';
import type { TrainingPorts } from './ports.ts';
import type { Pretrained } from './pretrained.ts';
import { prepareParts } from './runParts.ts';
import type { RunParts } from './runParts.ts';
import { RunState } from './runState.ts';
import { startProblem } from './startProblem.ts';
import { preview, validate } from './validation.ts';

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
  const problem = startProblem(config, ports, from, start);
  if (problem) return yield problem;
  const ownConfig = from?.config ?? config;
  let parts: RunParts;
  try {
    parts = await prepareParts(ownConfig, ports, from, start);
  } catch (error) {
    return yield toFailedEvent(error, from?.step ?? null);
  }
  const run = new Run(ownConfig, ports, parts, from);
  try {
    yield* run.go();
  } catch (error) {
    yield toFailedEvent(error, run.storedStep);
  } finally {
    run.dispose();
  }
}

/** The weights themselves are looked at every so many steps. */
const LOOK_EVERY = 16;

/** One run, step by step. */
class Run {
  private readonly state: RunState;
  private readonly fallback: Fallback;
  private readonly queue: LossQueue;
  /** Micro-batches that each batch is split into to save memory. */
  private readonly microBatches: number;
  /** Direction label of the newest batch's first image. */
  private direction = 0;
  /** Step of the last preview. */
  private previewedStep: number | null = null;
  /** PSNR of the best weights that were kept, dB. */
  private bestPsnr: number;

  constructor(
    private readonly config: TrainingConfig,
    private readonly ports: TrainingPorts,
    private readonly parts: RunParts,
    from: Checkpoint | undefined,
  ) {
    const { clean, rainy, pairs } = parts.split.train;
    const images = { clean: clean.length, rainy: rainy.length, pairs: pairs.length };
    this.state = new RunState(config, images, from, ports.notes);
    this.microBatches = microBatchCount(config, ports.memory);
    this.fallback = new Fallback(parts, this.state, ports, this.microBatches, from);
    this.queue = new LossQueue(() => ports.now());
    this.bestPsnr = Math.max(ports.bestPsnr ?? -Infinity, this.state.history.bestPsnr());
  }

  get storedStep(): number | null {
    return this.fallback.storedStep;
  }

  dispose(): void {
    this.queue.dispose();
    this.parts.dispose();
  }

  async *go(): AsyncGenerator<TrainingEvent, void> {
    yield this.started();
    const isNextTurn = this.state.step > 0 && this.ports.control.stopAtStep !== undefined;
    if (!isNextTurn) yield* this.runPreview();
    do if (!(yield* this.trainOn())) return;
    while (!(yield* this.end()));
  }

  /** Steps until the last one or until a stop is wanted. Returns false when the run had to end as diverged. */
  private async *trainOn(): AsyncGenerator<TrainingEvent, boolean> {
    const { run } = this.config;
    const { control } = this.ports;
    const { stopAtStep = run.steps } = control;
    while (this.state.step < Math.min(run.steps, stopAtStep) && !control.stopRequested) {
      const change = control.takeChange(this.state.step + 1);
      if (change) yield this.state.adjust(change);
      await this.trainOnce();
      const { step } = this.state;
      const due = (every: number): boolean => step % every === 0;
      const saving = due(run.checkpointEvery) || control.checkpointRequested;
      const looking = due(LOOK_EVERY) || due(run.validateEvery) || saving;
      if (looking || due(run.previewEvery) || step === run.steps || this.queue.due) {
        const problem = yield* this.readBack(looking);
        if (problem !== null) {
          if (yield* this.fallback.rollBack(problem)) continue;
          return false;
        }
      }
      if (due(run.previewEvery)) yield* this.runPreview();
      if (due(run.validateEvery)) yield* this.runValidation();
      if (saving && step < run.steps && !(yield* this.saveCheckpoint())) return false;
      await this.ports.yieldToEventLoop();
    }
    return true;
  }

  /** Stores the end of the run. Returns false when it went back from there and has steps to do again. */
  private async *end(): AsyncGenerator<TrainingEvent, boolean> {
    const { steps } = this.config.run;
    const { state, fallback } = this;
    const problem = yield* this.readBack(true);
    if (problem !== null) return !(yield* fallback.rollBack(problem));
    if (state.step >= steps && !state.history.isValidatedAt(state.step)) yield* this.runValidation();
    if (this.previewedStep !== state.step) yield* this.runPreview();
    const { step } = state;
    if (!fallback.isStored && !(yield* this.saveCheckpoint(true))) return true;
    if (state.step < step) return false;
    const { storedStep, isStored } = fallback;
    const hint = isStored ? null : newestStored(storedStep);
    yield { type: 'stopped', step, reason: step >= steps ? 'finished' : 'asked', storedStep, hint };
    return true;
  }

  private started(): Started {
    const shapes = networkShapes(this.config.networks);
    const { state, parts } = this;
    const { clean, rainy, pairs } = parts.split.train;
    return {
      type: 'started',
      step: state.step,
      config: state.currentConfig,
      parameters: { f1: parameterCount(shapes.f1), f2: parameterCount(shapes.f2), f3: parameterCount(shapes.f3) },
      counts: {
        clean: clean.length,
        rainy: rainy.length,
        pairs: pairs.length,
        heldOut: parts.samples.validation.length,
      },
      stepsPerEpoch: parts.stepsPerEpoch,
      microBatches: this.microBatches,
      ...state.history.copy(),
    };
  }

  private async trainOnce(): Promise<void> {
    const { state, parts } = this;
    const { networks, adam, stepsPerEpoch } = parts;
    const batch = await parts.batch(state.step);
    const { halveEvery, decaySteps, run } = this.config;
    const halved = scheduledRate(state.h.learningRate, Math.floor(state.step / stepsPerEpoch), halveEvery);
    const learningRate = decayedRate(halved, run.steps - state.step, decaySteps);
    const real = state.step % state.h.realEvery === 0;
    const losses = inMicroBatches(batch, this.microBatches, (accumulateGradients) =>
      trainingStep(networks, adam, batch, state.h, learningRate, { real, accumulateGradients }),
    );
    disposeBatch(batch);
    state.step += 1;
    this.fallback.isStored = false;
    this.direction = batch.direction[0]!;
    this.queue.add({ step: state.step, losses, learningRate });
  }

  /** Reads the losses of the waiting steps, and looks at the weights if `looking`. Returns why the run has diverged, or null. */
  private async *readBack(looking: boolean): AsyncGenerator<TrainingEvent, string | null> {
    const points = await this.queue.read(this.state.h);
    const problem = this.state.addPoints(points);
    if (problem !== null) return problem;
    if (points.length) yield { type: 'stepped', points, direction: this.direction };
    return looking ? problemOfWeights(this.parts.networks, this.parts.adam) : null;
  }

  private async *runPreview(): AsyncGenerator<TrainingEvent, void> {
    const { networks, adam, samples } = this.parts;
    const { step } = this.state;
    this.previewedStep = step;
    yield { type: 'previewed', step, samples: await preview(networks, adam, samples.preview) };
    this.queue.restartClock();
  }

  private async *runValidation(): AsyncGenerator<TrainingEvent, void> {
    const { networks, adam, samples } = this.parts;
    const { step, history } = this.state;
    const result = await validate(networks, adam, samples.validation, step, () => this.ports.yieldToEventLoop());
    this.queue.restartClock();
    if (!result) return;
    history.addValidated(result);
    this.fallback.isStored = false;
    yield result;
    if (!(result.psnr.student >= this.bestPsnr)) return;
    this.bestPsnr = result.psnr.student;
    await this.ports.keepBest?.(await this.fallback.checkpoint());
  }

  private async *saveCheckpoint(isLast = false): AsyncGenerator<TrainingEvent, boolean> {
    const goesOn = yield* this.fallback.save(isLast);
    this.queue.restartClock();
    return goesOn;
  }
}
