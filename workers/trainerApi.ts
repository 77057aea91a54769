import * as tf from '@tensorflow/tfjs';
import { browserHost } from '../src/browser/backendHost/browserHost.ts';
import { createBackend } from '../src/core/backend/chooseBackend.ts';
import { createBreathing } from '../src/browser/breathe.ts';
import {
  discardCheckpoints,
  listCheckpoints,
  readNewestCheckpoint,
  saveCheckpoint,
} from '../src/browser/checkpoints.ts';
import { openImageSource } from '../src/browser/libraryImageSource.ts';
import { TRAINING_LOCK } from '../src/browser/jobLocks.ts';
import { decodeCheckpoint } from '../src/core/training/checkpoint.ts';
import type { Checkpoint } from '../src/core/training/checkpoint.ts';
import type { LiveChange } from '../src/core/training/config.ts';
import type { Failed } from '../src/core/training/events.ts';
import { studentOf, teacherOf } from '../src/core/training/exportModel.ts';
import type { WhichWeights } from '../src/core/training/exportModel.ts';
import type { TrainingControl, TrainingPorts } from '../src/core/training/ports.ts';
import { train } from '../src/core/training/session.ts';
import { encodeStudent, encodeTeacher } from '../src/core/weights/modelFile.ts';
import type { BackendReport } from '../src/core/backend/backendReport.ts';
import type { CheckpointSummary, StartRequest, TrainerApi, TrainerEvent } from '../src/protocol/trainer.ts';
import { createPump, giveaways } from './pump.ts';
import type { Pump } from './pump.ts';

const backend = createBackend(browserHost);

/** Times that a lost device is replaced in one run. */
const MAX_RECOVERIES = 5;

/** Wishes of the page, as the session looks at them between two steps. */
class Control implements TrainingControl {
  stopping = false;
  savingNow = false;
  private change: LiveChange | null = null;

  ask(change: LiveChange): void {
    this.change = { ...this.change, ...change };
  }

  takeChange(): LiveChange | null {
    const taken = this.change;
    this.change = null;
    return taken;
  }
}

/** One run from `start` to its end, over as many devices as it takes. */
class TrainerRun {
  readonly control = new Control();
  /** The last checkpoint taken, stored or not. */
  latest: Checkpoint | undefined;
  private readonly breathe = createBreathing();
  private trouble: string | null = null;
  private waiting: ((checkpoint: Checkpoint | null) => void)[] = [];
  private storedFresh = false;

  constructor(
    private readonly request: StartRequest,
    private readonly pump: Pump,
  ) {}

  async go(): Promise<void> {
    let from: Checkpoint | undefined;
    if (this.request.from === 'continue') {
      from = (await readNewestCheckpoint(decodeCheckpoint))?.checkpoint;
      if (!from) {
        return this.pump.push(
          failed('checkpoint', 'There is no readable checkpoint to continue from.', 'Start a fresh run.'),
        );
      }
    }
    for (let recovery = 0; ; recovery++) {
      const report = await this.begin(recovery > 0 ? 'auto' : this.request.backend, recovery > 0);
      if (!report) return;
      const lost = await this.follow(from);
      if (lost === null) return;
      const recovering = recovery < MAX_RECOVERIES && !this.control.stopping;
      this.pump.push({ type: 'deviceLost', reason: lost, recovering });
      if (!recovering) {
        return this.pump.push(
          failed(
            'device',
            `The graphics device failed: ${lost}`,
            'Reload the page and continue from the last checkpoint.',
          ),
        );
      }
      backend.forget();
      from = this.latest ?? from;
    }
  }

