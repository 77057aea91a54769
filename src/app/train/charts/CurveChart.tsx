import { useEffect, useRef } from 'react';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatCount, withUnit } from '../../ui/format.ts';
import type { Annotation } from '../run/annotations.ts';
import { chartSource, lossCurves, useTraining } from '../run/trainingStore.ts';
import { describeChart, drawChart } from './chartSpecs.ts';
import type { ChartSpec, Drawn } from './chartSpecs.ts';
import style from './CurveChart.module.css';
import type { StepRange } from './decimate.ts';
import { aligned, createPlot } from './plot.ts';
import { queueRedraw } from './redrawQueue.ts';
import { tokenColors } from './tokenColors.ts';

export interface CurveChartProps {
  readonly spec: ChartSpec;
  readonly height: number;
  readonly log: boolean;
  readonly smoothing: number;
  readonly range: StepRange | undefined;
  readonly onRange: (range: StepRange | undefined) => void;
  /** Beside the title, e.g. that the term is switched off. */
  readonly note?: string | undefined;
  /** Asks where the newest value comes from; absent where a curve is no loss. */
  readonly onWhy?: (() => void) | undefined;
  /** Stands in place of a curve that has no point yet. */
  readonly empty: string;
}

/** One chart over the steps. Its points bypass React: it draws itself when the curves change, a few times a second. */
export function CurveChart({ spec, height, log, smoothing, range, onRange, note, onWhy, empty }: CurveChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  usePlot(frame, { spec, height, log: log && spec.canLog, smoothing, range, onRange });

  return (
    <figure className={style.chart} data-chart={spec.id}>
      <figcaption className={style.head}>
        <span className={style.title}>{spec.title}</span>
        {note && <span className={style.note}>{note}</span>}
        {onWhy && (
          <button type="button" className={style.why} aria-label={`Why this value of ${spec.title}?`} onClick={onWhy}>
            why?
          </button>
        )}
        <span data-readout className={style.readout} aria-hidden="true" />
      </figcaption>
      <div className={style.place}>
        <div ref={frame} className={style.frame} role="img" aria-label={spec.title} style={{ minHeight: height }} />
        <p className={style.empty}>{empty}</p>
      </div>
      {spec.lines.length > 1 && <Legend spec={spec} />}
    </figure>
  );
}

type PlotProps = Pick<CurveChartProps, 'spec' | 'height' | 'log' | 'smoothing' | 'range' | 'onRange'>;

/** Draws a chart into a frame, and again whenever its curves, its width or what is shown of them change. */
function usePlot(
  frame: React.RefObject<HTMLDivElement | null>,
  { spec, height, log, smoothing, range, onRange }: PlotProps,
): void {
  const refresh = useRef<() => void>(() => undefined);
  const live = useRef({ smoothing, range, onRange });

  useEffect(() => {
    live.current = { smoothing, range, onRange };
    refresh.current();
  }, [smoothing, range, onRange]);

  useEffect(() => {
    const target = frame.current;
    if (!target) return;
    const draw = (): Drawn =>
      drawChart(spec, chartSource(), {
        ...live.current,
        log,
        most: Math.max(200, target.clientWidth * 1.5),
      });
    let drawn = draw();
    let pointed: number | null = null;
    let touched: Annotation | undefined;
    const figure = target.closest('figure')!;
    const tell = (): void => writeReadout(figure, spec, drawn, pointed, touched);
    const plot: uPlot = createPlot(target, drawn, {
      spec,
      width: target.clientWidth,
      height,
      log,
      color: tokenColors(target),
      annotations: () => useTraining.getState().annotations,
      range: () => live.current.range,
      onRange: (chosen) => live.current.onRange(chosen),
      onPoint: (index, annotation) => {
        pointed = index;
        touched = annotation;
        tell();
      },
    });
    const update = (): void => {
      drawn = draw();
      figure.toggleAttribute('data-empty', drawn.steps.length === 0);
      plot.setData(aligned(drawn));
      tell();
      target.setAttribute('aria-label', describeChart(spec, chartSource()));
    };
    refresh.current = update;
    update();
    const redraw = queueRedraw(update);
    const ends = [
      lossCurves.subscribe(redraw.request),
      useTraining.subscribe((now, before) => {
        if (now.annotations !== before.annotations || now.validations !== before.validations) redraw.request();
      }),
    ];
    const resized = new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height }));
    resized.observe(target);
    return () => {
      refresh.current = () => undefined;
      redraw.end();
      for (const end of ends) end();
      resized.disconnect();
      plot.destroy();
    };
  }, [frame, spec, height, log]);
}

function Legend({ spec }: { readonly spec: ChartSpec }) {
  return (
    <ul className={style.legend} aria-hidden="true">
      {spec.lines.map(({ label, color, dash }) => (
        <li key={label}>
          <svg width="24" height="8" viewBox="0 0 24 8">
            <path d="M0 4h24" fill="none" stroke={`var(${color})`} strokeWidth="2" strokeDasharray={dash?.join(' ')} />
          </svg>
          <span data-name>{label}</span> <span data-line className={style.value} />
        </li>
      ))}
    </ul>
  );
}

/** Writes the values at the pointer, or the latest ones, into the chart's head and legend. */
function writeReadout(
  figure: HTMLElement,
  spec: ChartSpec,
  drawn: Drawn,
  pointed: number | null,
  annotation: Annotation | undefined,
): void {
  const last = drawn.steps.length - 1;
  const index = pointed === null ? last : Math.min(pointed, last);
  const shown = spec.sparse ? drawn.lines : drawn.lines.slice(1);
  const texts = shown.map((values) => {
    const value = values[index];
    return value === null || value === undefined ? '' : withUnit(spec.format(value), spec.unit);
  });
  const where = pointed === null || index < 0 ? '' : `step ${formatCount(drawn.steps[index]!)}`;
  const one = texts.length === 1 ? texts[0]! : '';
  const head = figure.querySelector<HTMLElement>('[data-readout]');
  if (head)
    head.textContent = annotation
      ? `step ${formatCount(annotation.step)}: ${annotation.text}`
      : [where, one].filter(Boolean).join(': ');
  figure.querySelectorAll('[data-line]').forEach((element, line) => {
    element.textContent = texts[line] ?? '';
  });
}
