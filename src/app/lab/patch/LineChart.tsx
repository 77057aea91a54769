import { withUnit } from '../../ui/format.ts';
import style from './LineChart.module.css';

export type Tone = 'content' | 'direction' | 'faint';

export interface Line {
  readonly name: string;
  readonly tone: Tone;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Its value at the cursor. */
  readonly now?: number;
}

export interface LineChartProps {
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly lines: readonly Line[];
  readonly from: number;
  readonly to: number;
  /** Beside the numbers under the chart: 'px'. */
  readonly unit?: string;
  readonly cursor: number;
  readonly format: (value: number) => string;
  /** Where the vertical axis begins; 0 otherwise. */
  readonly floor?: number;
  /** A value that is always in sight, and dashed. */
  readonly mark?: number;
}

const width = 360;
const height = 160;
const left = 42;
const right = 8;
const top = 8;
const bottom = 22;

/** A few lines over one axis, with a cursor. */
export function LineChart({ label, lines, from, to, unit = '', cursor, format, floor = 0, mark }: LineChartProps) {
  const values = lines.flatMap(({ points, now }) => [...points.map(({ y }) => y), now ?? floor]);
  const highest = Math.max(mark ?? floor, ...values);
  const { roof, ticks } = scaleFor(floor, highest > floor + 1e-6 ? highest : floor + 1);
  const x = (at: number): number => left + ((at - from) / (to - from)) * (width - left - right);
  const y = (value: number): number => top + (1 - (value - floor) / (roof - floor)) * (height - top - bottom);
  const path = ({ points }: Line): string =>
    points.map((point, i) => `${i ? 'L' : 'M'}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`).join('');
  return (
    <figure className={style.figure}>
      <svg className={style.plot} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        {ticks.map((value) => (
          <g key={value}>
            <path d={`M${left} ${y(value)}H${width - right}`} className={style.grid} />
            <text x={left - 6} y={y(value) + 4} textAnchor="end">
              {format(value)}
            </text>
          </g>
        ))}
        {mark !== undefined && <path d={`M${left} ${y(mark)}H${width - right}`} className={style.mark} />}
        {[from, (from + to) / 2, to].map((at, i) => (
          <text key={at} x={x(at)} y={height - 5} textAnchor={(['start', 'middle', 'end'] as const)[i]}>
            {withUnit(plainNumber(at), unit)}
          </text>
        ))}
        <path d={`M${x(cursor)} ${top}V${height - bottom}`} className={style.cursor} />
        {lines.map((line) => (
          <path key={line.name} d={path(line)} className={style.line} data-tone={line.tone} />
        ))}
        {lines.map(({ name, tone, now }) =>
          now === undefined ? null : (
            <circle key={name} cx={x(cursor)} cy={y(now)} r={4} className={style.dot} data-tone={tone} />
          ),
        )}
      </svg>
      <figcaption className={style.legend}>
        {lines.map(({ name, tone }) => (
          <span key={name} data-tone={tone}>
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** Up to four round steps from `floor`, the last at or above `highest`. */
function scaleFor(floor: number, highest: number): { readonly roof: number; readonly ticks: readonly number[] } {
  const span = highest - floor;
  const power = 10 ** Math.floor(Math.log10(span));
  const step = [0.25, 0.5, 1, 2.5].find((factor) => span / (factor * power) <= 4)! * power;
  const count = Math.ceil(span / step - 1e-9);
  return { roof: floor + count * step, ticks: Array.from({ length: count + 1 }, (_, i) => floor + i * step) };
}

/** At most two decimals, with a real minus. */
export function plainNumber(value: number): string {
  return String(Math.round(value * 100) / 100).replace('-', '−');
}
