import type { Point } from '../../src/core/inference/tiles.ts';
import type { DerainEvent, DerainJob } from '../../src/protocol/derainer.ts';
import { createEventBatcher } from '../eventBatcher.ts';
import type { JobQueue } from './jobQueue.ts';
import { BATCH_MS } from './layerComposer.ts';
import type { PhotoStore } from './photoStore.ts';
import { runOnDevice } from './runOnDevice.ts';
import type { JobContext } from './runOnDevice.ts';

/** The photos that are derained, one job at a time: a newer job ends an older one. */
export class DerainJobs {
  /** The photo of the latest job, and where the person looks on it. */
  private latest: { readonly photo: string; readonly focus: Point } = { photo: '', focus: { x: 0, y: 0 } };
  private readonly context: JobContext;

  constructor(
    private readonly queue: JobQueue,
    private readonly photos: PhotoStore,
    context: Omit<JobContext, 'focus'>,
  ) {
    this.context = { ...context, focus: () => this.latest.focus };
  }

  /** Resolves after the last event. Rejects with an Error when the photo or the model was never opened. */
  async derain(job: DerainJob, onEvents: (events: readonly DerainEvent[]) => void): Promise<void> {
    this.latest = job;
    const batcher = createEventBatcher(onEvents, { everyMs: BATCH_MS, transferables: bitmapsOf });
    await this.queue.replace(async (stop) => {
      if (stop.aborted) return batcher.push({ type: 'cancelled' });
      const photo = this.photos.get(job.photo);
      if (!photo || !this.context.models.has(job.model))
        throw new Error('The photo or the model of this job was never opened.');
      await runOnDevice(this.context, job, photo, stop, batcher);
    });
    await batcher.drain();
  }

  /** Moves the focus of the latest job, if it is of this photo. */
  setFocus(photo: string, focus: Point): void {
    if (this.latest.photo === photo) this.latest = { photo, focus };
  }
}

function bitmapsOf(batch: readonly DerainEvent[]): ImageBitmap[] {
  return batch.flatMap((event) => (event.type === 'tileDerained' ? [event.tile.bitmap] : []));
}
