/** The convolution itself: forward pass and input gradient. */
import { loadPart, QUAD, storePart } from './lanes';
import { multiplyRows, ROWS } from './products';
import { Convolution } from './task';
import { blockTiles, countTiles, locate, padded, Place, POINTS, SIDE, slabBytes, transformInputTiles } from './tiles';
import { PATCH_BYTES, transformFilter, transformOutput } from './winograd';

/** Bytes of a transformed filter. */
export function packedBytes(cin: i32, cout: i32): usize {
  return <usize>POINTS * packedSlab(cin, cout);
}

// @ts-ignore: decorator
@inline
function packedSlab(cin: i32, cout: i32): usize {
  return <usize>(padded(cin) * padded(cout)) << 2;
}

/** Address, within a point's slab, of the filter's row `ci` and columns 4q…4q+3: in panels, as `multiplyRows` reads them. */
function packedAddress(ci: i32, q: i32, cin: i32, cout: i32): usize {
  const depth = padded(cin);
  const wide = padded(cout) >> 3;
  if (q < 2 * wide) return <usize>((q >> 1) * depth * 8 + ci * 8 + (q & 1) * 4) << 2;
  return <usize>(wide * depth * 8 + ci * 4) << 2;
}

/** Chunks of `transformFilterRows`. */
export function filterRowChunks(cin: i32): i32 {
  return padded(cin) >> 2;
}

/** Transforms the filter for four input channels. */
export function transformFilterRows(task: Convolution, chunk: i32, thread: i32): void {
  const small = task.scratch + <usize>thread * task.threadBytes;
  const taps = small + PATCH_BYTES;
  const slab = packedSlab(task.cin, task.cout);
  for (let ci = chunk * 4; ci < chunk * 4 + 4; ++ci) {
    for (let q = 0; q < padded(task.cout) >> 2; ++q) {
      if (ci < task.cin) {
        if (task.rotated) copyRotatedTaps(task, ci, q, taps);
        else copyTaps(task, ci, q, taps);
      } else {
        memory.fill(taps, 0, 9 * QUAD);
      }
      transformFilter(taps, task.packed + packedAddress(ci, q, task.cin, task.cout), slab, small);
    }
  }
}

function copyTaps(task: Convolution, ci: i32, q: i32, taps: usize): void {
  const count = min(4, task.cout - 4 * q);
  for (let tap = 0; tap < 9; ++tap) {
    const from = task.filter + (<usize>((tap * task.cin + ci) * task.cout + 4 * q) << 2);
    v128.store(taps + <usize>tap * QUAD, loadPart(from, count));
  }
}

/** The same for a filter that lies as [3,3,cout,cin], rotated by 180°. */
function copyRotatedTaps(task: Convolution, ci: i32, q: i32, taps: usize): void {
  memory.fill(taps, 0, 9 * QUAD);
  const count = min(4, task.cout - 4 * q);
  for (let tap = 0; tap < 9; ++tap) {
    for (let lane = 0; lane < count; ++lane) {
      const from = task.filter + (<usize>(((8 - tap) * task.cout + 4 * q + lane) * task.cin + ci) << 2);
      store<f32>(taps + <usize>tap * QUAD + (<usize>lane << 2), load<f32>(from));
    }
  }
}

/** Chunks of `convolveTiles`: blocks of tiles. */
export function tileChunks(task: Convolution): i32 {
  const block = blockTiles(task.cin, task.cout);
  return (countTiles(task.n, task.h, task.w) + block - 1) / block;
}

/** One block of tiles, from input to finished output. */
export function convolveTiles(task: Convolution, chunk: i32, thread: i32): void {
  const block = blockTiles(task.cin, task.cout);
  const first = chunk * block;
  const count = min(block, countTiles(task.n, task.h, task.w) - first);
  const inputSlab = slabBytes(block, task.cin), outputSlab = slabBytes(block, task.cout);
  const inputs = task.scratch + <usize>thread * task.threadBytes;
  const outputs = inputs + <usize>POINTS * inputSlab;
  const small = outputs + <usize>POINTS * outputSlab;

  transformInputTiles(task, task.mask, first, count, inputs, inputSlab, small);

  const depth = padded(task.cin), columns = padded(task.cout);
  const inputRow = <usize>depth << 2, outputRow = <usize>columns << 2;
  const slab = packedSlab(task.cin, task.cout);
  for (let point = 0; point < POINTS; ++point) {
    let from = inputs + <usize>point * inputSlab;
    let to = outputs + <usize>point * outputSlab;
    for (let row = 0; row < count; row += ROWS) {
      multiplyRows(from, inputRow, task.packed + <usize>point * slab, to, outputRow, depth, columns);
      from += <usize>ROWS * inputRow;
      to += <usize>ROWS * outputRow;
    }
  }

  for (let t = 0; t < count; ++t) finishTile(task, first + t, outputs + <usize>t * outputRow, outputSlab, small);
}

/** Back from Winograd's points to pixels: bias, skip and ReLU, and the store of those that lie in the image. */
function finishTile(task: Convolution, tile: i32, points: usize, slab: usize, small: usize): void {
  const h = task.h, w = task.w, channels = task.cout;
  const place = changetype<Place>(small + 2 * PATCH_BYTES);
  locate(task, tile, place);
  const rows = min(SIDE, h - place.top), columns = min(SIDE, w - place.left);
  const pixel = <usize>channels << 2;
  const row = <usize>w * pixel;
  const corner = <usize>(place.image * h + place.top) * row + <usize>place.left * pixel;
  const floor = task.relu ? f32x4.splat(0) : f32x4.splat(-Infinity);
  for (let c = 0; c < channels; c += 4) {
    const at = <usize>c << 2;
    const count = min(4, channels - c);
    const bias = task.bias ? loadPart(task.bias + at, count) : f32x4.splat(0);
    if (rows == SIDE && columns == SIDE && count == 4) {
      transformOutput(points + at, slab, small, task.output, task.skip, corner + at, row, pixel, bias, floor);
    } else {
      const patch = small + PATCH_BYTES;
      transformOutput(points + at, slab, small, patch, 0, 0, 4 * QUAD, QUAD, bias, f32x4.splat(-Infinity));
      for (let i = 0; i < rows; ++i) storeRow(task, patch + <usize>(4 * i) * QUAD, corner + at + <usize>i * row, pixel, columns, count, floor);
    }
  }
}

/** Stores a row of a tile at the image's border, or one with fewer than four channels. */
function storeRow(task: Convolution, from: usize, at: usize, pixel: usize, columns: i32, count: i32, floor: v128): void {
  for (let j = 0; j < columns; ++j) {
    let value = v128.load(from);
    if (task.skip) value = f32x4.add(value, loadPart(task.skip + at, count));
    storePart(task.output + at, f32x4.max(value, floor), count);
    at += pixel;
    from += QUAD;
  }
}
