import { chooseTile } from '../../src/core/inference/tileSize.ts';
import { planTiles } from '../../src/core/inference/tiles.ts';
import { measureDevice } from '../../src/core/ops/measure.ts';
import { squareMs } from './modelStore.ts';
import type { ModelStore, ReadyModel } from './modelStore.ts';
import type { BackendReport } from '../../src/core/backend/backendReport.ts';
import type { Speed, SpeedRequest } from '../../src/protocol/derainer.ts';

/** How long the kernels are measured, milliseconds; the photo comes on top. */
const KERNELS_MS = 2700;
const TWELVE_MEGAPIXELS = { width: 4000, height: 3000 };

/** Measures our kernels on the backend in use, then one tile of a photo as `derain` would cut it. */
export async function measureSpeed(
  request: SpeedRequest,
  report: BackendReport,
  models: ModelStore,
  patienceMs: number,
  isTraining: () => Promise<boolean>,
): Promise<Speed> {
  const before = await isTraining();
  const { forward, training } = await measureDevice(() => performance.now(), KERNELS_MS);
  const { model, ensemble, memoryBytes } = request;
  const secondsFor12Mp =
    model === null ? null : await photoSeconds(await models.use(model, ensemble, report), memoryBytes, patienceMs);
  const shared = before || (await isTraining());
  return { refused: false, report, forwardGflops: forward, trainingGflops: training, secondsFor12Mp, shared };
}

/** One tile's time, as often as the photo has tiles; null for a network that needs the whole image at once, and for an ONNX model. */
async function photoSeconds(model: ReadyModel, memoryBytes: number, patienceMs: number): Promise<number | null> {
  if (model.msPerPixel === null) return null;
  const plan = planPhoto(model, memoryBytes, patienceMs);
  return plan && (plan.tiles * (await squareMs(model.network, plan.side))) / 1000;
}

/** The same from what is known of the model's speed; nothing runs. */
export function estimatePhotoSeconds(model: ReadyModel, memoryBytes: number, patienceMs: number): number | null {
  if (model.msPerPixel === null) return null;
  const plan = planPhoto(model, memoryBytes, patienceMs);
  return plan && (plan.tiles * plan.side ** 2 * model.msPerPixel) / 1000;
}

/** Square tiles for 12 megapixels, and how many of them all octaves take together. */
function planPhoto(
  { network, msPerPixel }: Exclude<ReadyModel, { readonly msPerPixel: null }>,
  memoryBytes: number,
  patienceMs: number,
): { readonly side: number; readonly tiles: number } | null {
  const { radius, alive } = network;
  if (radius === Infinity) return null;
  const { width, height } = TWELVE_MEGAPIXELS;
  const side = chooseTile(TWELVE_MEGAPIXELS, { msPerPixel, radius, alive, memoryBytes, patienceMs });
  const octaves = Array.from({ length: network.octaves(height, width) }, (_, octave) => 1 / 4 ** octave);
  const work = octaves.reduce((sum, share) => sum + share, 0);
  return { side, tiles: work * planTiles(TWELVE_MEGAPIXELS, side, radius).length };
}
