import { useEffect, useMemo, useState } from 'react';
import type { GreyImage } from '../../../core/images/grey.ts';
import type { KernelSize } from '../../../core/paper/hyperparameters.ts';
import { makeEstimate } from '../../../core/patch/estimate.ts';
import type { EstimateChanges } from '../../../core/patch/estimate.ts';
import { evaluateEmpty, evaluatePatch, relativeLosses } from '../../../core/patch/patchLosses.ts';
import { changeOfShown } from './patchSettings.ts';
import type { ChangeName, PatchSlider } from './patchSettings.ts';

/** Both losses, as shares of those of an empty estimate, where the slider shows `at`. */
export interface CurvePoint {
  readonly at: number;
  readonly content: number;
  readonly direction: number;
}

export interface CurveRequest {
  readonly source: GreyImage;
  readonly truth: GreyImage;
  readonly label: number;
  readonly kernelSize: KernelSize;
  readonly changes: EstimateChanges;
  readonly slider: PatchSlider<ChangeName>;
}

const POINTS = 25;
/** A frame has 16 ms, and the page draws in it too. */
const SLICE_MS = 6;

/** One point of the curve over a slider, everything else as it is. */
export function curvePoint(
  { source, truth, label, kernelSize, changes, slider }: CurveRequest,
  at: number,
): CurvePoint {
  const estimate = makeEstimate(source, { ...changes, [slider.key]: changeOfShown(slider.key, at) });
  const { losses } = evaluatePatch(estimate, truth, label, kernelSize);
  const { content, direction } = relativeLosses(losses, evaluateEmpty(truth, label, kernelSize).losses);
  return { at, content, direction };
}

/**
 * The losses over the whole range of one slider, worked out a few milliseconds a frame; the previous curve until then. A move of that
 * slider itself changes nothing.
 */
export function useLossCurve(request: CurveRequest): readonly CurvePoint[] {
  const { source, truth, label, kernelSize, changes, slider } = request;
  const [curve, setCurve] = useState<readonly CurvePoint[]>([]);
  const others = JSON.stringify({ ...changes, [slider.key]: 0 });
  const wanted = useMemo<CurveRequest>(
    () => ({ source, truth, label, kernelSize, slider, changes: JSON.parse(others) as EstimateChanges }),
    [source, truth, label, kernelSize, slider, others],
  );
  useEffect(() => {
    const points: CurvePoint[] = [];
    const { min, max } = wanted.slider;
    let frame = 0;
    const work = (): void => {
      const end = performance.now() + SLICE_MS;
      while (points.length < POINTS && performance.now() < end) {
        points.push(curvePoint(wanted, min + (points.length / (POINTS - 1)) * (max - min)));
      }
      if (points.length < POINTS) frame = requestAnimationFrame(work);
      else setCurve(points);
    };
    frame = requestAnimationFrame(work);
    return () => cancelAnimationFrame(frame);
  }, [wanted]);
  return curve;
}
