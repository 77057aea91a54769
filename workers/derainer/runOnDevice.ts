import type { Imaging } from '../../src/browser/photoImaging.ts';
import type { BackendReport } from '../../src/core/backend/backendReport.ts';
import { derain } from '../../src/core/inference/derain.ts';
import type { DerainFact } from '../../src/core/inference/derain.ts';
import { tileOfImage } from '../../src/core/inference/onnx/onnxTiles.ts';
import { chooseFirstTile, chooseTile, fitTile } from '../../src/core/inference/tileSize.ts';
import type { Point, Rect, Size } from '../../src/core/inference/tiles.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import type { DerainEvent, DerainJob, LayerTile } from '../../src/protocol/derainer.ts';
import type { EventBatcher } from '../eventBatcher.ts';
import type { DerainerDevice } from './derainerDevice.ts';
import { findingOf } from './layers.ts';
import type { ModelStore, ReadyModel } from './modelStore.ts';
import type { Photo } from './photoStore.ts';
import { toUserError } from './userError.ts';

/** The longest that one tile should take, milliseconds: Cancel and the first look wait for it. */
export const PATIENCE_MS = 600;
/** The longest that the first small part should take, milliseconds. */
const FIRST_TILE_MS = 120;
/** Times that a lost device is replaced in one job. */
const MAX_RECOVERIES = 2;

/** What a job needs of its worker. */
export interface JobContext {
  readonly device: DerainerDevice;
  readonly models: ModelStore;
  readonly imaging: Imaging;
  readonly yieldToEventLoop: () => Promise<void>;
  /** Where the person looks on the photo now. */
  readonly focus: () => Point;
}

/** Derains a photo: its events go into the batcher, from `derainStarted` to `derained`, `cancelled` or `derainFailed`. A lost device is replaced. */
export async function runOnDevice(
  context: JobContext,
  job: DerainJob,
  photo: Photo,
  stop: AbortSignal,
  batcher: EventBatcher<DerainEvent>,
): Promise<void> {
  for (let recovery = 0; ; recovery++) {
    try {
      return await photo.using(() => runOnce(context, job, photo, stop, batcher));
    } catch (error) {
      if (stop.aborted) return batcher.push({ type: 'cancelled' });
      if (context.device.recoverFromLoss() && recovery < MAX_RECOVERIES) continue;
      const { reason, hint } = toUserError(error);
      return batcher.push({ type: 'derainFailed', reason, hint });
    }
  }
}

/** One run on one device. */
async function runOnce(
  { device, models, imaging, yieldToEventLoop, focus }: JobContext,
  job: DerainJob,
  photo: Photo,
  stop: AbortSignal,
  batcher: EventBatcher<DerainEvent>,
): Promise<void> {
  const started = performance.now();
  const report = await device.ensure(job.backend);
  const model = await models.use(job.model, job.ensemble, report);
  const { image } = photo.decoded;
  const plan = planRun(image, model, report, job.memoryBytes);
  const findings = photo.beginFindings(job.model);
  const begun = performance.now();
  const facts = derain({
    image,
    network: model.network,
    tile: plan.tile,
    firstTile: plan.firstTile,
    order: focus,
    strength: job.strength,
    protection: job.protection,
    yieldToEventLoop,
    now: () => performance.now(),
    stop,
  });
  const show = async (rect: Rect, pixels: Pixels): Promise<LayerTile> => ({
    rect,
    bitmap: await imaging.bitmapOf(pixels, photo.decoded),
  });
  const interrupt = (): void => models.interrupt(job.model);
  stop.addEventListener('abort', interrupt);
  try {
    for await (const fact of facts) {
      device.throwIfDeviceFailed();
      if (fact.type === 'tiled') findings.push(findingOf(fact));
      batcher.push(await eventOf(fact, { report, side: plan.side, started, begun, size: image, show }));
      if (fact.type === 'firstTileDone' || fact.type === 'octaveDone') batcher.flush(); // The next tile would keep it waiting.
    }
  } finally {
    stop.removeEventListener('abort', interrupt); // The next job aborts this one, though it has ended.
  }
}

/** Sides of the tiles for a photo. WebGPU keeps its buffers by size, so there all photos share a few sizes of tiles. */
function planRun(
  image: Size,
  { network: { radius, alive }, msPerPixel, tile: prescribed }: ReadyModel,
  report: BackendReport,
  memoryBytes: number,
): { readonly side: number; readonly tile: number | Size; readonly firstTile: number | null } {
  if (prescribed) {
    const tile = tileOfImage(prescribed, image);
    return { side: Math.max(tile.width, tile.height), tile, firstTile: null };
  }
  const fitted = report.backend !== 'webgpu';
  const side = chooseTile(image, { msPerPixel, radius, alive, memoryBytes, patienceMs: PATIENCE_MS, fitted });
  return {
    side,
    tile: fitted ? fitTile(image, side, radius) : side,
    firstTile: chooseFirstTile(side, { msPerPixel, radius }, FIRST_TILE_MS),
  };
}

interface RunFacts {
  readonly report: BackendReport;
  readonly side: number;
  /** When the job began, and when its first tile did; milliseconds. */
  readonly started: number;
  readonly begun: number;
  readonly size: Size;
  readonly show: (rect: Rect, pixels: Pixels) => Promise<LayerTile>;
}

async function eventOf(fact: DerainFact, run: RunFacts): Promise<DerainEvent> {
  const { width, height } = run.size;
  const timeLeft = (share: number): number => (performance.now() - run.begun) * (1 / share - 1);
  switch (fact.type) {
    case 'planned':
      return { type: 'derainStarted', report: run.report, tiles: fact.tiles, tile: run.side };
    case 'firstTileDone': {
      const msLeft = fact.msPerPixel * width * height;
      return { type: 'tileDerained', tile: await run.show(fact.rect, fact.pixels), share: 0, msLeft };
    }
    case 'octaveDone': {
      const tile = await run.show({ left: 0, top: 0, width, height }, fact.pixels);
      return { type: 'tileDerained', tile, share: fact.share, msLeft: timeLeft(fact.share) };
    }
    case 'tiled': {
      const tile = await run.show(fact.rect, fact.pixels);
      return { type: 'tileDerained', tile, share: fact.share, msLeft: timeLeft(fact.share) };
    }
    case 'finished':
      return { type: 'derained', ms: performance.now() - run.started, networkMs: performance.now() - run.begun };
    case 'stopped':
      return { type: 'cancelled' };
    default:
      return fact satisfies never;
  }
}
