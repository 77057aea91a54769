/** A rectangle of an image, pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A rectangle of an image at another size: bicubic (Keys, a = −0.5), its kernel widened by the factor of a reduction so that nothing
 * aliases. A constant stays constant; an enlarged or evenly reduced linear ramp stays linear where no edge is near.
 *
 * rgb [height · width · 3], any range; the result [toHeight · toWidth · 3] may overshoot it by a little at edges. Pixels around
 * the rectangle are looked at as far as the kernel reaches; beyond the image its edge goes on.
 */
export function resampleRgb(
  rgb: Float32Array,
  width: number,
  height: number,
  from: Rectangle,
  toWidth: number,
  toHeight: number,
): Float32Array {
  const columns = tapsOf(from.left, from.width, toWidth);
  const rows = tapsOf(from.top, from.height, toHeight);
  const [first, last] = [Math.min(...rows.starts), Math.max(...rows.starts) + rows.count];
  const narrow = new Float64Array((last - first) * toWidth * 3); // rows that are needed, at their new width
  for (let y = first; y < last; y++) {
    const line = Math.min(height - 1, Math.max(0, y)) * width;
    for (let x = 0; x < toWidth; x++) {
      let [red, green, blue] = [0, 0, 0];
      for (let k = 0; k < columns.count; k++) {
        const p = (line + Math.min(width - 1, Math.max(0, columns.starts[x]! + k))) * 3;
        const weight = columns.weights[x * columns.count + k]!;
        red += weight * rgb[p]!;
        green += weight * rgb[p + 1]!;
        blue += weight * rgb[p + 2]!;
      }
      const p = ((y - first) * toWidth + x) * 3;
      narrow[p] = red;
      narrow[p + 1] = green;
      narrow[p + 2] = blue;
    }
  }
  return down(narrow, toWidth * 3, rows, first, toHeight);
}

/** Weights of `count` neighbouring samples for each new sample, the first at its `start`. */
interface Taps {
  readonly count: number;
  readonly starts: Int32Array;
  /** [samples · count]; those of a sample sum to 1. */
  readonly weights: Float64Array;
}

function tapsOf(start: number, length: number, to: number): Taps {
  const step = length / to;
  const stretch = Math.max(1, step);
  const count = Math.ceil(4 * stretch) + 1;
  const starts = new Int32Array(to);
  const weights = new Float64Array(to * count);
  for (let i = 0; i < to; i++) {
    const centre = start + (i + 0.5) * step - 0.5;
    const from = Math.ceil(centre - 2 * stretch);
    let sum = 0;
    for (let k = 0; k < count; k++) sum += weights[i * count + k] = keys((from + k - centre) / stretch);
    for (let k = 0; k < count; k++) weights[i * count + k]! /= sum;
    starts[i] = from;
  }
  return { count, starts, weights };
}

/** Keys' cubic convolution kernel with a = −0.5. */
function keys(distance: number): number {
  const d = Math.abs(distance);
  if (d >= 2) return 0;
  return d < 1 ? (1.5 * d - 2.5) * d * d + 1 : ((-0.5 * d + 2.5) * d - 4) * d + 2;
}

/** Combines rows of `length` numbers, of which the first is number `first`, into new ones. */
function down(rows: Float64Array, length: number, taps: Taps, first: number, toHeight: number): Float32Array {
  const result = new Float32Array(toHeight * length);
  const line = new Float64Array(length);
  for (let y = 0; y < toHeight; y++) {
    line.fill(0);
    for (let k = 0; k < taps.count; k++) {
      const weight = taps.weights[y * taps.count + k]!;
      if (weight === 0) continue;
      const at = (taps.starts[y]! + k - first) * length;
      for (let i = 0; i < length; i++) line[i]! += weight * rows[at + i]!;
    }
    result.set(line, y * length);
  }
  return result;
}
