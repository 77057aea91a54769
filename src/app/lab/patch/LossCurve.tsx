import { useId } from 'react';
import type { GreyImage } from '../../../core/images/grey.ts';
import type { PatchLosses } from '../../../core/patch/patchLosses.ts';
import { SelectField } from '../../ui/SelectField.tsx';
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

const width = 360;
const height = 170;
const left = 38;
const bottom = 24;
const top = 10;
const right = 8;

/** Both losses over the slider that was moved last, and where it stands. */
export function LossCurve({ source, truth, settings, label, shares }: LossCurveProps) {
  const { changes, kernelSize, curve: key } = settings;
  const slider = changeSliders.find((entry) => entry.key === key)!;
  const curve = useLossCurve({ source, truth, label, kernelSize, changes, slider });
  const now: CurvePoint = { at: shownChange(key, changes[key]), content: shares.content, direction: shares.direction };
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
      <Plot curve={curve} now={now} slider={slider} />
      <p className={style.legend}>
        <span className={style.content}>content (4)</span>
        <span className={style.direction}>direction (5)</span>
        <span>100 % = an empty estimate</span>
      </p>
      <details className={style.numbers}>
        <summary>Numbers</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">
                {slider.label}
                {slider.unit && `, ${slider.unit}`}
              </th>
              <th scope="col">(4)</th>
              <th scope="col">(5)</th>
            </tr>
          </thead>
          <tbody>
            {curve
              .filter((_, i) => i % 4 === 0)
              .map((point) => (
                <tr key={point.at}>
                  <td>{rounded(point.at)}</td>
                  <td>{percent(point.content)}</td>
                  <td>{percent(point.direction)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

interface PlotProps {
  readonly curve: readonly CurvePoint[];
  readonly now: CurvePoint;
  readonly slider: { readonly label: string; readonly unit?: string; readonly min: number; readonly max: number };
}

function Plot({ curve, now, slider }: PlotProps) {
  const highest = Math.max(1, ...[...curve, now].flatMap(({ content, direction }) => [content, direction]));
  const roof = Math.ceil(highest * 2) / 2;
  const x = (at: number): number => left + ((at - slider.min) / (slider.max - slider.min)) * (width - left - right);
  const y = (value: number): number => top + (1 - value / roof) * (height - top - bottom);
  const path = (name: 'content' | 'direction'): string =>
    curve.map((point, i) => `${i ? 'L' : 'M'}${x(point.at).toFixed(1)} ${y(point[name]).toFixed(1)}`).join('');
  const unit = slider.unit ? ` ${slider.unit}` : '';
  return (
    <svg
      className={style.plot}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`Losses over ${slider.label.toLowerCase()}: at ${now.at}${unit} (4) is ${percent(now.content)} and (5) ${percent(now.direction)} of an empty estimate’s.`}
    >
      {ticksUpTo(roof).map((value) => (
        <g key={value}>
          <path
            d={`M${left} ${y(value)}H${width - right}`}
            className={style.grid}
            data-one={value === 1 || undefined}
          />
          <text x={left - 6} y={y(value) + 4} textAnchor="end">
            {percent(value)}
          </text>
        </g>
      ))}
      {[slider.min, (slider.min + slider.max) / 2, slider.max].map((at, i) => (
        <text key={at} x={x(at)} y={height - 6} textAnchor={(['start', 'middle', 'end'] as const)[i]}>
          {rounded(at)}
          {unit}
        </text>
      ))}
      <path d={`M${x(now.at)} ${top}V${height - bottom}`} className={style.cursor} />
      <path d={path('content')} className={style.contentLine} />
      <path d={path('direction')} className={style.directionLine} />
      <circle cx={x(now.at)} cy={y(now.content)} r={4} className={style.contentDot} />
      <circle cx={x(now.at)} cy={y(now.direction)} r={4} className={style.directionDot} />
    </svg>
  );
}

function ticksUpTo(roof: number): number[] {
  const step = roof <= 1 ? 0.5 : roof <= 3 ? 1 : Math.ceil(roof / 3);
  return Array.from({ length: Math.floor(roof / step) + 1 }, (_, i) => i * step);
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const rounded = (value: number): string => String(Math.round(value * 100) / 100).replace('-', '−');
