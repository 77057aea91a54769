import { lossTermNames } from '../../../core/paper/lossTerms.ts';
import type { LossPoint } from '../../../core/training/events.ts';

export const curveNames = ['objective', ...lossTermNames(), 'learningRate', 'stepMs'] as const;
export type CurveName = (typeof curveNames)[number];

/**
 * The curves of a run as columns of numbers, outside React: points arrive many times a second, and a chart redraws when
 * it likes. Steps ascend. When `limit` points are reached, neighbours are merged into their mean, so memory is bounded.
 */
export interface LossCurves {
  readonly length: number;
  /** Steps of all points; valid until the next change. */
  steps(): Float64Array;
  /** Values of one curve, as long as `steps()`; valid until the next change. */
  column(name: CurveName): Float64Array;
  /** Adds points; a point at or before the last step replaces what was there (training went back). */
  append(points: readonly LossPoint[]): void;
  /** Forgets every point after `step`. */
  truncateAfter(step: number): void;
  clear(): void;
  /** Called after every change; returns what ends it. */
  subscribe(listener: () => void): () => void;
}

export function createLossCurves(limit = 1 << 17): LossCurves {
  let capacity = Math.min(1024, limit);
  let length = 0;
  let steps = new Float64Array(capacity);
  const columns = new Map<CurveName, Float64Array>(curveNames.map((name) => [name, new Float64Array(capacity)]));
  const listeners = new Set<() => void>();

  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const grow = (): void => {
    capacity = Math.min(capacity * 2, limit);
    const longer = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const copy = new Float64Array(capacity);
      copy.set(old.subarray(0, length));
      return copy;
    };
    steps = longer(steps);
    for (const [name, values] of columns) columns.set(name, longer(values));
  };
  const merge = (): void => {
    const half = length >> 1;
    for (let i = 0; i < half; i++) steps[i] = steps[2 * i + 1]!;
    for (const values of columns.values()) {
      for (let i = 0; i < half; i++) values[i] = (values[2 * i]! + values[2 * i + 1]!) / 2;
    }
    length = half;
  };
  /** Number of points with a step of at most `step`. */
  const countUpTo = (step: number): number => {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle]! <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const add = (point: LossPoint): void => {
    if (length > 0 && point.step <= steps[length - 1]!) length = countUpTo(point.step - 1);
    if (length === capacity) {
      if (capacity < limit) grow();
      else merge();
    }
    steps[length] = point.step;
    for (const [name, values] of columns) values[length] = valueOf(point, name);
    length++;
  };

  return {
    get length() {
      return length;
    },
    steps: () => steps.subarray(0, length),
    column: (name) => columns.get(name)!.subarray(0, length),
    append(points) {
      if (points.length === 0) return;
      for (const point of points) add(point);
      tell();
    },
    truncateAfter(step) {
      length = countUpTo(step);
      tell();
    },
    clear() {
      length = 0;
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function valueOf(point: LossPoint, name: CurveName): number {
  switch (name) {
    case 'objective':
    case 'learningRate':
    case 'stepMs':
      return point[name];
    default:
      return point.losses[name];
  }
}
