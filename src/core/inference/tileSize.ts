import { tilesAlong } from './tiles.ts';
import type { Size } from './tiles.ts';

export interface TileLimits {
  /** Measured speed, milliseconds per pixel given to the network. */
  readonly msPerPixel: number;
  /** Pixels that the network sees in each direction. */
  readonly radius: number;
  /** Numbers per pixel that are alive at once while the network runs. */
  readonly alive: number;
  /** What the tensors of one tile may take, bytes. */
  readonly memoryBytes: number;
  /** How long one tile should take at most, milliseconds: cancel and news wait for it. */
  readonly patienceMs: number;
  /** The tiles will be fitted to the image (`fitTile`); otherwise they are squares that overlap more than they must. */
  readonly fitted?: boolean;
}

/** Sides to choose from; few, so that a backend's pool of buffers finds its sizes again. */
const sides = [96, 128, 160, 192, 256, 320, 384, 512, 640, 768, 1024];

/** Sides of fitted tiles are multiples of this. */
const ROUNDING = 8;
/** A smaller tile may cost this much more work: it takes less memory, and news come more often. */
const SMALLER = 1.05;
/** A tile may take so many times the patience where one within it costs so much more work: its halos would take most of it. */
const LONGEST = 3;
const TOO_MUCH = 1.1;

/** An image is larger than what a network can be given at once; the message says how large it may be. */
export class ImageTooLargeError extends Error {
  override readonly name = 'ImageTooLargeError';
}

/**
 * The side of the tiles for an image: the smallest with hardly more than the least work in all (a halo is computed twice),
 * among those that stay within memory and patience, or beyond patience where that saves much. The smallest with a useful inner
 * part when none does.
 * A network that must see the whole image gets it as one tile; throws ImageTooLargeError when memory does not allow that.
 */
export function chooseTile(image: Size, limits: TileLimits): number {
  const { radius, patienceMs, msPerPixel, memoryBytes, alive, fitted = false } = limits;
  if (radius === Infinity) return wholeImage(image, limits);
  const useful = sides.filter((side) => side >= 4 * radius);
  const candidates = useful.length ? useful : [4 * radius];
  const within = (ms: number): number[] => {
    const allowed = candidates.filter(
      (side) => side * side * msPerPixel <= ms && tileBytes(side, alive) <= memoryBytes,
    );
    return allowed.length ? allowed : [candidates[0]!];
  };
  const smallest = (pool: readonly number[], factor: number, isFitted: boolean): number => {
    const work = pool.map((side) => workOf(image, side, radius, isFitted));
    const least = Math.min(...work);
    return pool[work.findIndex((amount) => amount <= least * factor)]!;
  };
  const soon = smallest(within(patienceMs), SMALLER, fitted);
  const later = smallest(within(LONGEST * patienceMs), TOO_MUCH, true);
  const saved = workOf(image, soon, radius, true) / workOf(image, later, radius, true); // of halos alone
  return saved > TOO_MUCH ? later : soon;
}

/**
 * The side of a first small tile that is answered within `patienceMs`; null when an ordinary tile of that side is no larger.
 * At least large enough for a useful inner part, whatever that takes.
 */
export function chooseFirstTile(
  tile: number,
  { radius, msPerPixel }: Pick<TileLimits, 'radius' | 'msPerPixel'>,
  patienceMs: number,
): number | null {
  const useful = sides.filter((side) => side >= 4 * radius && side < tile);
  const quick = useful.filter((side) => side * side * msPerPixel <= patienceMs);
  return quick.at(-1) ?? useful[0] ?? null;
}

function wholeImage({ width, height }: Size, { alive, memoryBytes }: TileLimits): number {
  const most = Math.floor(memoryBytes / (4 * alive));
  if (width * height <= most) return Math.max(width, height);
  const megapixels = (pixels: number): string => (pixels / 1e6).toFixed(1);
  throw new ImageTooLargeError(
    `This network needs the whole image at once: ${megapixels(width * height)} megapixels are more than the ${megapixels(most)} that fit into memory here.`,
  );
}

/** What the tensors of a square tile take at most, bytes; `alive` as in `TileLimits`. */
export function tileBytes(side: number, alive: number): number {
  return side * side * 4 * alive;
}

/**
 * The smallest tile, at most a square of `side`, of which as few cover the image as of that square: no more overlap than
 * halos take. Rounded up to a few sizes. For backends that keep no pool of buffers by size.
 */
export function fitTile(image: Size, side: number, radius: number): Size {
  const along = (length: number): number => {
    if (length <= side) return side;
    const least = Math.ceil((length - 2 * radius) / tilesAlong(length, side, radius)) + 2 * radius;
    return Math.min(side, Math.ceil(least / ROUNDING) * ROUNDING);
  };
  return { width: along(image.width), height: along(image.height) };
}

/** Pixels given to the network in all. */
function workOf(image: Size, side: number, radius: number, fitted: boolean): number {
  const tile = fitted ? fitTile(image, side, radius) : { width: side, height: side };
  const along = (length: number, one: number): number =>
    length <= one ? length : tilesAlong(length, one, radius) * one;
  return along(image.width, tile.width) * along(image.height, tile.height);
}
