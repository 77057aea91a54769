import { useMemo } from 'react';
import type { GreyImage } from '../../../core/images/grey.ts';
import { directionCount } from '../../../core/paper/directionKernels.ts';
import type { PatchEvaluation, PatchLosses } from '../../../core/patch/patchLosses.ts';
import { responsesByDirection } from '../../../core/patch/responses.ts';
import { estimateDirection } from '../../../core/rain/direction.ts';
import { formatNumber, withUnit } from '../../ui/format.ts';
import { RangeField } from '../../ui/RangeField.tsx';
import { LineChart } from './LineChart.tsx';
import style from './PatchLab.module.css';
import panel from './panel.module.css';
import { changePatch, patchSlider } from './patchSettings.ts';
import type { PatchSettings } from './patchSettings.ts';
import { ResponsePolar } from './ResponsePolar.tsx';

export interface LabelPanelProps {
  readonly truth: GreyImage;
  readonly estimate: GreyImage;
  readonly evaluation: PatchEvaluation;
  /** The true label; the one in use is `labelError` further. */
  readonly trueLabel: number;
  readonly isLabelled: boolean;
  readonly settings: PatchSettings;
}

/** The direction of the patch, the label, and what a wrong one makes of (5). */
export function LabelPanel({ truth, estimate, evaluation, trueLabel, isLabelled, settings }: LabelPanelProps) {
  const { kernelSize, labelError } = settings;
  const polarSize = kernelSize === 7 ? 7 : 5;
  const responses = useMemo(() => responsesByDirection(truth, polarSize), [truth, polarSize]);
  const found = useMemo(() => responsesByDirection(estimate, polarSize), [estimate, polarSize]);
  const tensor = useMemo(() => estimateDirection(truth.values, truth.width, truth.height, 1), [truth]);
  const byError = useMemo(
    () => directionByError(evaluation, trueLabel, kernelSize),
    [evaluation, trueLabel, kernelSize],
  );
  const label = (trueLabel + labelError / 10 + directionCount) % directionCount;
  const { direction } = evaluation.losses;
  return (
    <section className={style.direction} aria-labelledby="label-title">
      <h2 id="label-title" className={panel.title}>
        Direction and label
      </h2>
      <ResponsePolar
        truth={responses}
        estimate={found}
        label={label}
        tensor={tensor.degrees}
        onLabel={(next) => changePatch({ labelError: errorOf(next, trueLabel) })}
      />
      <div className={style.rewards}>
        <RangeField
          {...patchSlider('labelError')}
          value={labelError}
          onChange={(next) => changePatch({ labelError: next })}
          hint={`The rain is ${isLabelled ? 'labelled' : 'estimated at'} ${trueLabel * 10}°; (5) is told ${label * 10}°.`}
        />
        <LineChart
          label={`Direction loss over the label error: ${formatNumber(direction, 3)} at ${labelError} degrees.`}
          lines={[{ name: '(5) of this estimate, by label', tone: 'direction', points: byError, now: direction }]}
          from={-90}
          to={90}
          unit="°"
          cursor={labelError}
          format={(value) => formatNumber(value, 2)}
        />
        <p className={panel.hint}>{rewards(settings, evaluation.losses, byError[9]!.y)}</p>
      </div>
    </section>
  );
}

/** The error that makes a label out of the true one, −80…90 degrees. */
function errorOf(label: number, trueLabel: number): number {
  const steps = (label - trueLabel + directionCount) % directionCount;
  return (steps > directionCount / 2 ? steps - directionCount : steps) * 10;
}

/** (5) of the same difference with every label. */
function directionByError(
  { difference, losses }: PatchEvaluation,
  trueLabel: number,
  kernelSize: PatchSettings['kernelSize'],
): { readonly x: number; readonly y: number }[] {
  const errors = Array.from({ length: 19 }, (_, i) => 10 * (i - 9));
  if (kernelSize === 3) return errors.map((x) => ({ x, y: losses.direction }));
  const responses = responsesByDirection(difference, kernelSize);
  const at = (index: number): number => responses[(index + directionCount) % directionCount]!;
  return errors.map((x) => ({ x, y: at(trueLabel + x / 10) + at(trueLabel + x / 10 + directionCount / 2) }));
}

function rewards({ kernelSize, labelError }: PatchSettings, losses: PatchLosses, byTrueLabel: number): string {
  if (kernelSize === 3) return 'Gradients use no label: (5) stays the same whatever it says.';
  if (losses.direction === 0) return 'The estimate is the truth, so (5) is 0 with every label.';
  const share = (half: number): number => Math.round((100 * half) / losses.direction);
  const halves = `k∥ accounts for ${withUnit(share(losses.parallel), '%')} of (5), k⊥ for ${withUnit(share(losses.perpendicular), '%')}.`;
  if (labelError === 0) return `${halves} k⊥ responds to the edges of the streaks, k∥ to changes along them.`;
  if (Math.abs(labelError) === 90)
    return `${halves} 90° off, the kernels have swapped roles: their sum is the same, so (5) cannot tell the difference.`;
  const ratio = formatNumber(losses.direction / Math.max(byTrueLabel, 1e-9), 3);
  return `${halves} Both kernels now respond to the same edges: (5) is ${ratio} times what it is with the true label. For the truth it is still 0.`;
}
