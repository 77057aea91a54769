import { transfer as moved } from 'comlink';
import { createBreathing } from '../src/browser/breathe.ts';
import { noMetadata } from '../src/browser/metadata/photoMetadata.ts';
import type { PhotoMetadata } from '../src/browser/metadata/photoMetadata.ts';
import { PhotoWriteError, writePhoto } from '../src/browser/photoWriter.ts';
import { readPhoto } from '../src/browser/photoReader.ts';
import type { PictureBands } from '../src/browser/pngWriter.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { metrics, scoresOf } from '../src/core/metrics/metrics.ts';
import { explainTrouble, PATIENCE_MS, runDerainJob } from './derainJob.ts';
import { DerainerBackend } from './derainerBackend.ts';
import { DerainerModels } from './derainerModels.ts';
import { measureSpeed } from './deviceSpeed.ts';
import {
  closeWhenFree,
  describedPhoto,
  isSlowToShow,
  layerBands,
  layerPixels,
  nearFirst,
  photoBands,
  readDerainPhoto,
  readHead,
  smallBitmap,
  tileOf,
  using,
  wholeBitmap,
  wholeLayer,
} from './derainerPhotos.ts';
import type { Photo } from './derainerPhotos.ts';
import type {
  DerainerApi,
  DerainEvent,
  DerainJob,
  DerainScores,
  FileKind,
  LayerTile,
  OpenedPhoto,
  UserError,
  SaveRequest,
  Speed,
  SpeedRequest,
} from '../src/protocol/derainer.ts';
import { createPump } from './pump.ts';
import type { Pump } from './pump.ts';

/** A photo is shown in its size so long after it was shown small, milliseconds: by then something of it is derained. */
const WHOLE_AFTER_MS = 500;
/** News waits this long for company, milliseconds. */
const BATCH_MS = 40;

