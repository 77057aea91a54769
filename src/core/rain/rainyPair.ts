/** A clean picture in the rain, and what was added to it. */
export interface RainyPair {
  /** xSyn, [height · width · 3] in 0..1. */
  readonly rainy: Float32Array;
  /** zGt = xSyn − yGt after clipping, so that xSyn = yGt + zGt to the last bit; negative where a veil darkens. */
  readonly rainMap: Float32Array;
}

/**
 * Lays rain over a clean picture, Eq. (1):  xSyn = clip(yGt + rain + veil · (grey − yGt)),  zGt = xSyn − yGt.
 *
 * clean [height · width · 3] in 0..1; rain [height · width], added to all colours alike; veil 0..1 blends towards the
 * grey of the sky. Throws RangeError when the sizes do not fit.
 */
export function makeRainyPair(
  clean: Float32Array,
  rain: Float32Array,
  veil: { readonly amount: number; readonly grey: number },
): RainyPair {
  if (clean.length !== rain.length * 3) {
    throw new RangeError(`Rain of ${rain.length} pixels does not fit a picture of ${clean.length / 3}.`);
  }
  const rainy = new Float32Array(clean.length);
  const rainMap = new Float32Array(clean.length);
  for (let i = 0; i < clean.length; i++) {
    const y = clean[i]!;
    const x = Math.min(1, Math.max(0, y + rain[(i / 3) | 0]! + veil.amount * (veil.grey - y)));
    rainMap[i] = x - y;
    rainy[i] = y + rainMap[i]!;
  }
  return { rainy, rainMap };
}
