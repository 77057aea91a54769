import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { queueRedraw, type Redraw } from '../../train/charts/redrawQueue.ts';
import { tokenColors } from '../../train/charts/tokenColors.ts';
import { formatCount, formatNumber } from '../../ui/format.ts';
import style from './Comparison.module.css';
import { lineDash, lineToken } from './lineLook.ts';
import { overlay, type CurveMeasure, type Overlay, type RunGroup } from './overlay.ts';

export interface OverlayChartProps {
  readonly groups: readonly RunGroup[];
  readonly measure: CurveMeasure;
  readonly smoothing: number;
}

const HEIGHT = 200;
const MOST_STEPS = 400;

/** One measure of several runs: a line for each variant, and a band over its seeds. It reads its colours and lines once: others need another key. */
export function OverlayChart({ groups, measure, smoothing }: OverlayChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const redraw = useRef<Redraw | null>(null);
  const names = groups.map(({ name }) => name).join('\n');
  const drawn = useMemo(() => overlay(groups, measure, smoothing, MOST_STEPS), [groups, measure, smoothing]);
  const latest = useRef(drawn);

  useEffect(() => {
    const target = frame.current;
    if (!target) return;
    const plot = createOverlay(target, names.split('\n'), measure);
    const own = queueRedraw(() => plot.setData(columnsOf(latest.current)));
    redraw.current = own;
    own.request();
    const resized = new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height: HEIGHT }));
    resized.observe(target);
    return () => {
      own.end();
      redraw.current = null;
      resized.disconnect();
      plot.destroy();
    };
  }, [names, measure]);

  useEffect(() => {
    latest.current = drawn;
    redraw.current?.request();
  }, [drawn]);

  return (
    <figure className={style.chart} data-chart={measure.id}>
      <figcaption className={style.chartTitle}>
        {measure.label}
        {measure.unit && <span className={style.unit}> {measure.unit}</span>}
      </figcaption>
      <div ref={frame} role="img" aria-label={inWords(drawn, measure)} style={{ minHeight: HEIGHT }} />
    </figure>
  );
}

/** Steps, then for every line its mean, and the ends of its band. */
function columnsOf({ steps, lines }: Overlay): uPlot.AlignedData {
  return [[...steps], ...lines.flatMap(({ mean, low, high }) => [[...mean], [...low], [...high]])] as uPlot.AlignedData;
}

function createOverlay(target: HTMLElement, names: readonly string[], measure: CurveMeasure): uPlot {
  const color = tokenColors(target);
  const axis: uPlot.Axis = {
    stroke: color('--ink-quiet'),
    grid: { stroke: color('--ink', 0.08), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
    gap: 4,
  };
  const series = names.flatMap((name, i): uPlot.Series[] => [
    {
      label: name,
      stroke: color(lineToken(i)),
      width: 2,
      spanGaps: true,
      points: { show: measure.isSparse, size: 5, fill: color(lineToken(i)) },
      ...(lineDash(i) && { dash: lineDash(i)! }),
    },
    { stroke: 'transparent', points: { show: false }, spanGaps: true },
    { stroke: 'transparent', points: { show: false }, spanGaps: true },
  ]);
  return new uPlot(
    {
      width: target.clientWidth,
      height: HEIGHT,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
      scales: { x: { time: false } },
      axes: [
        {
          ...axis,
          size: 22,
          space: 60,
          values: (_, ticks) => ticks.map((step) => (Number.isInteger(step) ? formatCount(step) : '')),
        },
        {
          ...axis,
          size: 46,
          values: (_, ticks, __, ___, step) => ticks.map((value) => value.toFixed(decimalsOf(step))),
        },
      ],
      series: [{}, ...series],
      bands: names.map((_, i) => ({ series: [3 * i + 3, 3 * i + 2], fill: color(lineToken(i), 0.15) })),
    },
    [[], ...series.map(() => [])],
    target,
  );
}

/** Decimals that tell two ticks of this distance apart. */
function decimalsOf(step: number): number {
  const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;
  return [0, 1, 2, 3, 4, 5].find((digits) => isWhole(step * 10 ** digits)) ?? 6;
}

function inWords({ steps, lines }: Overlay, { label, unit }: CurveMeasure): string {
  const last = lines.map(({ name, mean }) => {
    const value = mean.findLast((found) => found !== null);
    return `${name} ${value === undefined || value === null ? '–' : formatNumber(value, 4)}`;
  });
  const at = steps.length > 0 ? ` up to step ${formatCount(steps.at(-1)!)}` : '';
  return `${label}${unit && `, ${unit}`}${at}: ${last.join('; ')}`;
}