/** The deraining worker's state and commands. */
export function createDerainerApi(): DerainerApi {
  const photos = new Map<string, Photo>();
  const models = new DerainerModels();
  const backend = new DerainerBackend(models);
  const breathe = createBreathing();
  const overtaking = new Map<string, symbol>();
  /** Where the person looks on the photo of the latest job. */
  let looked: Pick<DerainJob, 'photo' | 'focus'> = { photo: '', focus: { x: 0, y: 0 } };
  let stop = { aborted: false };
  let running: Promise<void> = Promise.resolve();
  let busy = 0;
  const room = { backend, models, breathe, looked: () => looked.focus };

  const runJob = async (job: DerainJob, own: { readonly aborted: boolean }, pump: Pump<DerainEvent>): Promise<void> => {
    const photo = photos.get(job.photo);
    if (!photo || !models.has(job.model)) throw new Error('The photo or the model of this job was never opened.');
    await runDerainJob(room, job, photo, own, pump);
  };

  const speed = async (request: SpeedRequest): Promise<Speed | UserError> => {
    try {
      const report = await backend.ensure(request.backend);
      const measured = await measureSpeed(request, report, models, PATIENCE_MS);
      backend.assertSound();
      return measured;
    } catch (error) {
      backend.lost(error);
      return { refused: true, ...explainTrouble(error) };
    }
  };

  const showWhole = async (id: string, photo: Photo, onWhole: (bitmap: ImageBitmap) => void): Promise<void> => {
    if (photos.get(id) !== photo) return;
    const bitmap = await using(photo, () => wholeBitmap(photo, breathe));
    onWhole(moved(bitmap, [bitmap]));
  };

  const composed = async ({ photo: id, model, layer, ...kind }: SaveRequest): Promise<Blob> => {
    const photo = photos.get(id);
    const findings = photo?.findings.get(model);
    if (!photo || !findings) throw new PhotoWriteError('There is no result of this photo yet.');
    return using(photo, () => asFile(layerBands(photo, findings, layer), photo.metadata, kind));
  };

  return {
    loadModel: (id, file) => models.load(id, file),

    async warmUp(model, preference) {
      if (backend.started || !models.has(model)) return;
      const warming = async (): Promise<void> => {
        await backend.ensure(preference);
        await models.use(model, false);
      };
      running = running.then(warming).catch(() => undefined);
      await running;
    },

    async openPhoto(id, file, onWhole) {
      const photo = photos.get(id) ?? (await readDerainPhoto(file));
      if ('refused' in photo) return photo;
      photos.set(id, photo);
      const slowly = onWhole !== undefined && isSlowToShow(photo);
      if (slowly) setTimeout(() => void showWhole(id, photo, onWhole), WHOLE_AFTER_MS);
      return handedOver(describedPhoto(photo, slowly ? smallBitmap(photo) : await wholeBitmap(photo)));
    },

    async closePhoto(id) {
      const photo = photos.get(id);
      photos.delete(id);
      if (photo) await closeWhenFree(photo);
    },

    async derain(job, onEvents) {
      stop.aborted = true;
      const own = { aborted: false };
      stop = own;
      looked = job;
      const before = running;
      const pump = createPump<DerainEvent>(onEvents, { everyMs: BATCH_MS, giveaways: bitmapsOf });
      busy += 1;
      running = before.then(() => runJob(job, own, pump));
      try {
        await running;
      } catch (error) {
        running = Promise.resolve();
        throw error;
      } finally {
        busy -= 1;
      }
      await pump.drain();
    },

    async setFocus(photo, focus) {
      if (looked.photo === photo) looked = { photo, focus };
    },

    async cancel() {
      stop.aborted = true;
    },

    async compose(id, model, layer, region, onTiles) {
      const channel = `${id} ${model} ${layer.kind}`;
      const token = Symbol(channel);
      overtaking.set(channel, token);
      const photo = photos.get(id);
      const findings = photo?.findings.get(model);
      if (!photo || !findings) return false;
      const pump = createPump<LayerTile>(onTiles, {
        everyMs: BATCH_MS,
        giveaways: (tiles) => tiles.map(({ bitmap }) => bitmap),
      });
      await using(photo, async () => {
        for (const finding of nearFirst(findings, region)) {
          const { rect } = finding.residual;
          pump.push(await tileOf(rect, layerPixels(await photo.picture.read(rect), finding, layer), photo.colorSpace));
          await breathe();
          if (overtaking.get(channel) !== token) break;
        }
      });
      await pump.drain();
      return overtaking.get(channel) === token;
    },

    save: (request) => written(() => composed(request)),

    async transcode({ result, original, ...kind }) {
      const [photo, source] = [await readDerainPhoto(result), await readHead(original)];
      if ('refused' in photo) return photo;
      try {
        return await written(() =>
          asFile(photoBands(photo, source.header.type === 'image/jpeg'), source.metadata, kind),
        );
      } finally {
        photo.bitmap.close();
      }
    },

    async score(id, model, strength, truthFile) {
      const photo = photos.get(id);
      const findings = photo?.findings.get(model);
      if (!photo || !findings)
        return { refused: true, reason: 'There is no result of this photo yet.', advice: 'Remove the rain first.' };
      try {
        const truth = await readPhoto(truthFile);
        const { width, height } = photo.picture;
        if (truth.width !== width || truth.height !== height) {
          return {
            refused: true,
            reason: `The picture without rain is ${truth.width} × ${truth.height}, the photo ${width} × ${height}.`,
            advice: 'Choose the picture that belongs to this photo, in the same size.',
          };
        }
        const { rainy, derained } = await using(photo, async () => ({
          rainy: await photo.picture.read({ left: 0, top: 0, width, height }),
          derained: await wholeLayer(photo, findings, { kind: 'derained', strength }),
        }));
        return { refused: false, rows: scoreRows(rainy, truth, derained) };
      } catch (error) {
        return { refused: true, ...explainTrouble(error) };
      }
    },

    async measure(request) {
      if (busy > 0)
        return { refused: true, reason: 'A photo is being worked on.', advice: 'Measure again when it is done.' };
      const measuring = running.then(() => speed(request));
      running = measuring.then(() => undefined);
      return measuring;
    },
  };
}

/** The few metrics that the page has room for, of the rainy photo and of the derained one. */
function scoreRows(rainy: Pixels, clean: Pixels, derained: Pixels): DerainScores['rows'] {
  const table = metrics.filter(({ headline }) => headline);
  const before = scoresOf({ output: rainy, rainy, clean }, table);
  const after = scoresOf({ output: derained, rainy, clean }, table);
  return table.map(({ name, label, unit, digits, higherIsBetter }) => {
    return { name, label, unit, digits, higherIsBetter, rainy: before[name] ?? null, derained: after[name] ?? null };
  });
}

/** A picture as a file, with the metadata of the photo that it was made of. */
function asFile(
  picture: PictureBands,
  original: PhotoMetadata,
  { format, quality, metadata }: FileKind,
): Promise<Blob> {
  return writePhoto(picture, {
    type: format,
    quality,
    metadata: metadata === 'keep' ? original : { ...noMetadata, icc: original.icc },
  });
}

async function written(write: () => Promise<Blob>): Promise<Blob | UserError> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof PhotoWriteError)) throw error;
    return {
      refused: true,
      reason: error.message,
      advice: 'Choose another format, or close other tabs and try again.',
    };
  }
}

function handedOver(opened: OpenedPhoto): OpenedPhoto {
  return moved(opened, [opened.bitmap]);
}

function bitmapsOf(batch: readonly DerainEvent[]): ImageBitmap[] {
  return batch.flatMap((event) => (event.type === 'tileDerained' ? [event.tile.bitmap] : []));
}
