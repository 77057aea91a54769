import * as tf from '@tensorflow/tfjs';
import { halvePixelsInto } from '../images/halvePixels.ts';
import { continuePixels } from '../images/mirror.ts';
import { createPixels, cropPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { tensorOfImages } from '../images/tensors.ts';
import type { Images } from '../paper/notation.ts';
import type { AsyncDerainer, CoarseResult, Derained, Derainer, WholeImage } from './derainer.ts';
import { protectionOf, scaleProtection } from './protection.ts';
import type { Protection } from './protection.ts';
import { applyResidual, emptyResidual, pasteResidual, residualValues, takeResidual } from './residual.ts';
import type { Residual } from './residual.ts';
import { planFirstTile, intersection, planTiles, takeNearest } from './tiles.ts';
import type { Point, Rect, Size, Tile } from './tiles.ts';

/** Where an image's pixels come from: memory, or a file that is read strip by strip. */
export type PixelSource = WholeImage;

export interface DerainRequest {
  readonly image: PixelSource;
  readonly network: Derainer | AsyncDerainer;
  /**
   * Size (of squares: the side) of what the network is given, pixels; more than twice its radius unless the image is smaller. One
   * that must see the whole image gets it as one tile, whatever this says.
   */
  readonly tile: number | Size;
  /** Tile order: nearest to the focus point (re-read before each tile), or raster order. */
  readonly order: (() => Point) | 'rows';
  /** Side of a small tile around the focus point that is derained before all others; without it there is none. */
  readonly firstTile?: number | null;
  /** How much of what the network finds is taken away: 1 is all of it, 0…1.5. */
  readonly strength: number;
  /** What stays as it is; without it everything is derained. */
  readonly protection?: Protection | undefined;
  /** Yields to the host's event loop; called after every tile. */
  yieldToEventLoop(): Promise<void>;
  /** A clock, milliseconds. */
  now(): number;
  /** Looked at before every tile. */
  readonly stop: { readonly aborted: boolean };
}

/**
 * What deraining reports, in order: one `planned`, perhaps a `firstTileDone`, an `octaveDone` for every octave but the image itself,
 * coarsest first, a `tiled` per tile of the image, and `finished` or `stopped`.
 */
export type DerainFact =
  | { readonly type: 'planned'; readonly tiles: number; readonly pixels: number }
  | FirstTileDone
  | OctaveDone
  | Tiled
  | { readonly type: 'finished' }
  | { readonly type: 'stopped' };

/** A small part done before its tile, to be looked at; the tile that covers it comes again. */
export interface FirstTileDone {
  readonly type: 'firstTileDone';
  readonly rect: Rect;
  /** The derained pixels of `rect`. */
  readonly pixels: Pixels;
  /** Time it took, milliseconds per pixel given to the network. */
  readonly msPerPixel: number;
}

/** The whole image at a coarser octave, derained: its large streaks are gone. */
export interface OctaveDone {
  readonly type: 'octaveDone';
  /** 1 for half the size, 2 for a quarter … */
  readonly octave: number;
  readonly pixels: Pixels;
  /** Share of the whole work that is done, 0…1. */
  readonly share: number;
}

export interface Tiled {
  readonly type: 'tiled';
  readonly rect: Rect;
  /** The derained pixels of `rect`; alpha as in the image. */
  readonly pixels: Pixels;
  /** y − x of `rect` at full strength. */
  readonly residual: Residual;
  /** z = F1(x) of `rect`, from a teacher. */
  readonly rainMap: Residual | null;
  /** Share of the whole work that is done, 0…1. */
  readonly share: number;
  /** Time the tile took, milliseconds per pixel given to the network. */
  readonly msPerPixel: number;
}

/** An image in memory as a source. */
export function pixelSource(image: Pixels): PixelSource {
  const { width, height } = image;
  return { width, height, read: (rect) => cropPixels(image, rect.left, rect.top, rect.width, rect.height) };
}

/**
 * Removes rain from an image tile by tile:  out = x + strength · (y − x).
 *
 * Where the network works at several octaves, the halves of the image come first, coarsest first, each whole; what one finds is
 * kept in 1/64 levels and handed to the next. At every octave tiled equals untiled. One tile is held as tensors at a time; none is
 * left when the generator ends, however it ends. Throws RangeError when the tile has no room for its halo.
 */
export async function* derain(request: DerainRequest): AsyncGenerator<DerainFact> {
  const { image, network, order, yieldToEventLoop, stop } = request;
  const octaves = network.octaves(image.height, image.width);
  const whole = continuedSource(image, network.multiple * 2 ** (octaves - 1));
  const tile = network.radius === Infinity ? whole : request.tile;
  const tiles = within(image, planTiles(whole, tile, network.radius, network.multiple));
  yield { type: 'planned', tiles: tiles.length, pixels: image.width * image.height };
  await network.prepare?.(image);
  if (request.firstTile && order !== 'rows' && octaves === 1) {
    const { rect, pixels, msPerPixel } = await derainTile(
      request,
      planFirstTile(image, request.firstTile, network.radius, order()),
      null,
    );
    yield { type: 'firstTileDone', rect, pixels, msPerPixel };
    await yieldToEventLoop();
  }
  let coarse: OctaveResult | null = null;
  if (octaves > 1) {
    const halves = await halvesOf({ ...request, image: whole }, octaves - 1);
    const total = [whole, ...(halves ?? [])].reduce((sum, { width, height }) => sum + width * height, 0);
    let done = 0;
    for (const half of halves?.toReversed() ?? []) {
      coarse = await derainOctave(request, half, coarse);
      if (!coarse) break;
      done += half.width * half.height;
      const octave = halves!.indexOf(half) + 1;
      const mask = protectionOf(scaleProtection(request.protection ?? [], 1 / 2 ** octave), coarse.residual.rect);
      const derained = applyResidual(half, coarse.residual, request.strength, mask);
      const pixels = cropPixels(derained, 0, 0, halved(image.width, octave), halved(image.height, octave));
      yield { type: 'octaveDone', octave, pixels, share: done / total };
      await yieldToEventLoop();
    }
    if (!coarse) return yield { type: 'stopped' };
  }
  const before = coarse ? 1 / 4 : 0; // of the work: 1/4 + 1/16 + … of the image
  let donePixels = 0;
  for (;;) {
    const one = order === 'rows' ? tiles.shift() : takeNearest(tiles, order());
    if (!one) break;
    if (stop.aborted) return yield { type: 'stopped' };
    const done = await derainTile({ ...request, image: whole }, one, coarse);
    donePixels += done.rect.width * done.rect.height;
    const share = before + ((1 - before) * donePixels) / (image.width * image.height);
    yield { type: 'tiled', ...done, share };
    await yieldToEventLoop();
  }
  yield { type: 'finished' };
}

/** A length in pixels at an octave; what is left of a pixel counts. */
function halved(length: number, octave: number): number {
  return Math.ceil(length / 2 ** octave);
}

/** The image, continued on the right and at the bottom by its mirror image until its sides are multiples of `multiple`. */
function continuedSource(image: PixelSource, multiple: number): PixelSource {
  const width = Math.ceil(image.width / multiple) * multiple;
  const height = Math.ceil(image.height / multiple) * multiple;
  if (width === image.width && height === image.height) return image;
  return { width, height, read: (rect) => readContinued(image, rect) };
}

/** Tiles of a continued image, as far as they matter to the image itself. */
function within({ width, height }: Size, tiles: readonly Tile[]): Tile[] {
  return tiles.flatMap(({ source, inner }) => {
    const visible = intersection(inner, { left: 0, top: 0, width, height });
    return visible ? [{ source, inner: visible }] : [];
  });
}

/** What was found of a whole octave. */
interface OctaveResult {
  readonly residual: Residual;
  readonly rainMap: Residual | null;
}

/** Rows of an image that are read at once while it is halved. */
const STRIP = 256;

/** The image's half, quarter …, so many of them; null when it was stopped. */
async function halvesOf({ image, yieldToEventLoop, stop }: DerainRequest, count: number): Promise<Pixels[] | null> {
  const halves: Pixels[] = [];
  let source: PixelSource = image;
  while (halves.length < count) {
    const half = createPixels(Math.ceil(source.width / 2), Math.ceil(source.height / 2));
    for (let top = 0; top < source.height; top += STRIP) {
      if (stop.aborted) return null;
      const height = Math.min(STRIP, source.height - top);
      halvePixelsInto(half, await source.read({ left: 0, top, width: source.width, height }), top / 2);
      await yieldToEventLoop();
    }
    halves.push(half);
    source = pixelSource(half);
  }
  return halves;
}

/** A whole coarser octave, tile by tile; null when it was stopped. */
async function derainOctave(
  request: DerainRequest,
  half: Pixels,
  coarse: OctaveResult | null,
): Promise<OctaveResult | null> {
  const { network, tile, yieldToEventLoop, stop } = request;
  const residual = emptyResidual(half.width, half.height);
  let rainMap: Residual | null = null;
  const octave = { ...request, image: pixelSource(half), protection: undefined };
  for (const one of planTiles(half, tile, network.radius, network.multiple)) {
    if (stop.aborted) return null;
    const done = await derainTile(octave, one, coarse);
    pasteResidual(residual, done.residual);
    if (done.rainMap) pasteResidual((rainMap ??= emptyResidual(half.width, half.height)), done.rainMap);
    await yieldToEventLoop();
  }
  return { residual, rainMap };
}

async function derainTile(
  { image, network, strength, protection = [], now }: DerainRequest,
  { source, inner }: Tile,
  coarse: OctaveResult | null,
): Promise<Omit<Tiled, 'type' | 'share'>> {
  const started = now();
  const given = await image.read(source);
  const { residual, rainMap } = await runTile(network, given, { source, inner }, coarse);
  const pixels = applyResidual(innerPixels(given, source, inner), residual, strength, protectionOf(protection, inner));
  return { rect: inner, pixels, residual, rainMap, msPerPixel: (now() - started) / (source.width * source.height) };
}

/** A rectangle that may reach outside the image on the right and at the bottom: there it is the image mirrored at its edge. */
async function readContinued(image: PixelSource, rect: Rect): Promise<Pixels> {
  const [right, bottom] = [rect.left + rect.width, rect.top + rect.height];
  if (right <= image.width && bottom <= image.height) return image.read(rect);
  // What lies behind the edge mirrors as much before it.
  const left = Math.max(0, Math.min(rect.left, 2 * image.width - right));
  const top = Math.max(0, Math.min(rect.top, 2 * image.height - bottom));
  const [width, height] = [Math.min(right, image.width) - left, Math.min(bottom, image.height) - top];
  const continued = continuePixels(await image.read({ left, top, width, height }), right - left, bottom - top);
  return cropPixels(continued, rect.left - left, rect.top - top, rect.width, rect.height);
}

async function runTile(
  network: Derainer | AsyncDerainer,
  given: Pixels,
  { source, inner }: Tile,
  found: OctaveResult | null,
): Promise<OctaveResult> {
  const x = tensorOfImages([given]); // [1,h,w,3]
  const coarse = found && coarseTensors(found, source);
  let made: Derained | null = null;
  try {
    made = await network.derain(x, coarse);
    const y = (await made.y.data()) as Float32Array;
    const z = made.z && ((await made.z.data()) as Float32Array);
    return {
      residual: takeResidual(y, given, source, inner),
      rainMap: z && takeResidual(z, given, source, inner, false),
    };
  } finally {
    tf.dispose([x, made && { ...made }, coarse && { ...coarse }] as tf.TensorContainer[]);
  }
}

/** What the next coarser octave found where `source` lies. */
function coarseTensors({ residual, rainMap }: OctaveResult, { left, top, width, height }: Rect): CoarseResult {
  const rect = { left: left / 2, top: top / 2, width: width / 2, height: height / 2 };
  const tensor = (of: Residual): Images => tf.tensor4d(residualValues(of, rect), [1, rect.height, rect.width, 3]);
  return { residual: tensor(residual), rainMap: rainMap && tensor(rainMap) };
}

function innerPixels(given: Pixels, source: Rect, inner: Rect): Pixels {
  return cropPixels(given, inner.left - source.left, inner.top - source.top, inner.width, inner.height);
}