  /** Resolves with a checkpoint of the weights as they are after the running step. */
  freshCheckpoint(): Promise<Checkpoint | null> {
    this.control.savingNow = true;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Lets those who wait for a checkpoint have the last one there is. */
  finish(): void {
    this.hand(this.latest ?? null);
  }

  /** A backend; after a failure the one asked for first, then whatever there is. */
  private async begin(preference: StartRequest['backend'] | 'auto', again: boolean): Promise<BackendReport | null> {
    this.trouble = null;
    const options = { onDeviceError: (reason: string): void => void (this.trouble ??= reason) };
    try {
      const report = await backend
        .choose(again ? this.request.backend : preference, options)
        .catch((error: unknown) => {
          if (!again) throw error;
          return backend.choose('auto', options);
        });
      this.pump.push({ type: 'backendReady', report });
      return report;
    } catch (error) {
      this.pump.push(
        failed('device', messageOf(error), 'Choose another backend in the device panel, or leave it on automatic.'),
      );
      return null;
    }
  }

  /** Trains until the end (null) or until the device is lost (why). */
  private async follow(from: Checkpoint | undefined): Promise<string | null> {
    const ports: TrainingPorts = {
      source: await openImageSource(),
      now: () => performance.now(),
      breathe: this.breathe,
      saveCheckpoint: (bytes, checkpoint) => this.save(bytes, checkpoint),
      control: this.control,
      memory: backend.stepMemory(),
    };
    for await (const event of train(this.request.config, ports, from)) {
      if (this.trouble !== null) return this.trouble;
      if (
        event.type === 'failed' &&
        event.kind === 'unexpected' &&
        tf.getBackend() === 'webgpu' &&
        (await this.deviceIsGone())
      ) {
        return this.trouble ?? event.reason;
      }
      this.pump.push(event);
      if (event.type === 'checkpointed')
        this.pump.push({ type: 'memory', bytes: tf.memory().numBytes, tensors: tf.memory().numTensors });
    }
    return this.trouble;
  }

  /** After a device is lost nothing throws but reading back. */
  private async deviceIsGone(): Promise<boolean> {
    const probe = tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(1)));
    return probe.data().then(
      ([value]) => value !== 2,
      () => true,
    );
  }

  private async save(bytes: Uint8Array, checkpoint: Checkpoint): Promise<void> {
    this.latest = checkpoint;
    this.control.savingNow = false;
    this.hand(checkpoint);
    const summary: CheckpointSummary = {
      step: checkpoint.step,
      totalSteps: checkpoint.config.run.steps,
      savedAt: Date.now(),
      bytes: bytes.byteLength,
      config: checkpoint.config,
      psnr: checkpoint.validations.at(-1)?.psnr.student ?? null,
    };
    await saveCheckpoint(bytes.buffer as ArrayBuffer, summary);
    if (this.request.from === 'fresh' && !this.storedFresh) await discardCheckpoints(1);
    this.storedFresh = true;
  }

  private hand(checkpoint: Checkpoint | null): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve(checkpoint);
  }
}

/** The training worker's side of the protocol. */
export function createTrainerApi(): TrainerApi {
  let run: TrainerRun | null = null;

  const checkpoint = async (): Promise<Checkpoint | null> => {
    if (run) return run.freshCheckpoint();
    return (await readNewestCheckpoint(decodeCheckpoint))?.checkpoint ?? null;
  };
  const exported = async (encode: (checkpoint: Checkpoint) => Uint8Array<ArrayBuffer>): Promise<ArrayBuffer | null> => {
    const found = await checkpoint();
    return found ? encode(found).buffer : null;
  };
  const now = (): string => new Date().toISOString();

  return {
    async start(request, onEvents) {
      const pump = createPump(onEvents, { giveaways });
      const busy = failed('busy', 'Training runs in another tab or window.', 'Stop it there first, or watch it there.');
      await navigator.locks.request(TRAINING_LOCK, { ifAvailable: true }, async (lock) => {
        if (!lock || run) return pump.push(busy);
        run = new TrainerRun(request, pump);
        try {
          await run.go();
        } catch (error) {
          pump.push(failed('unexpected', messageOf(error), 'Reload the page and continue from the last checkpoint.'));
        } finally {
          run.finish();
          run = null;
        }
      });
      await pump.drain();
    },
    async update(change) {
      run?.control.ask(change);
    },
    async stop() {
      if (run) run.control.stopping = true;
    },
    async latestCheckpoint() {
      return (await listCheckpoints())[0] ?? null;
    },
    discardCheckpoints: () => discardCheckpoints(),
    exportStudent: (which: WhichWeights) => exported((found) => encodeStudent(studentOf(found, which, now()))),
    exportTeacher: (which: WhichWeights) => exported((found) => encodeTeacher(teacherOf(found, which, now()))),
  };
}

function failed(kind: Failed['kind'], reason: string, advice: string): TrainerEvent {
  return { type: 'failed', kind, reason, advice };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
