import { transfer } from 'comlink';
import type { DerainerApi } from '../../src/protocol/derainer.ts';
import { DerainerDevice } from './derainerDevice.ts';
import type { DerainerHost } from './derainerHost.ts';
import { DerainJobs } from './derainJobs.ts';
import { Evaluator } from './evaluate.ts';
import { exportModel } from './exportModel.ts';
import { importModel } from './importModel.ts';
import { JobQueue } from './jobQueue.ts';
import { LayerComposer } from './layerComposer.ts';
import { ModelStore } from './modelStore.ts';
import { PhotoStore } from './photoStore.ts';
import { rainiestPart } from './rainiestPart.ts';
import { saveLayer, scoreResult, transcode } from './results.ts';
import { showPhoto } from './showPhoto.ts';
import { SpeedMeter } from './speedMeter.ts';

/** The deraining worker's side of the protocol. */
export function createDerainerApi(host: DerainerHost): DerainerApi {
  const { imaging, yieldToEventLoop } = host;
  const photos = new PhotoStore(imaging);
  const models = new ModelStore((bytes) => host.openOnnx(bytes), host.speeds);
  const device = new DerainerDevice(host.backend, models);
  const queue = new JobQueue();
  const jobs = new DerainJobs(queue, photos, { device, models, imaging, yieldToEventLoop });
  const speed = new SpeedMeter(queue, device, models, () => host.isTraining());
  const composer = new LayerComposer(photos, imaging, yieldToEventLoop);
  const evaluator = new Evaluator(imaging, yieldToEventLoop);

  return {
    loadModel: (id, file) => models.load(id, file),
    importModel,
    exportModel,
    loadLpips: (file) => evaluator.loadLpips(file),
    evaluate: (request) => evaluator.evaluate(request),
    warmUp: (model, preference, memoryBytes) => speed.warmUp(model, preference, memoryBytes),
    measure: (request) => speed.measure(request),

    openPhoto: (id, file, onWhole) => showPhoto(photos, host, { id, file, onWhole }),
    closePhoto: (id) => photos.close(id),
    derain: (job, onEvents) => jobs.derain(job, onEvents),
    setFocus: async (photo, point) => jobs.setFocus(photo, point),
    cancel: async () => queue.cancel(),

    compose: (id, model, layer, region, onTiles) => composer.compose(id, model, layer, region, onTiles),
    save: (request) => saveLayer(imaging, photos.get(request.photo), request),
    transcode: (request) => transcode(imaging, request),
    score: (id, model, layer, truth) => scoreResult(imaging, photos.get(id), { model, layer, truth }),
    async rainMap(id, model) {
      const photo = photos.get(id);
      const findings = photo?.findingsOf(model);
      if (!photo || !findings) return null;
      const map = rainiestPart(findings, photo.decoded.image);
      return transfer(map, [map.data.buffer as ArrayBuffer]);
    },
  };
}
