import { transfer } from 'comlink';
import type {
  DerainerApi,
  DerainEvent,
  DerainJob,
  Speed,
  SpeedRequest,
  UserError,
} from '../../src/protocol/derainer.ts';
import { createEventBatcher } from '../eventBatcher.ts';
import { DerainerDevice } from './derainerDevice.ts';
import type { DerainerHost } from './derainerHost.ts';
import { Evaluator } from './evaluate.ts';
import { exportModel } from './exportModel.ts';
import { importModel } from './importModel.ts';
import { JobQueue } from './jobQueue.ts';
import { BATCH_MS, LayerComposer } from './layerComposer.ts';
import { estimatePhotoSeconds, measureSpeed } from './measureSpeed.ts';
import { ModelStore } from './modelStore.ts';
import { describePhoto, isSlowToShow, PhotoStore, smallBitmap } from './photoStore.ts';
import type { Photo } from './photoStore.ts';
import { rainiestPart } from './rainiestPart.ts';
import { saveLayer, scoreResult, transcode } from './results.ts';
import { PATIENCE_MS, runOnDevice } from './runOnDevice.ts';
import { toUserError, userError } from './userError.ts';

/** A photo is shown in its size so long after it was shown small, milliseconds: by then something of it is derained. */
const WHOLE_AFTER_MS = 500;

/** The deraining worker's side of the protocol. */
export function createDerainerApi(host: DerainerHost): DerainerApi {
  const { imaging, yieldToEventLoop } = host;
  const photos = new PhotoStore(imaging);
  const models = new ModelStore((bytes) => host.openOnnx(bytes), host.speeds);
  const device = new DerainerDevice(host.backend, models);
  const queue = new JobQueue();
  const composer = new LayerComposer(photos, imaging, yieldToEventLoop);
  const evaluator = new Evaluator(imaging, yieldToEventLoop);
  /** Where the person looks on the photo of the latest job. */
  let focus: Pick<DerainJob, 'photo' | 'focus'> = { photo: '', focus: { x: 0, y: 0 } };
  const context = { device, models, imaging, yieldToEventLoop, focus: () => focus.focus };

  const measure = async (request: SpeedRequest): Promise<Speed | UserError> => {
    try {
      const report = await device.ensure(request.backend);
      const speed = await measureSpeed(request, report, models, PATIENCE_MS, host.isTraining);
      device.throwIfDeviceFailed();
      return speed;
    } catch (error) {
      device.recoverFromLoss();
      return toUserError(error);
    }
  };

  const showWhole = async (id: string, photo: Photo, onWhole: (bitmap: ImageBitmap) => void): Promise<void> => {
    if (photos.get(id) !== photo) return;
    const bitmap = await photo.using(() => imaging.copy(photo.decoded, yieldToEventLoop));
    onWhole(transfer(bitmap, [bitmap]));
  };

  return {
    loadModel: (id, file) => models.load(id, file),

    importModel,
    exportModel,
    loadLpips: (file) => evaluator.loadLpips(file),
    evaluate: (request) => evaluator.evaluate(request),

    async warmUp(model, preference, memoryBytes) {
      if (device.isStarted || !models.has(model)) return null;
      const warming = queue.append(async () => {
        const ready = await models.use(model, false, await device.ensure(preference));
        // Beside a training it would seem slower than it is.
        return (await host.isTraining()) ? null : estimatePhotoSeconds(ready, memoryBytes, PATIENCE_MS);
      });
      return warming.catch(() => null);
    },

    async openPhoto(id, file, onWhole) {
      const photo = await photos.open(id, file);
      if ('refused' in photo) return photo;
      const { decoded } = photo;
      const isSlow = onWhole !== undefined && isSlowToShow(decoded);
      if (isSlow) setTimeout(() => void showWhole(id, photo, onWhole), WHOLE_AFTER_MS);
      const bitmap = await photo.using(async () => (isSlow ? smallBitmap(decoded, imaging) : imaging.copy(decoded)));
      return transfer(describePhoto(decoded, bitmap), [bitmap]);
    },

    closePhoto: (id) => photos.close(id),

    async derain(job, onEvents) {
      focus = job;
      const batcher = createEventBatcher(onEvents, { everyMs: BATCH_MS, transferables: bitmapsOf });
      await queue.replace(async (stop) => {
        if (stop.aborted) return batcher.push({ type: 'cancelled' });
        const photo = photos.get(job.photo);
        if (!photo || !models.has(job.model)) throw new Error('The photo or the model of this job was never opened.');
        await runOnDevice(context, job, photo, stop, batcher);
      });
      await batcher.drain();
    },

    async setFocus(photo, point) {
      if (focus.photo === photo) focus = { photo, focus: point };
    },

    async cancel() {
      queue.cancel();
    },

    compose: (id, model, layer, region, onTiles) => composer.compose(id, model, layer, region, onTiles),
    save: (request) => saveLayer(imaging, photos.get(request.photo), request),
    transcode: (request) => transcode(imaging, request),
    async rainMap(id, model) {
      const photo = photos.get(id);
      const findings = photo?.findingsOf(model);
      if (!photo || !findings) return null;
      const map = rainiestPart(findings, photo.decoded.image);
      return transfer(map, [map.data.buffer as ArrayBuffer]);
    },
    score: (id, model, layer, truth) => scoreResult(imaging, photos.get(id), { model, layer, truth }),

    async measure(request) {
      if (queue.isBusy) return userError('A photo is being worked on.', 'Measure again when it is done.');
      return queue.append(() => measure(request));
    },
  };
}

function bitmapsOf(batch: readonly DerainEvent[]): ImageBitmap[] {
  return batch.flatMap((event) => (event.type === 'tileDerained' ? [event.tile.bitmap] : []));
}
