import type { Size } from './tiles.ts';

export interface TileLimits {
  /** Measured speed, milliseconds per pixel given to the network. */
  readonly msPerPixel: number;
  /** Pixels that the network sees in each direction. */
  readonly radius: number;
  /** Widest layer of the network. */
  readonly filters: number;
  /** What the tensors of one tile may take, bytes. */
  readonly memoryBytes: number;
  /** The longest that one tile may take, milliseconds: cancel and news wait for it. */
  readonly patienceMs: number;
}

/** Sides to choose from; few, so that a backend's pool of buffers finds its sizes again. */
const sides = [96, 128, 160, 192, 256, 320, 384, 512, 640, 768, 1024];

/**
 * The side of the tiles for a picture: the one with the least work in all (a halo is computed twice), among those that stay
 * within memory and patience. The smallest with a useful inner part when none does.
 */
export function chooseTile(picture: Size, limits: TileLimits): number {
  const { radius, patienceMs, msPerPixel, memoryBytes } = limits;
  const useful = sides.filter((side) => side >= 4 * radius);
  const candidates = useful.length ? useful : [4 * radius];
  const allowed = candidates.filter(
    (side) => side * side * msPerPixel <= patienceMs && tileBytes(side, limits.filters) <= memoryBytes,
  );
  const pool = allowed.length ? allowed : [candidates[0]!];
  return pool.reduce((best, side) => (workOf(picture, side, radius) < workOf(picture, best, radius) ? side : best));
}

/** What the tensors of a tile take at most, bytes: input, output and four layers of features are alive at once. */
export function tileBytes(side: number, filters: number): number {
  return side * side * 4 * (4 * filters + 6);
}

/** Pixels given to the network in all. */
function workOf({ width, height }: Size, side: number, radius: number): number {
  const along = (length: number): number =>
    length <= side ? length : Math.ceil((length - 2 * radius) / (side - 2 * radius)) * side;
  return along(width) * along(height);
}
