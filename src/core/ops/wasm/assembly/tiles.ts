/**
 * An image cut into tiles of 4×4 results. Tiles are counted over all images, row after row; a block of them is
 * transformed together, so that one product per Winograd point serves them all.
 */
import { loadPart, QUAD, roundUp, whereActive } from './lanes';
import { ROWS } from './products';
import { Convolution } from './task';
import { PATCH_BYTES, transformInput } from './winograd';

/** Side of a tile's results, in pixels. */
export const SIDE: i32 = 4;
/** Winograd points of a tile. */
export const POINTS: i32 = 36;
/** Bytes that a block's transformed tiles may take: they should stay in the second-level cache. */
const BLOCK_BYTES: i32 = 288 << 10;
const MOST_TILES: i32 = 48;

/** Channels in whole vectors. */
// @ts-ignore: decorator
@inline
export function padded(channels: i32): i32 {
  return roundUp(channels, 4);
}

export function countTiles(n: i32, h: i32, w: i32): i32 {
  return n * across(h) * across(w);
}

// @ts-ignore: decorator
@inline
function across(pixels: i32): i32 {
  return (pixels + SIDE - 1) / SIDE;
}

/** Tiles of a block, a multiple of the register tile's rows. */
export function blockTiles(cin: i32, cout: i32): i32 {
  const tileBytes = POINTS * 4 * (padded(cin) + padded(cout));
  return max(ROWS, min(MOST_TILES, (BLOCK_BYTES / tileBytes / ROWS) * ROWS));
}

/**
 * Bytes of one point's slab: a row of `channels` for each tile of a block. An odd number of cache lines, so that the 36 slabs,
 * which a transform stores to in turn, fall on 36 cache sets.
 */
// @ts-ignore: decorator
@inline
export function slabBytes(tiles: i32, channels: i32): usize {
  const lines = (<usize>tiles * padded(channels) + 15) >> 4;
  return (lines | 1) << 6;
}

/** The small scratch of a thread: a patch between the passes of a transform, a patch of pixels, a `Place`. */
const SMALL_BYTES: usize = 2 * PATCH_BYTES + 64;

/** Scratch of one thread: both sides' transformed tiles, then its small scratch. */
export function threadScratchBytes(cin: i32, cout: i32): usize {
  const tiles = blockTiles(cin, cout);
  return <usize>POINTS * (slabBytes(tiles, cin) + slabBytes(tiles, cout)) + SMALL_BYTES;
}

/** Where a tile lies. */
// @ts-ignore: decorator
@unmanaged
export class Place {
  /** The image, and the tile's first row and column of results in it. */
  image: i32;
  top: i32;
  left: i32;
}

export function locate(task: Convolution, tile: i32, place: Place): void {
  const columns = across(task.w), perImage = across(task.h) * columns;
  const inImage = tile % perImage;
  place.image = tile / perImage;
  place.top = (inImage / columns) * SIDE;
  place.left = (inImage % columns) * SIDE;
}

/**
 * Transforms the input patches of `count` tiles from tile `first` on: [36][tile][channels] at `out`.
 * `small` is a thread's small scratch.
 */
export function transformInputTiles(task: Convolution, mask: usize, first: i32, count: i32, out: usize, slab: usize, small: usize): void {
  const channels = task.cin, h = task.h, w = task.w;
  const pixel = <usize>channels << 2;
  const row = <usize>w * pixel;
  const place = changetype<Place>(small + 2 * PATCH_BYTES);
  for (let t = 0; t < count; ++t) {
    locate(task, first + t, place);
    const top = place.top - 1, left = place.left - 1;
    const corner = <usize>(place.image * h + top) * row + <usize>left * pixel; // may lie before the image; wraps
    const inside = top >= 0 && left >= 0 && top + 6 <= h && left + 6 <= w;
    const to = out + ((<usize>t * padded(channels)) << 2);
    for (let c = 0; c < channels; c += 4) {
      const at = <usize>c << 2;
      if (inside && c + 4 <= channels) {
        transformInput(task.input, mask, corner + at, row, pixel, to + at, slab, small);
      } else {
        const patch = small + PATCH_BYTES;
        copyPatch(task.input, mask, corner + at, row, pixel, min(4, channels - c), 6, top, left, h, w, patch);
        transformInput(patch, 0, 0, 6 * QUAD, QUAD, to + at, slab, small);
      }
    }
  }
}

/**
 * Copies `side` × `side` vectors, the first of them `at` bytes into `base`, to `patch`: zero outside the image and where
 * `mask` (if any) is not positive. Only `count` channels of each vector are real; the others become zero.
 */
export function copyPatch(base: usize, mask: usize, at: usize, row: usize, pixel: usize, count: i32, side: i32, top: i32, left: i32, h: i32, w: i32, patch: usize): void {
  memory.fill(patch, 0, <usize>(side * side) * QUAD);
  const lastRow = min(side, h - top), firstColumn = max(0, -left), lastColumn = min(side, w - left);
  for (let i = max(0, -top); i < lastRow; ++i) {
    let from = at + <usize>i * row + <usize>firstColumn * pixel;
    let to = patch + <usize>(i * side + firstColumn) * QUAD;
    for (let j = firstColumn; j < lastColumn; ++j) {
      let value = count == 4 ? v128.load(base + from) : loadPart(base + from, count);
      if (mask) value = whereActive(value, count == 4 ? v128.load(mask + from) : loadPart(mask + from, count));
      v128.store(to, value);
      to += QUAD;
      from += pixel;
    }
  }
}
