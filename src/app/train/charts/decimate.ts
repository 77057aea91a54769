/** A curve small enough to draw: steps, and for each step the value and the smoothed value. NaN where there is none. */
export interface DrawnCurve {
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly smooth: Float64Array;
}

/** Steps from `min` to `max`, both included. */
export interface StepRange {
  readonly min: number;
  readonly max: number;
}

/**
 * Picks at most about `most` points of a curve for drawing. Each bucket of neighbours gives its least and its greatest
 * value, in the order they came, so no spike is lost; the smoothed curve is taken over every point, then sampled. With a
 * range, only the points inside and one to each side are drawn, in more detail.
 */
export function decimate(
  steps: Float64Array,
  values: Float64Array,
  smoothing: number,
  most: number,
  range?: StepRange,
): DrawnCurve {
  const smooth = smoothed(values, smoothing);
  const first = range ? Math.max(0, steps.findIndex((step) => step >= range.min) - 1) : 0;
  const after = range ? steps.findIndex((step) => step > range.max) : -1;
  const end = after < 0 ? steps.length : after + 1;
  const count = end - first;
  const buckets = Math.max(1, Math.floor(most / 2));
  if (count <= buckets * 2)
    return { steps: steps.slice(first, end), values: values.slice(first, end), smooth: smooth.slice(first, end) };
  const picked = new Uint32Array(buckets * 2);
  let length = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = first + Math.floor((bucket * count) / buckets);
    const to = first + Math.floor(((bucket + 1) * count) / buckets);
    const [low, high] = extremes(values, from, to);
    picked[length++] = Math.min(low, high);
    if (low !== high) picked[length++] = Math.max(low, high);
  }
  const take = (column: Float64Array): Float64Array =>
    Float64Array.from(picked.subarray(0, length), (index) => column[index]!);
  return { steps: take(steps), values: take(values), smooth: take(smooth) };
}

/** Indices of the least and the greatest number in [from, to); `from` for both when there is none. */
export function extremes(values: Float64Array, from = 0, to = values.length): [number, number] {
  let low = -1;
  let high = -1;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (low < 0 || value < values[low]!) low = i;
    if (high < 0 || value > values[high]!) high = i;
  }
  return low < 0 ? [from, from] : [low, high];
}

/**
 * Exponential moving average without the bias of its start:  s_n = Σ β^(n−i) v_i / Σ β^(n−i).  `smoothing` β in 0…1 (1
 * excluded); 0 gives the values themselves. Values that are not finite are skipped and give NaN.
 */
export function smoothed(values: Float64Array, smoothing: number): Float64Array {
  const result = new Float64Array(values.length);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      result[i] = Number.NaN;
      continue;
    }
    sum = smoothing * sum + value;
    weight = smoothing * weight + 1;
    result[i] = sum / weight;
  }
  return result;
}
