import type { Random } from '../random.ts';
import { fitMixture } from './fitMixture.ts';
import type { Mixture } from './mixture.ts';
import { patchGrid, takePatch } from './patches.ts';

/** A plane of numbers, row by row. */
export interface LumaPlane {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Components of the rain's mixture, and iterations of its fit. */
const COMPONENTS = 10;
const ITERATIONS = 10;
/** Patches that it is fitted on, at most. */
const MOST_PATCHES = 3000;
/** Patches of less variance show no rain. */
const LEAST_VARIANCE = 1e-5;
const FLOOR = 1e-6;
/** Side of the region, pixels; a smaller image has one of half its shorter side. */
const REGION = 100;

/** The square with the least variance, found on a grid of its quarters: where the scene is flat, what varies is rain. */
export function flattestRegion({ data, width, height }: LumaPlane): { left: number; top: number; side: number } {
  const side = Math.max(8, Math.min(REGION, Math.min(width, height) >> 1));
  const step = Math.max(1, side >> 2);
  let best = { left: 0, top: 0, side };
  let least = Infinity;
  for (let top = 0; top + side <= height; top += step) {
    for (let left = 0; left + side <= width; left += step) {
      let [sum, squares] = [0, 0];
      for (let y = top; y < top + side; y++) {
        for (let x = left, at = y * width + left; x < left + side; x++, at++) {
          const value = data[at]!;
          sum += value;
          squares += value * value;
        }
      }
      const variance = squares / side ** 2 - (sum / side ** 2) ** 2;
      if (variance < least) [best, least] = [{ left, top, side }, variance];
    }
  }
  return best;
}

/**
 * The mixture of rain: of the patches of the flattest region without their means. Null where the region is so flat that it shows
 * no rain.
 */
export function fitRain(plane: LumaPlane, side: number, random: Random): Mixture | null {
  const region = flattestRegion(plane);
  const size = side * side;
  const patches: Float32Array[] = [];
  const grid = patchGrid(region.side, region.side, side, 1);
  for (const top of grid.tops) {
    for (const left of grid.lefts) {
      const patch = new Float32Array(size);
      takePatch(plane.data, { width: plane.width, side }, region.left + left, region.top + top, patch);
      if (patch.reduce((sum, value) => sum + value * value, 0) / size > LEAST_VARIANCE) patches.push(patch);
    }
  }
  if (patches.length < size) return null;
  const every = Math.max(1, patches.length / MOST_PATCHES);
  const count = Math.floor(patches.length / every);
  const vectors = new Float32Array(count * size);
  for (let i = 0; i < count; i++) vectors.set(patches[Math.floor(i * every)]!, i * size);
  return fitMixture(vectors, size, random, { components: COMPONENTS, iterations: ITERATIONS, floor: FLOOR });
}
