import { useEffect, useRef } from 'react';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../../shell/theme.ts';
import { formatCount } from '../format.ts';
import { lossCurves, useTraining } from '../trainingStore.ts';
import { describeChart, drawChart } from './chartSpecs.ts';
import type { ChartSpec, Drawn } from './chartSpecs.ts';
import style from './CurveChart.module.css';
import type { StepRange } from './decimate.ts';
import { aligned, createPlot } from './plot.ts';
import { tokenColors } from './tokenColors.ts';

export interface CurveChartProps {
  readonly spec: ChartSpec;
  readonly height: number;
  readonly log: boolean;
  readonly smoothing: number;
  readonly range: StepRange | undefined;
  readonly onRange: (range: StepRange | undefined) => void;
  /** Under the title, e.g. why the curve stands still. */
  readonly note?: string | undefined;
}

/** Between two drawings of a chart whose run goes on, milliseconds. */
const redrawMs = 250;

/** One chart over the steps. Its points bypass React: it draws itself when the curves change, a few times a second. */
export function CurveChart({ spec, height, log, smoothing, range, onRange, note }: CurveChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLSpanElement>(null);
  const refresh = useRef<() => void>(() => undefined);
  const live = useRef({ smoothing, range, onRange });
  const theme = useTheme();
  const logarithmic = log && spec.canLog;

  useEffect(() => {
    live.current = { smoothing, range, onRange };
    refresh.current();
  }, [smoothing, range, onRange]);

  useEffect(() => {
    const target = frame.current;
    if (!target) return;
    const source = () => ({ curves: lossCurves, validations: useTraining.getState().validations });
    const draw = (): Drawn =>
      drawChart(spec, source(), { ...live.current, log: logarithmic, most: Math.max(200, target.clientWidth * 1.5) });
    let drawn = draw();
    let pointed: number | null = null;
    const tell = (): void => {
      if (readout.current) readout.current.textContent = readoutOf(spec, drawn, pointed);
    };
    const plot: uPlot = createPlot(target, drawn, {
      spec,
      width: target.clientWidth,
      height,
      log: logarithmic,
      color: tokenColors(target),
      marks: () => useTraining.getState().marks,
      range: () => live.current.range,
      onRange: (chosen) => live.current.onRange(chosen),
      onPoint: (index) => {
        pointed = index;
        tell();
      },
    });
    const update = (): void => {
      drawn = draw();
      plot.setData(aligned(drawn));
      tell();
      target.setAttribute('aria-label', describeChart(spec, source()));
    };
    refresh.current = update;
    update();
    const throttled = throttle(update, redrawMs);
    const ends = [
      lossCurves.subscribe(throttled.call),
      useTraining.subscribe((now, before) => {
        if (now.marks !== before.marks || now.validations !== before.validations) throttled.call();
      }),
    ];
    const resized = new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height }));
    resized.observe(target);
    return () => {
      refresh.current = () => undefined;
      throttled.end();
      for (const end of ends) end();
      resized.disconnect();
      plot.destroy();
    };
  }, [spec, height, logarithmic, theme]);

  return (
    <figure className={style.chart} data-chart={spec.id}>
      <figcaption className={style.head}>
        <span className={style.title}>{spec.title}</span>
        {note && <span className={style.note}>{note}</span>}
        <span ref={readout} className={style.readout} aria-hidden="true" />
      </figcaption>
      <div ref={frame} className={style.frame} role="img" aria-label={spec.title} style={{ minHeight: height }} />
      {spec.lines.length > 1 && <Legend spec={spec} />}
    </figure>
  );
}

function Legend({ spec }: { readonly spec: ChartSpec }) {
  return (
    <ul className={style.legend} aria-hidden="true">
      {spec.lines.map(({ label, color, dash }) => (
        <li key={label}>
          <svg width="24" height="8" viewBox="0 0 24 8">
            <path d="M0 4h24" fill="none" stroke={`var(${color})`} strokeWidth="2" strokeDasharray={dash?.join(' ')} />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}

/** The values at the pointer, or the latest ones. */
function readoutOf(spec: ChartSpec, drawn: Drawn, pointed: number | null): string {
  const last = drawn.steps.length - 1;
  const index = pointed === null ? last : Math.min(pointed, last);
  if (index < 0) return '';
  const unit = spec.unit && ` ${spec.unit}`;
  const shown = spec.sparse ? drawn.lines : drawn.lines.slice(1);
  const values = shown.map((values, line) => {
    const value = values[index];
    const text = value === null || value === undefined ? '–' : spec.format(value) + unit;
    return spec.lines.length > 1 ? `${spec.lines[line]!.label} ${text}` : text;
  });
  const where = pointed === null ? '' : `step ${formatCount(drawn.steps[index]!)}: `;
  return where + (pointed === null && spec.lines.length > 1 ? values.at(-1)! : values.join(' · '));
}

/** Calls at once, then at most once every `everyMs`; the last call is never lost. */
function throttle(run: () => void, everyMs: number): { call: () => void; end: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const call = (): void => {
    if (timer !== undefined) {
      again = true;
      return;
    }
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) {
        again = false;
        call();
      }
    }, everyMs);
  };
  return { call, end: () => clearTimeout(timer) };
}
