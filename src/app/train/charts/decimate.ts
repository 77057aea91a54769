/** A curve small enough to draw: steps, and for each step the value and the smoothed value. NaN where there is none. */
export interface DrawnCurve {
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly smooth: Float64Array;
}

/**
 * Picks at most about `most` points of a curve for drawing. Each bucket of neighbours gives its least and its greatest
 * value, in the order they came, so no spike is lost; the smoothed curve is taken over every point, then sampled.
 */
export function decimate(steps: Float64Array, values: Float64Array, smoothing: number, most: number): DrawnCurve {
  const smooth = smoothed(values, smoothing);
  const buckets = Math.max(1, Math.floor(most / 2));
  if (steps.length <= buckets * 2) return { steps: steps.slice(), values: values.slice(), smooth };
  const picked = new Uint32Array(buckets * 2);
  let count = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * steps.length) / buckets);
    const to = Math.floor(((bucket + 1) * steps.length) / buckets);
    const [low, high] = extremes(values, from, to);
    picked[count++] = Math.min(low, high);
    if (low !== high) picked[count++] = Math.max(low, high);
  }
  const take = (column: Float64Array): Float64Array => Float64Array.from(picked.subarray(0, count), (index) => column[index]!);
  return { steps: take(steps), values: take(values), smooth: take(smooth) };
}

/** Indices of the least and the greatest number in [from, to); `from` for both when there is none. */
function extremes(values: Float64Array, from: number, to: number): [number, number] {
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
