import { useState } from 'react';
import { measures, type MeasureId, type ResultRow } from '../../../core/training/experimentResults.ts';
import { formatNumber } from '../../ui/format.ts';
import { SelectField } from '../../ui/SelectField.tsx';
import style from './Comparison.module.css';
import { roundTicks } from './roundTicks.ts';
import { effectTitle, placesOf } from './sensitivity.ts';

export interface SensitivityPlotProps {
  readonly rows: readonly ResultRow[];
  /** The number of each row on the axis; where one has none, or without an axis, they stand side by side by name. */
  readonly axis: { readonly label: string; readonly values: readonly (number | null)[] } | null;
  /** The measure that it opens on. */
  readonly first: MeasureId;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [560, 220, 64, 36, 12];

/** A measure against the setting that was varied: mean over the seeds, with a bar of a standard deviation up and down. */
export function SensitivityPlot({ rows, axis, first: opened }: SensitivityPlotProps) {
  const [id, setId] = useState<string>(opened);
  const measure = measures.find((one) => one.id === id)!;
  const { isNumeric, places } = placesOf(axis?.values ?? rows.map(() => null));
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const ends = rows.flatMap(({ spreads }) => [
    spreads[id]!.mean - spreads[id]!.deviation,
    spreads[id]!.mean + spreads[id]!.deviation,
  ]);
  const margin = (Math.max(...ends) - Math.min(...ends)) * 0.15 || 0.5;
  const [low, high] = [Math.min(...ends) - margin, Math.max(...ends) + margin];
  const x = (place: number): number => LEFT + 24 + ((place - first) / (last - first || 1)) * (WIDTH - LEFT - 60);
  const y = (value: number): number => TOP + ((high - value) / (high - low)) * (HEIGHT - BOTTOM - TOP);
  const points = rows.map((row, i) => ({ ...row.spreads[id]!, variant: row.variant, place: places[i]! }));
  const words = points.map(({ variant, mean }) => `${variant} ${mean.toFixed(measure.digits)}`).join('; ');
  return (
    <section className={style.part} aria-label="Sensitivity">
      <div className={style.partHead}>
        <h3 className={style.heading}>{effectTitle(axis?.label ?? null)}</h3>
        <SelectField
          label="Measure"
          hideLabel
          value={id}
          options={measures.map(({ id: value, label }) => ({ value, label }))}
          onChange={setId}
        />
        <span className={style.unit}>{measure.unit}</span>
      </div>
      <svg
        className={style.plot}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${measure.label}: ${words}`}
      >
        {roundTicks(low, high).map((value) => (
          <g key={value}>
            <line className={style.grid} x1={LEFT} x2={WIDTH - 8} y1={y(value)} y2={y(value)} />
            <text className={style.tick} x={LEFT - 8} y={y(value) + 4} textAnchor="end">
              {value.toFixed(measure.digits)}
            </text>
          </g>
        ))}
        {isNumeric && (
          <polyline
            className={style.trend}
            points={points.map(({ place, mean }) => `${x(place)},${y(mean)}`).join(' ')}
          />
        )}
        {points.map(({ variant, place, mean, deviation }) => (
          <g key={variant}>
            <line className={style.bar} x1={x(place)} x2={x(place)} y1={y(mean - deviation)} y2={y(mean + deviation)} />
            <circle className={style.dot} cx={x(place)} cy={y(mean)} r={4} />
            <text className={style.tick} x={x(place)} y={HEIGHT - 12} textAnchor="middle">
              {isNumeric ? formatNumber(place) : variant}
            </text>
          </g>
        ))}
      </svg>
    </section>
  );
}
