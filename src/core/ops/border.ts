import * as tf from '@tensorflow/tfjs';
import type { Tensor4D } from '@tensorflow/tfjs';

/**
 * How an image is continued beyond its edge: 'symmetric' repeats the edge pixel (−1 → 0), 'reflect' does not (−1 → 1),
 * 'replicate' stays on it, 'zeros' leaves it.
 */
export type BorderMode = 'symmetric' | 'reflect' | 'replicate' | 'zeros';

/** Pixels added on each side. */
export interface Border {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** x [n,h,w,c] continued on all sides; made of slices, so that it has a gradient on every backend. */
export function continueBorder(x: Tensor4D, { top, bottom, left, right }: Border, mode: BorderMode): Tensor4D {
  if (mode === 'zeros') {
    return tf.pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
  }
  return tf.tidy(() => along(along(x, 1, top, bottom, mode), 2, left, right, mode));
}

/** x without so many pixels on each side. */
export function cropBorder(x: Tensor4D, { top, bottom, left, right }: Border): Tensor4D {
  return tf.slice(x, [0, top, left, 0], [-1, x.shape[1] - top - bottom, x.shape[2] - left - right, -1]);
}

/** A border may be wider than the image: then it is continued in several turns. */
function along(x: Tensor4D, axis: 1 | 2, before: number, after: number, mode: BorderMode): Tensor4D {
  let [result, missingBefore, missingAfter] = [x, before, after];
  while (missingBefore > 0 || missingAfter > 0) {
    const length = result.shape[axis];
    const edge = mode === 'reflect' && length > 1 ? 1 : 0;
    const replicate = mode === 'replicate' || length === 1;
    const most = replicate ? Infinity : length - edge;
    const [first, last] = [Math.min(most, missingBefore), Math.min(most, missingAfter)];
    const piece = (count: number, start: number): Tensor4D[] => {
      if (count === 0) return [];
      if (replicate) return [repeated(part(result, axis, start, 1), axis, count)];
      return [tf.reverse(part(result, axis, start, count), [axis]) as Tensor4D];
    };
    const [atStart, atEnd] = replicate ? [0, length - 1] : [edge, length - edge - last];
    result = tf.concat([...piece(first, atStart), result, ...piece(last, atEnd)], axis);
    missingBefore -= first;
    missingAfter -= last;
  }
  return result;
}

function part(x: Tensor4D, axis: 1 | 2, start: number, count: number): Tensor4D {
  const [begin, size] = [
    [0, 0, 0, 0],
    [-1, -1, -1, -1],
  ] as [[number, number, number, number], [number, number, number, number]];
  begin[axis] = start;
  size[axis] = count;
  return tf.slice(x, begin, size);
}

function repeated(x: Tensor4D, axis: 1 | 2, count: number): Tensor4D {
  return tf.concat(Array<Tensor4D>(count).fill(x), axis);
}
