import { ImageRefusal } from '../src/browser/imageRefusal.ts';
import { derain } from '../src/core/inference/derain.ts';
import { chooseGlimpse, chooseTile, fitTile } from '../src/core/inference/tileSize.ts';
import type { Point } from '../src/core/inference/tiles.ts';
import type { DerainerBackend } from './derainerBackend.ts';
import type { DerainerModels } from './derainerModels.ts';
import { beginFindings, findingOf, tileOf, using } from './derainerPhotos.ts';
import type { Photo } from './derainerPhotos.ts';
import type { DerainEvent, DerainJob, UserError } from '../src/protocol/derainer.ts';
import type { Pump } from './pump.ts';

/** The longest that one tile should take, milliseconds: Cancel and the first look wait for it. */
export const PATIENCE_MS = 600;
/** The longest that the first small part should take, milliseconds. */
const GLIMPSE_MS = 120;
/** Times that a lost device is replaced in one job. */
const MAX_RECOVERIES = 2;

/** What a run needs of its worker. */
export interface DerainRoom {
  readonly backend: DerainerBackend;
  readonly models: DerainerModels;
  readonly breathe: () => Promise<void>;
  /** Where the person looks on the photo now. */
  readonly looked: () => Point;
}

/** A run over a photo: its news go into the pump, from `derainStarted` to `derained`, `cancelled` or `derainFailed`. A lost device is replaced. */
export async function runDerainJob(
  room: DerainRoom,
  job: DerainJob,
  photo: Photo,
  stop: { readonly aborted: boolean },
  pump: Pump<DerainEvent>,
): Promise<void> {
  for (let recovery = 0; ; recovery++) {
    try {
      return await using(photo, () => follow(room, job, photo, stop, pump));
    } catch (error) {
      if (!room.backend.lost(error) || recovery === MAX_RECOVERIES) {
        return pump.push({ type: 'derainFailed', ...explainTrouble(error) });
      }
    }
  }
}

/** One run on one device. */
async function follow(
  { backend, models, breathe, looked }: DerainRoom,
  job: DerainJob,
  photo: Photo,
  stop: { readonly aborted: boolean },
  pump: Pump<DerainEvent>,
): Promise<void> {
  const now = (): number => performance.now();
  const started = now();
  const report = await backend.ensure(job.backend);
  const { network, msPerPixel } = await models.use(job.model, job.ensemble);
  const { picture } = photo;
  const pixels = picture.width * picture.height;
  // WebGPU keeps its buffers by size, so there all pictures share a few sizes of tiles.
  const fitted = report.backend !== 'webgpu';
  const { radius, alive } = network;
  const side = chooseTile(picture, {
    msPerPixel,
    radius,
    alive,
    memoryBytes: job.memoryBytes,
    patienceMs: PATIENCE_MS,
    fitted,
  });
  const tile = fitted ? fitTile(picture, side, radius) : side;
  const glimpse = chooseGlimpse(side, { msPerPixel, radius }, GLIMPSE_MS);
  const findings = beginFindings(photo, job.model);
  const begun = now();
  for await (const fact of derain({
    picture,
    network,
    tile,
    glimpse,
    order: looked,
    strength: job.strength,
    breathe,
    now,
    stop,
  })) {
    backend.assertSound();
    switch (fact.type) {
      case 'planned':
        pump.push({ type: 'derainStarted', report, tiles: fact.tiles, tile: side });
        break;
      case 'glimpsed':
        pump.push({
          type: 'tileDerained',
          tile: await tileOf(fact.rect, fact.pixels, photo.colorSpace),
          share: 0,
          msLeft: fact.msPerPixel * pixels,
        });
        pump.flush(); // The next tile would keep it waiting.
        break;
      case 'octaveDone': {
        const rect = { left: 0, top: 0, width: picture.width, height: picture.height };
        const { share } = fact;
        pump.push({
          type: 'tileDerained',
          tile: await tileOf(rect, fact.pixels, photo.colorSpace),
          share,
          msLeft: (now() - begun) * (1 / share - 1),
        });
        pump.flush(); // The whole photo is on screen long before its first tile.
        break;
      }
      case 'tiled': {
        findings.push(findingOf(fact));
        const { share } = fact;
        const msLeft = (now() - begun) * (1 / share - 1);
        pump.push({
          type: 'tileDerained',
          tile: await tileOf(fact.rect, fact.pixels, photo.colorSpace),
          share,
          msLeft,
        });
        break;
      }
      case 'finished':
        pump.push({ type: 'derained', ms: now() - started });
        break;
      case 'stopped':
        pump.push({ type: 'cancelled' });
        break;
      default:
        fact satisfies never;
    }
  }
}

/** What went wrong and what to do, for people. */
export function explainTrouble(error: unknown): Omit<UserError, 'refused'> {
  if (error instanceof ImageRefusal) return { reason: error.reason, advice: error.advice };
  const reason = error instanceof Error ? error.message : String(error);
  return { reason, advice: 'Choose another backend in the device panel, or a smaller model, and try again.' };
}
