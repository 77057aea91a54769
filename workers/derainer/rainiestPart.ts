import { unpackResidual } from '../../src/core/inference/packedResidual.ts';
import { residualScale } from '../../src/core/inference/residual.ts';
import { intersection } from '../../src/core/inference/tiles.ts';
import type { Rect, Size } from '../../src/core/inference/tiles.ts';
import type { RainMap } from '../../src/core/training/foundRain.ts';
import type { Finding } from './layers.ts';

/** Side of the part that is taken of a large photo, pixels: streaks 30 wide and 250 long come many times there. */
const SIDE = 1536;
/** Side of the blocks in which the rain is counted, pixels. */
const BLOCK = 64;

/** The rain that was found on a photo, x − y in 0..1; of a photo longer than `side` the part in which most of it was found. */
export function rainiestPart(findings: readonly Finding[], photo: Size, side = SIDE): RainMap {
  const part = placeOfMost(findings, photo, {
    width: Math.min(side, photo.width),
    height: Math.min(side, photo.height),
  });
  const data = new Float32Array(part.width * part.height * 3);
  for (const { residual } of findings) {
    const shared = intersection(residual.rect, part);
    if (!shared) continue;
    const { rect, data: values } = unpackResidual(residual);
    for (let y = shared.top; y < shared.top + shared.height; y++) {
      const from = ((y - rect.top) * rect.width + shared.left - rect.left) * 3;
      const to = ((y - part.top) * part.width + shared.left - part.left) * 3;
      for (let i = 0; i < shared.width * 3; i++) data[to + i] = 0 - values[from + i]! * residualScale;
    }
  }
  return { data, width: part.width, height: part.height };
}

function placeOfMost(findings: readonly Finding[], photo: Size, { width, height }: Size): Rect {
  if (width === photo.width && height === photo.height) return { left: 0, top: 0, width, height };
  const columns = Math.ceil(photo.width / BLOCK);
  const rows = Math.ceil(photo.height / BLOCK);
  const sums = blockSums(findings, columns, rows);
  let best = { left: 0, top: 0, light: -1 };
  for (let top = 0; top + height <= photo.height; top += BLOCK) {
    for (let left = 0; left + width <= photo.width; left += BLOCK) {
      const light = lightWithin(sums, columns, left / BLOCK, top / BLOCK, width / BLOCK, height / BLOCK);
      if (light > best.light) best = { left, top, light };
    }
  }
  return { left: best.left, top: best.top, width, height };
}

/** Light that was taken away from the pixels of each block. */
function blockSums(findings: readonly Finding[], columns: number, rows: number): Float64Array {
  const sums = new Float64Array(columns * rows);
  for (const { residual } of findings) {
    const { rect, data } = unpackResidual(residual);
    for (let y = 0, i = 0; y < rect.height; y++) {
      const row = Math.floor((rect.top + y) / BLOCK) * columns;
      for (let x = 0; x < rect.width; x++, i += 3) {
        const block = row + Math.floor((rect.left + x) / BLOCK);
        sums[block] = sums[block]! + Math.max(0, -data[i]!) + Math.max(0, -data[i + 1]!) + Math.max(0, -data[i + 2]!);
      }
    }
  }
  return sums;
}

function lightWithin(
  sums: Float64Array,
  columns: number,
  left: number,
  top: number,
  width: number,
  height: number,
): number {
  let light = 0;
  for (let row = top; row < Math.floor(top + height); row++) {
    for (let column = left; column < Math.floor(left + width); column++) light += sums[row * columns + column]!;
  }
  return light;
}
