import { adaptStudent } from '../../src/core/training/adapt.ts';
import type { AdaptEvent } from '../../src/core/training/adapt.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import { decodeStudent, encodeStudent, ModelFileError } from '../../src/core/weights/modelFile.ts';
import type { Student } from '../../src/core/weights/modelFile.ts';
import type { AdapterApi, AdapterEvent, AdaptJob } from '../../src/protocol/adapter.ts';
import { createEventBatcher } from '../eventBatcher.ts';
import type { TrainerHost } from './trainerHost.ts';
import { messageOf } from './trainerRun.ts';

/** What adapting needs of its host. */
export interface AdapterHost extends Pick<TrainerHost, 'backend' | 'whileTraining' | 'yieldToEventLoop'> {
  /** The pixels of an image file. */
  decode(file: Blob): Promise<Pixels>;
  /** A clock that only goes forward, milliseconds. */
  clock(): number;
}

const SEED = 1;

/** Adapting in the training worker. A training and an adapting exclude each other, in all tabs: both want the whole device. */
export function createAdapterApi(host: AdapterHost): AdapterApi {
  let control: { stopRequested: boolean } | null = null;

  return {
    async adapt(job, onEvents) {
      const batcher = createEventBatcher(onEvents, { transferables: filesOf });
      const emit = (event: AdapterEvent): void => batcher.push(event);
      const work = async (): Promise<void> => {
        const own = { stopRequested: false };
        control = own;
        try {
          await adapt(host, job, own, emit);
        } catch (error) {
          emit(failed(error));
        } finally {
          control = null;
        }
      };
      if (control || !(await host.whileTraining(work))) {
        emit({
          type: 'adaptFailed',
          reason: 'A training, or another student being adapted, has the device.',
          hint: 'Stop it, or wait until it has ended, then try again.',
        });
      }
      await batcher.drain();
    },
    async stopAdapting() {
      if (control) control.stopRequested = true;
    },
  };
}

async function adapt(
  host: AdapterHost,
  { student: file, rainMap, clean, seconds, backend }: AdaptJob,
  control: { stopRequested: boolean },
  emit: (event: AdapterEvent) => void,
): Promise<void> {
  const student = decodeStudent(new Uint8Array(await file.arrayBuffer()));
  const images = await Promise.all(clean.map((one) => host.decode(one)));
  let deviceError: string | null = null;
  await host.backend.choose(backend, { onDeviceError: (reason) => void (deviceError ??= reason) });
  const events = adaptStudent({
    student,
    rainMap,
    clean: images,
    budgetMs: seconds * 1000,
    seed: SEED,
    now: () => host.clock(),
    yieldToEventLoop: () => host.yieldToEventLoop(),
    control,
  });
  try {
    for await (const event of events) {
      if (deviceError !== null) throw new Error(deviceError);
      if (event.type === 'stepped' && !Number.isFinite(event.loss)) throw new Error('The student diverged.');
      emit(newsOf(event, student));
    }
  } catch (error) {
    if (deviceError !== null) host.backend.forget();
    throw error;
  }
}

function newsOf(event: AdaptEvent, student: Student): AdapterEvent {
  switch (event.type) {
    case 'estimated':
      return { type: 'rainEstimated', rain: event.rain };
    case 'stepped':
      return { type: 'adaptStepped', step: event.step, share: event.share };
    case 'adapted': {
      const { buffer } = encodeStudent({ ...student, weights: event.weights });
      return { type: 'studentAdapted', steps: event.step, file: buffer };
    }
    case 'refused':
      return { type: 'adaptRefused', reason: event.reason, hint: 'There is nothing in it to learn from.' };
    case 'stopped':
      return { type: 'adaptStopped' };
    default:
      return event satisfies never;
  }
}

function failed(error: unknown): AdapterEvent {
  if (error instanceof ModelFileError) return { type: 'adaptFailed', reason: error.reason, hint: error.hint };
  const hint = 'Nothing was changed. Choose another backend in the device panel, or a smaller student, and try again.';
  return { type: 'adaptFailed', reason: messageOf(error), hint };
}

function filesOf(batch: readonly AdapterEvent[]): ArrayBuffer[] {
  return batch.flatMap((event) => (event.type === 'studentAdapted' ? [event.file] : []));
}
