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
/** Bytes between the slabs of two points beyond their contents, so that they do not fall on one cache set. */
const GAP: usize = 64;
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

/** Bytes of one point's slab: a row of `channels` for each tile of a block. */
// @ts-ignore: decorator
@inline
export function slabBytes(tiles: i32, channels: i32): usize {
  return ((<usize>tiles * padded(channels)) << 2) + GAP;
}

/** Scratch of one thread: both sides' transformed tiles, then the two small patches of a transform. */
export function threadScratchBytes(cin: i32, cout: i32): usize {
  const tiles = blockTiles(cin, cout);
  return <usize>POINTS * (slabBytes(tiles, cin) + slabBytes(tiles, cout)) + 2 * PATCH_BYTES;
}

/**
 * Transforms the input patches of `count` tiles from tile `first` on: [36][tile][channels] at `out`.
 * `small` is room for two patches.
 */
export function transformInputTiles(task: Convolution, masked: bool, first: i32, count: i32, out: usize, slab: usize, small: usize): void {
  const channels = task.cin, h = task.h, w = task.w;
  const columns = across(w), perImage = across(h) * columns;
  const pixel = <usize>channels << 2;
  const row = <usize>w * pixel;
  const mask = masked ? task.mask : 0;
  const tileRow = <usize>padded(channels) << 2;
  for (let t = 0; t < count; ++t) {
    const tile = first + t;
    const image = tile / perImage, inImage = tile % perImage;
    const top = (inImage / columns) * SIDE - 1, left = (inImage % columns) * SIDE - 1;
    const corner = <isize>(image * h + top) * <isize>row + <isize>left * <isize>pixel;
    const inside = top >= 0 && left >= 0 && top + 6 <= h && left + 6 <= w && mask == 0;
    for (let c = 0; c < channels; c += 4) {
      const offset = corner + (<isize>c << 2);
      const to = out + <usize>t * tileRow + (<usize>c << 2);
      if (inside && c + 4 <= channels) {
        transformInput(task.input + <usize>offset, row, pixel, to, slab, small);
      } else {
        copyPatch(task.input, mask, <usize>offset, row, pixel, min(4, channels - c), 6, top, left, h, w, small + PATCH_BYTES);
        transformInput(small + PATCH_BYTES, 6 * QUAD, QUAD, to, slab, small);
      }
    }
  }
}

/**
 * Copies `side` × `side` vectors from `base` + `offset` to `out`, zero outside the image and where `mask` (if any) is not
 * positive. `count` channels of each are real.
 */
export function copyPatch(base: usize, mask: usize, offset: usize, row: usize, pixel: usize, count: i32, side: i32, top: i32, left: i32, h: i32, w: i32, out: usize): void {
  for (let i = top; i < top + side; ++i) {
    let at = offset;
    for (let j = left; j < left + side; ++j) {
      let value = f32x4.splat(0);
      if (<u32>i < <u32>h && <u32>j < <u32>w) {
        if (count == 4) {
          value = v128.load(base + at);
          if (mask) value = whereActive(value, v128.load(mask + at));
        } else {
          value = loadPart(base + at, count);
          if (mask) value = whereActive(value, loadPart(mask + at, count));
        }
      }
      v128.store(out, value);
      out += QUAD;
      at += pixel;
    }
    offset += row;
  }
}
