/**
 * The gradients of filter and bias. Tiles are summed in a few partial sums whose borders depend on the shapes alone, and
 * these are added in a fixed order: the result has the same bits whatever the number of threads.
 */
import { QUAD, storePart } from './lanes';
import { addOuterProducts } from './products';
import { Convolution } from './task';
import { blockTiles, copyPatch, countTiles, locate, padded, Place, POINTS, SIDE, slabBytes, transformInputTiles } from './tiles';
import { PATCH_BYTES, transformFilterGradient, transformOutputGradient } from './winograd';

/** Tiles worth a partial sum of their own. */
const TILES_PER_PARTIAL: i32 = 144;
const MOST_PARTIALS: i32 = 16;

/** Number of partial sums, which is also the number of chunks of `gatherFilterGradient`. */
export function countPartials(n: i32, h: i32, w: i32): i32 {
  return max(1, min(MOST_PARTIALS, countTiles(n, h, w) / TILES_PER_PARTIAL));
}

/** Bytes of one partial sum: [36][cin][cout], then the bias' [cout]. */
export function partialBytes(cin: i32, cout: i32): usize {
  return (<usize>POINTS * padded(cin) * padded(cout) + padded(cout)) << 2;
}

/** Sums the outer products of one part of the tiles, at Winograd's points. */
export function gatherFilterGradient(task: Convolution, chunk: i32, thread: i32): void {
  const tiles = countTiles(task.n, task.h, task.w);
  const from = <i32>((<i64>tiles * chunk) / task.partials), to = <i32>((<i64>tiles * (chunk + 1)) / task.partials);
  const cin = padded(task.cin), cout = padded(task.cout);
  const bytes = partialBytes(task.cin, task.cout);
  const sums = task.packed + <usize>chunk * bytes;
  const sumSlab = <usize>(cin * cout) << 2;
  const biasSums = sums + <usize>POINTS * sumSlab;
  memory.fill(sums, 0, bytes);

  const block = blockTiles(task.cin, task.cout);
  const inputSlab = slabBytes(block, task.cin), outputSlab = slabBytes(block, task.cout);
  const inputs = task.scratch + <usize>thread * task.threadBytes;
  const outputs = inputs + <usize>POINTS * inputSlab;
  const small = outputs + <usize>POINTS * outputSlab;
  for (let first = from; first < to; first += block) {
    const count = min(block, to - first);
    transformInputTiles(task, 0, first, count, inputs, inputSlab, small);
    for (let t = 0; t < count; ++t) {
      transformOutputGradientTile(task, first + t, outputs + ((<usize>t * cout) << 2), outputSlab, biasSums, small);
    }
    for (let point = 0; point < POINTS; ++point) {
      addOuterProducts(inputs + <usize>point * inputSlab, outputs + <usize>point * outputSlab, sums + <usize>point * sumSlab, count, cin, cout);
    }
  }
}

/** A dY Aᵀ of one tile, and the tile's part of the bias gradient. */
function transformOutputGradientTile(task: Convolution, tile: i32, out: usize, slab: usize, biasSums: usize, small: usize): void {
  const h = task.h, w = task.w, channels = task.cout;
  const place = changetype<Place>(small + 2 * PATCH_BYTES);
  locate(task, tile, place);
  const top = place.top, left = place.left;
  const pixel = <usize>channels << 2;
  const row = <usize>w * pixel;
  const corner = <usize>(place.image * h + top) * row + <usize>left * pixel;
  const inside = top + SIDE <= h && left + SIDE <= w;
  for (let c = 0; c < channels; c += 4) {
    const at = <usize>c << 2;
    let sum: v128;
    if (inside && c + 4 <= channels) {
      sum = transformOutputGradient(task.output, task.mask, corner + at, row, pixel, out + at, slab, small);
    } else {
      const patch = small + PATCH_BYTES;
      copyPatch(task.output, task.mask, corner + at, row, pixel, min(4, channels - c), SIDE, top, left, h, w, patch);
      sum = transformOutputGradient(patch, 0, 0, 4 * QUAD, QUAD, out + at, slab, small);
    }
    v128.store(biasSums + at, f32x4.add(v128.load(biasSums + at), sum));
  }
}

/** Adds the partial sums of four input channels and brings them back to 3×3; the first chunk also finishes the bias. */
export function reduceFilterGradient(task: Convolution, chunk: i32, thread: i32): void {
  const cin = padded(task.cin), cout = padded(task.cout);
  const bytes = partialBytes(task.cin, task.cout);
  const slab = <usize>(cin * cout) << 2;
  const small = task.scratch + <usize>thread * task.threadBytes;
  const points = small + PATCH_BYTES;
  const taps = small + 2 * PATCH_BYTES;
  for (let ci = chunk * 4; ci < min(task.cin, chunk * 4 + 4); ++ci) {
    for (let co = 0; co < task.cout; co += 4) {
      const at = task.packed + (<usize>(ci * cout + co) << 2);
      for (let point: usize = 0; point < <usize>POINTS; ++point) {
        v128.store(points + point * QUAD, sumPartials(at + point * slab, bytes, task.partials));
      }
      transformFilterGradient(points, QUAD, taps, small);
      for (let tap = 0; tap < 9; ++tap) {
        const to = task.filter + (<usize>((tap * task.cin + ci) * task.cout + co) << 2);
        storePart(to, v128.load(taps + <usize>tap * QUAD), min(4, task.cout - co));
      }
    }
  }
  if (chunk > 0) return;
  const biasSums = task.packed + <usize>POINTS * slab;
  for (let co = 0; co < task.cout; co += 4) {
    const at = <usize>co << 2;
    storePart(task.bias + at, sumPartials(biasSums + at, bytes, task.partials), min(4, task.cout - co));
  }
}

// @ts-ignore: decorator
@inline
function sumPartials(address: usize, bytes: usize, partials: i32): v128 {
  let sum = v128.load(address);
  for (let p = 1; p < partials; ++p) {
    address += bytes;
    sum = f32x4.add(sum, v128.load(address));
  }
  return sum;
}
