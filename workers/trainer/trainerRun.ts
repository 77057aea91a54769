import * as tf from '@tensorflow/tfjs';
import type { BackendReport } from '../../src/core/backend/backendReport.ts';
import { encodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import type { Checkpoint } from '../../src/core/training/checkpoint.ts';
import type { DeviceLost, Failed } from '../../src/core/training/events.ts';
import type { TrainingPorts } from '../../src/core/training/ports.ts';
import { asTeacher, withPretrained } from '../../src/core/training/pretrained.ts';
import type { Pretrained } from '../../src/core/training/pretrained.ts';
import { train } from '../../src/core/training/session.ts';
import { studentOf, teacherOf } from '../../src/core/training/exportModel.ts';
import { encodeStudent, encodeTeacher, ModelFileError } from '../../src/core/weights/modelFile.ts';
import { openModel } from '../../src/core/weights/openModel.ts';
import type { BestWeights, CheckpointSummary, StartRequest, TrainerEvent } from '../../src/protocol/trainer.ts';
import type { Control } from './control.ts';
import type { TrainerHost } from './trainerHost.ts';

/** Times that a lost device is replaced without progress (a later checkpoint, stored or not) in between. */
const MAX_RECOVERIES = 5;

/** A checkpoint with what is told of it, and the step of the newest one of its run in storage; null for none. */
export interface CheckpointInHand {
  readonly summary: CheckpointSummary;
  readonly checkpoint: Checkpoint;
  readonly storedStep: number | null;
}

/** What a run begins with: null for all when it begins afresh. */
export interface RunSoFar {
  readonly from: CheckpointInHand | null;
  readonly best: BestWeights | null;
  /** The best weights when they are in memory alone; undefined: they are in storage. */
  readonly keptBest: BestWeights | null | undefined;
}

/** One run from `start` to its end, over as many devices as it takes. */
export class TrainerRun {
  /** The last checkpoint taken, stored or not. */
  latest: Checkpoint | null = null;
  /** The last checkpoint taken, if it could not be stored. */
  unstored: CheckpointInHand | null = null;
  /** The weights of this run's best validation. */
  best: BestWeights | null;
  /** Likewise, as `RunSoFar` has it. */
  keptBest: BestWeights | null | undefined;
  private readonly from: Checkpoint | null;
  private storedStep: number | null;
  private deviceError: string | null = null;
  private recoveries = 0;
  /** Devices lost before there was a checkpoint. */
  private readonly earlyLosses: DeviceLost[] = [];
  private waiting: ((checkpoint: Checkpoint | null) => void)[] = [];

  constructor(
    private readonly host: TrainerHost,
    private readonly request: StartRequest,
    private readonly control: Control,
    { from, best, keptBest }: RunSoFar,
    private readonly emit: (event: TrainerEvent) => void,
  ) {
    this.from = from?.checkpoint ?? null;
    this.storedStep = from?.storedStep ?? null;
    this.best = best;
    this.keptBest = keptBest;
  }

  /** Trains to the end of the run; errors are events. A stop before the first step ends it without one. */
  async run(): Promise<void> {
    for (let isRetry = false; ; isRetry = true) {
      if (!(await this.startBackend(isRetry))) return;
      const lost = await this.trainUntilLost(this.latest ?? this.from ?? undefined);
      if (lost === null) return;
      if (!(await this.recoverFromLoss(lost))) return;
    }
  }

  /** Resolves with a checkpoint of the weights as they are after the running step. */
  freshCheckpoint(): Promise<Checkpoint | null> {
    this.control.checkpointRequested = true;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Gives those who wait for a checkpoint the last one there is. */
  finish(): void {
    this.resolveWaiting(this.latest ?? this.from);
  }

  /** The backend asked for; when a replacement cannot be had, whatever there is. */
  private async startBackend(isRetry: boolean): Promise<BackendReport | null> {
    this.deviceError = null;
    const options = { onDeviceError: (reason: string): void => void (this.deviceError ??= reason) };
    const { backend } = this.host;
    try {
      const report = await backend.choose(this.request.backend, options).catch((error: unknown) => {
        if (!isRetry) throw error;
        return backend.choose('auto', options);
      });
      this.emit({ type: 'backendReady', report });
      return report;
    } catch (error) {
      const hint = 'Choose another backend in the device panel, or leave it on automatic.';
      this.emit(failed('device', messageOf(error), hint));
      return null;
    }
  }

  /** Trains to the end (null) or until the device is lost (why). */
  private async trainUntilLost(from: Checkpoint | undefined): Promise<string | null> {
    const source = await this.host.openSource();
    if (this.control.stopRequested) return null;
    const ports: TrainingPorts = {
      source,
      now: () => performance.now(),
      yieldToEventLoop: () => this.host.yieldToEventLoop(),
      saveCheckpoint: (bytes, checkpoint) => this.save(bytes, checkpoint),
      keepBest: (checkpoint) => this.keepBest(checkpoint),
      ...(this.best && { bestPsnr: this.best.psnr }),
      storedStep: this.storedStep,
      notes: this.earlyLosses,
      control: this.control,
      memory: this.host.backend.stepMemory(),
    };
    const start = from ? {} : await this.pretrained();
    if (!start) return null;
    const { config } = this.request;
    for await (const event of train(withPretrained(config, start, config.teacher), ports, from, start)) {
      if (this.deviceError !== null) return this.deviceError;
      if (event.type === 'failed' && event.kind === 'unexpected' && (await this.isDeviceGone()))
        return this.deviceError ?? event.reason;
      if (event.type === 'checkpointed' && event.step === 0) continue;
      if (event.type === 'rolledBack') this.control.wentBack(event.learningRate);
      this.emit(event);
      if (event.type === 'checkpointed') {
        const { numBytes, numTensors } = tf.memory();
        this.emit({ type: 'memory', bytes: numBytes, tensors: numTensors });
      }
    }
    return this.deviceError;
  }

  /** The teacher that a fresh run is asked to learn from, where it is one; null, with `failed`, when its file is of no use. */
  private async pretrained(): Promise<Pretrained | null> {
    const { teacher } = this.request;
    if (!teacher) return {};
    try {
      const files = await Promise.all(teacher.map(async (file) => new Uint8Array(await file.arrayBuffer())));
      return { teacher: asTeacher(openModel(files)) };
    } catch (error) {
      const { reason, hint } =
        error instanceof ModelFileError ? error : { reason: messageOf(error), hint: 'Choose another teacher.' };
      this.emit(failed('config', reason, hint));
      return null;
    }
  }

  /** Gives the lost device up. False, with `failed`, when it is not to be replaced. */
  private async recoverFromLoss(reason: string): Promise<boolean> {
    const recovering = this.recoveries++ < MAX_RECOVERIES && !this.control.stopRequested;
    this.emit({ type: 'deviceLost', reason, recovering });
    await this.noteLoss(reason);
    if (recovering) {
      this.host.backend.forget();
      this.control.askAgain();
    } else {
      const hint = 'Reload the page and continue from the last checkpoint.';
      this.emit(failed('device', `The graphics device failed: ${reason}`, hint));
    }
    return recovering;
  }

  /** Notes a loss where the run goes on from: in its last checkpoint, which is stored anew, or else at its beginning. */
  private async noteLoss(reason: string): Promise<void> {
    const last = this.latest ?? this.from;
    const note: DeviceLost = { type: 'deviceLost', step: last?.step ?? 0, reason };
    if (!last) return void this.earlyLosses.push(note);
    this.latest = { ...last, notes: [...last.notes, note] };
    await this.store(encodeCheckpoint(this.latest), this.latest).catch(() => undefined); // it is in memory
  }

  /** After a device is lost, only reading back fails. */
  private async isDeviceGone(): Promise<boolean> {
    const probe = tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(1)));
    return probe.data().then(
      ([value]) => value !== 2,
      () => true,
    );
  }

  private async save(bytes: Uint8Array, checkpoint: Checkpoint): Promise<void> {
    if (checkpoint.step === 0) return; // Nothing was learned: an older run in storage is worth more.
    if (checkpoint.step > (this.latest?.step ?? 0)) this.recoveries = 0;
    this.latest = checkpoint;
    this.control.saved();
    this.control.checkpointRequested = false;
    this.resolveWaiting(checkpoint);
    await this.store(bytes, checkpoint);
  }

  private async store(bytes: Uint8Array, checkpoint: Checkpoint): Promise<void> {
    const summary: CheckpointSummary = {
      step: checkpoint.step,
      totalSteps: checkpoint.config.run.steps,
      savedAt: this.host.now(),
      bytes: bytes.byteLength,
      config: checkpoint.config,
      psnr: checkpoint.validations.at(-1)?.psnr.student ?? null,
    };
    this.unstored = { summary, checkpoint, storedStep: this.storedStep };
    const { checkpoints } = this.host;
    await checkpoints.save(bytes.buffer as ArrayBuffer, summary);
    this.unstored = null;
    const isFirst = this.storedStep === null;
    this.storedStep = checkpoint.step;
    if (!isFirst) return;
    await checkpoints.discard(1); // Those of an older run.
    if (!this.best) await checkpoints.discardBest();
    if (this.keptBest === null) this.keptBest = undefined;
  }

  /** What cannot be stored is kept in memory; that storage is full is told of the checkpoints. */
  private async keepBest(checkpoint: Checkpoint): Promise<void> {
    const { step, validations } = checkpoint;
    const date = new Date(this.host.now()).toISOString();
    const best: BestWeights = {
      step,
      psnr: validations.at(-1)!.psnr.student,
      student: encodeStudent(studentOf(checkpoint, 'average', date)).buffer,
      teacher: encodeTeacher(teacherOf(checkpoint, 'average', date)).buffer,
    };
    this.best = best;
    this.keptBest = await this.host.checkpoints.saveBest(best).then(
      () => undefined,
      () => best,
    );
  }

  private resolveWaiting(checkpoint: Checkpoint | null): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve(checkpoint);
  }
}

/** An error as an event. */
export function failed(kind: Failed['kind'], reason: string, hint: string): Failed {
  return { type: 'failed', kind, reason, hint };
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
