import type { RainVeil } from './streaks.ts';

/** A clean image in the rain, and what was added to it. */
export interface RainyPair {
  /** xSyn, [height · width · 3] in 0..1. */
  readonly rainy: Float32Array;
  /** zGt = xSyn − yGt after clipping, so that xSyn = yGt + zGt to the last bit; negative where a veil darkens. */
  readonly rainMap: Float32Array;
}

/**
 * Lays rain over a clean image, Eq. (1):  xSyn = clip(yGt + added + veil · (grey − yGt)),  zGt = xSyn − yGt.
 *
 * clean [height · width · 3] in 0..1; rain [height · width], which is `added` to all colours alike; where the veil has a sky, rain covers
 * the image like a haze of its brightness instead: added = max(0, sky − yGt) · (1 − exp(−rain / sky)). veil 0..1 blends towards the grey. Throws
 * RangeError when the sizes do not fit.
 */
export function makeRainyPair(clean: Float32Array, rain: Float32Array, veil: RainVeil): RainyPair {
  if (clean.length !== rain.length * 3) {
    throw new RangeError(`Rain of ${rain.length} pixels does not fit an image of ${clean.length / 3}.`);
  }
  const { sky } = veil;
  const rainy = new Float32Array(clean.length);
  const rainMap = new Float32Array(clean.length);
  for (let p = 0, i = 0; p < rain.length; p++) {
    const light = rain[p]!;
    const cover = sky === undefined ? 0 : 1 - Math.exp(-light / sky);
    for (const end = i + 3; i < end; i++) {
      const y = clean[i]!;
      const added = sky === undefined ? light : cover * Math.max(0, sky - y);
      const x = Math.min(1, Math.max(0, y + added + veil.amount * (veil.grey - y)));
      rainMap[i] = x - y;
      rainy[i] = y + rainMap[i]!;
    }
  }
  return { rainy, rainMap };
}
