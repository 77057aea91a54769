import type { Random } from '../random.ts';
import { estimateRain } from '../rain/estimateRain.ts';
import type { RainEstimate } from '../rain/estimateRain.ts';

/** A rain map, [height · width · 3] in 0..1. */
export interface RainMap {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Rain is thought to be there from this mean light on, and this light of a streak, levels of 255, if one direction prevails so far. */
const LEAST_LEVELS = 1;
const LEAST_STREAK_LEVELS = 4;
const LEAST_CONFIDENCE = 0.12;

/** Whether a rain map shows rain rather than the edges that any student touches a little. */
export function showsRain({
  mean,
  strength,
  confidence,
}: Pick<RainEstimate, 'mean' | 'strength' | 'confidence'>): boolean {
  return mean * 255 >= LEAST_LEVELS && strength * 255 >= LEAST_STREAK_LEVELS && confidence >= LEAST_CONFIDENCE;
}

/** Eq. (9): yGt + zReal, clipped, with a random square of the photo's rain map. */
export function inRainOf(
  { data, width, height }: RainMap,
  yGt: Float32Array,
  side: number,
  random: Random,
): Float32Array {
  const [left, top] = [random.below(Math.max(1, width - side + 1)), random.below(Math.max(1, height - side + 1))];
  const xRef = new Float32Array(yGt.length);
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const p = (Math.min(height - 1, top + y) * width + Math.min(width - 1, left + x)) * 3;
      for (let c = 0; c < 3; c++, i++) xRef[i] = Math.min(1, Math.max(0, yGt[i]! + data[p + c]!));
    }
  }
  return xRef;
}

/** What rain a map shows. */
export function estimateOf({ data, width, height }: RainMap): RainEstimate {
  const grey = Float32Array.from(
    { length: width * height },
    (_, i) => (data[3 * i]! + data[3 * i + 1]! + data[3 * i + 2]!) / 3,
  );
  return estimateRain(grey, width, height);
}

/** Half the size, each value the mean of four; an odd last row or column is left out. */
export function halved({ data, width, height }: RainMap): RainMap {
  const [w, h] = [width >> 1, height >> 1];
  const half = new Float32Array(w * h * 3);
  for (let y = 0, i = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const p = (2 * y * width + 2 * x) * 3;
      for (let c = 0; c < 3; c++, i++) {
        half[i] = (data[p + c]! + data[p + 3 + c]! + data[p + width * 3 + c]! + data[p + width * 3 + 3 + c]!) / 4;
      }
    }
  }
  return { data: half, width: w, height: h };
}
