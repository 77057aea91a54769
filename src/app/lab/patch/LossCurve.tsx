import { useId } from 'react';
import type { GreyImage } from '../../../core/images/grey.ts';
import type { PatchLosses } from '../../../core/patch/patchLosses.ts';
import { formatPercent, withUnit } from '../../ui/format.ts';
import { SelectField } from '../../ui/SelectField.tsx';
import { LineChart, plainNumber } from './LineChart.tsx';
import style from './LossCurve.module.css';
import { changePatch, changeSliders, shownChange } from './patchSettings.ts';
import type { PatchSettings } from './patchSettings.ts';
import { useLossCurve } from './useLossCurve.ts';
import type { CurvePoint } from './useLossCurve.ts';

export interface LossCurveProps {
  readonly source: GreyImage;
  readonly truth: GreyImage;
  readonly settings: PatchSettings;
  /** Label in use, 0…17. */
  readonly label: number;
  /** Of the estimate as it is. */
  readonly shares: PatchLosses;
}

/** Both losses over the slider that was moved last, and where it stands. */
export function LossCurve({ source, truth, settings, label, shares }: LossCurveProps) {
  const { changes, kernelSize, curve: key } = settings;
  const slider = changeSliders.find((entry) => entry.key === key)!;
  const curve = useLossCurve({ source, truth, label, kernelSize, changes, slider });
  const at = shownChange(key, changes[key]);
  const points = (name: 'content' | 'direction') => curve.map((point) => ({ x: point.at, y: point[name] }));
  const titleId = useId();
  return (
    <section className={style.chart} aria-labelledby={titleId}>
      <header className={style.head}>
        <h2 id={titleId} className={style.title}>
          Both losses over
        </h2>
        <SelectField
          label="Slider of the curve"
          hideLabel
          value={key}
          options={changeSliders.map((entry) => ({ value: entry.key, label: entry.label.toLowerCase() }))}
          onChange={(next) => changePatch({ curve: next })}
        />
      </header>
      <LineChart
        label={`Losses over ${slider.label.toLowerCase()}: at ${withUnit(at, slider.unit ?? '')} content is ${formatPercent(shares.content)} and direction ${formatPercent(shares.direction)} of those of an empty estimate.`}
        lines={[
          { name: 'content (4)', tone: 'content', points: points('content'), now: shares.content },
          { name: 'direction (5)', tone: 'direction', points: points('direction'), now: shares.direction },
        ]}
        from={slider.min}
        to={slider.max}
        cursor={at}
        format={formatPercent}
        mark={1}
        {...(slider.unit && { unit: slider.unit })}
      />
      <Numbers curve={curve} head={[slider.label, slider.unit].filter(Boolean).join(', ')} />
    </section>
  );
}

function Numbers({ curve, head }: { readonly curve: readonly CurvePoint[]; readonly head: string }) {
  return (
    <details className={style.numbers}>
      <summary>Numbers</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col">(4)</th>
            <th scope="col">(5)</th>
          </tr>
        </thead>
        <tbody>
          {curve
            .filter((_, i) => i % 4 === 0)
            .map((point) => (
              <tr key={point.at}>
                <td>{plainNumber(point.at)}</td>
                <td>{formatPercent(point.content)}</td>
                <td>{formatPercent(point.direction)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  );
}
