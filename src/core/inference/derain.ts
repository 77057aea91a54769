import * as tf from '@tensorflow/tfjs';
import { cropPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { tensorOfPictures } from '../images/tensors.ts';
import type { Derainer } from './derainer.ts';
import { applyResidual, takeResidual } from './residual.ts';
import type { Residual } from './residual.ts';
import { glimpseTile, planTiles, takeNearest } from './tiles.ts';
import type { Point, Rect, Size, Tile } from './tiles.ts';

/** Where a picture's pixels come from: memory, or a file that is read strip by strip. */
export interface PictureSource extends Size {
  /** A rectangle inside the picture. */
  read(rect: Rect): Pixels | Promise<Pixels>;
}

export interface DerainRequest {
  readonly picture: PictureSource;
  readonly network: Derainer;
  /** Size (of squares: the side) of what the network is given, pixels; more than twice its radius unless the picture is smaller. */
  readonly tile: number | Size;
  /** Nearest to a point first, asked for before every tile because who looks moves on; or row by row. */
  readonly order: (() => Point) | 'rows';
  /** Side of a small tile around the point of `order` that is answered before all others; without it there is none. */
  readonly glimpse?: number | null;
  /** How much of what the network finds is taken away: 1 is all of it, 0…1.5. */
  readonly strength: number;
  /** Called after every tile: lets messages in and the picture be drawn. */
  breathe(): Promise<void>;
  /** A clock, milliseconds. */
  now(): number;
  /** Looked at before every tile. */
  readonly stop: { readonly aborted: boolean };
}

/** What deraining reports, in order: one `planned`, perhaps a `glimpsed`, a `tiled` per tile, and `finished` or `stopped`. */
export type DerainFact =
  | { readonly type: 'planned'; readonly tiles: number; readonly pixels: number }
  | Glimpsed
  | Tiled
  | { readonly type: 'finished' }
  | { readonly type: 'stopped' };

/** A small part done before its tile, to be looked at; the tile that covers it comes again. */
export interface Glimpsed {
  readonly type: 'glimpsed';
  readonly rect: Rect;
  /** The derained pixels of `rect`. */
  readonly pixels: Pixels;
  /** Time it took, milliseconds per pixel given to the network. */
  readonly msPerPixel: number;
}

export interface Tiled {
  readonly type: 'tiled';
  readonly rect: Rect;
  /** The derained pixels of `rect`; alpha as in the picture. */
  readonly pixels: Pixels;
  /** y − x of `rect` at full strength. */
  readonly residual: Residual;
  /** z = F1(x) of `rect`, from a teacher. */
  readonly rainMap: Residual | null;
  /** Pixels done so far, of the picture's. */
  readonly donePixels: number;
  /** Time the tile took, milliseconds per pixel given to the network. */
  readonly msPerPixel: number;
}

/** A picture in memory as a source. */
export function pictureSource(picture: Pixels): PictureSource {
  const { width, height } = picture;
  return { width, height, read: (rect) => cropPixels(picture, rect.left, rect.top, rect.width, rect.height) };
}

/**
 * Takes the rain off a picture tile by tile:  out = x + strength · (y − x).
 *
 * Equal to the untiled result. One tile is held as tensors at a time; none is left when the generator ends, however it ends.
 * Throws RangeError when the tile has no room for its halo.
 */
export async function* derain(request: DerainRequest): AsyncGenerator<DerainFact> {
  const { picture, network, tile, order, breathe, stop } = request;
  const tiles = planTiles(picture, tile, network.radius);
  yield { type: 'planned', tiles: tiles.length, pixels: picture.width * picture.height };
  if (request.glimpse && order !== 'rows') {
    const { rect, pixels, msPerPixel } = await derainTile(
      request,
      glimpseTile(picture, request.glimpse, network.radius, order()),
    );
    yield { type: 'glimpsed', rect, pixels, msPerPixel };
    await breathe();
  }
  let donePixels = 0;
  for (;;) {
    const one = order === 'rows' ? tiles.shift() : takeNearest(tiles, order());
    if (!one) break;
    if (stop.aborted) {
      yield { type: 'stopped' };
      return;
    }
    const done = await derainTile(request, one);
    donePixels += done.rect.width * done.rect.height;
    yield { type: 'tiled', ...done, donePixels };
    await breathe();
  }
  yield { type: 'finished' };
}

async function derainTile(
  { picture, network, strength, now }: DerainRequest,
  { source, inner }: Tile,
): Promise<Omit<Tiled, 'type' | 'donePixels'>> {
  const started = now();
  const given = await picture.read(source);
  const { residual, rainMap } = await runTile(network, given, { source, inner });
  const pixels = applyResidual(innerPixels(given, source, inner), residual, strength);
  return { rect: inner, pixels, residual, rainMap, msPerPixel: (now() - started) / (source.width * source.height) };
}

async function runTile(
  network: Derainer,
  given: Pixels,
  { source, inner }: Tile,
): Promise<{ residual: Residual; rainMap: Residual | null }> {
  const x = tensorOfPictures([given]); // [1,h,w,3]
  const { y: derained, z: rainMap } = network.derain(x);
  try {
    const y = (await derained.data()) as Float32Array;
    const z = rainMap && ((await rainMap.data()) as Float32Array);
    return {
      residual: takeResidual(y, given, source, inner),
      rainMap: z && takeResidual(z, given, source, inner, false),
    };
  } finally {
    tf.dispose(rainMap ? [x, derained, rainMap] : [x, derained]);
  }
}

function innerPixels(given: Pixels, source: Rect, inner: Rect): Pixels {
  return cropPixels(given, inner.left - source.left, inner.top - source.top, inner.width, inner.height);
}
