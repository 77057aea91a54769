import uPlot from 'uplot';
import type { Annotation } from '../run/annotations.ts';
import type { ChartSpec, Drawn, Line } from './chartSpecs.ts';
import type { StepRange } from './decimate.ts';
import { logRange, logTicks } from './logScale.ts';
import { formatCount } from '../../ui/format.ts';

export interface PlotOptions {
  readonly spec: ChartSpec;
  readonly width: number;
  readonly height: number;
  readonly log: boolean;
  /** The resolved colour of a design token, with an opacity of 0…1. */
  color(token: string, opacity?: number): string;
  annotations(): readonly Annotation[];
  /** The steps the x axis shows; undefined: all of them. */
  range(): StepRange | undefined;
  /** Dragging chose a range, a double click the whole run. */
  onRange(range: StepRange | undefined): void;
  /** What stands under the pointer (null when it left), and the annotation that it touches. */
  onPoint(index: number | null, annotation: Annotation | undefined): void;
}

const cursorKey = 'training';

/** uPlot's own logarithmic ticks need limits at powers of ten; ours do not. */
const logAxis: Pick<uPlot.Axis, 'splits' | 'filter'> = {
  splits: (_plot, _axis, low, high) => logTicks(low, high),
  filter: (_plot, ticks) => ticks,
};

/** A uPlot chart in our clothes: shared cursor, drag to zoom, annotations as vertical lines. */
export function createPlot(target: HTMLElement, data: Drawn, options: PlotOptions): uPlot {
  const { spec, width, height, log, color } = options;
  const large = height > 150;
  const annotationColor = color('--ink', 0.5);
  return new uPlot(
    {
      width,
      height,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: {
        x: true,
        y: false,
        points: { size: 6 },
        drag: { x: true, y: false, setScale: false },
        sync: {
          key: cursorKey,
          scales: ['x', null],
          filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave', sub: () => true },
        },
        bind: {
          dblclick: () => () => {
            options.onRange(undefined);
            return null;
          },
        },
      },
      scales: {
        x: { time: false, range: (_, low, high) => xRange(options.range(), low, high) },
        y: log ? { distr: 3, log: 10, range: (_, low, high) => logRange(low, high) } : {},
      },
      axes: axesOf(color, large, log),
      series: [{}, ...seriesOf(spec, color)],
      hooks: {
        draw: [(plot) => drawAnnotations(plot, options.annotations(), annotationColor)],
        setCursor: [(plot) => options.onPoint(plot.cursor.idx ?? null, annotationAt(plot, options.annotations()))],
        setSelect: [
          (plot) => {
            const { left, width: selected } = plot.select;
            if (selected < 4) return;
            options.onRange({ min: plot.posToVal(left, 'x'), max: plot.posToVal(left + selected, 'x') });
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    aligned(data),
    target,
  );
}

/** uPlot's order of columns. */
export function aligned({ steps, lines }: Drawn): uPlot.AlignedData {
  return [steps, ...lines];
}

/** Steps below, values on the left; a large chart has more of them. */
function axesOf(color: PlotOptions['color'], large: boolean, log: boolean): uPlot.Axis[] {
  const axis: uPlot.Axis = {
    stroke: color('--ink-quiet'),
    grid: { stroke: color('--ink', 0.08), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
    gap: 4,
  };
  return [
    {
      ...axis,
      size: 22,
      space: 60,
      values: (_, ticks) => ticks.map((step) => (Number.isInteger(step) ? formatCount(step) : '')),
    },
    {
      ...axis,
      size: 46,
      space: large ? 36 : 28,
      values: (_, ticks) => ticks.map((value) => (value === null ? '' : shortNumber(value))),
      ...(log && logAxis),
    },
  ];
}

function seriesOf(spec: ChartSpec, color: PlotOptions['color']): uPlot.Series[] {
  const series = (line: Line): uPlot.Series => ({
    label: line.label,
    stroke: color(line.color, line.faint ? 0.3 : 1),
    width: line.faint ? 1 : 2,
    ...(line.dash && { dash: [...line.dash] }),
    points: { show: spec.sparse, size: 5, stroke: color(line.color), fill: color(line.color) },
    spanGaps: spec.sparse,
  });
  const smoothed = spec.lines.map(series);
  return spec.sparse ? smoothed : [series({ ...spec.lines[0]!, faint: true }), ...smoothed];
}

function xRange(range: StepRange | undefined, low: number | null, high: number | null): [number, number] {
  if (range) return [range.min, range.max];
  const from = low ?? 0;
  return [from, Math.max(high ?? 1, from + 1)];
}

/** The annotation within a finger's breadth of the pointer. */
function annotationAt(plot: uPlot, annotations: readonly Annotation[]): Annotation | undefined {
  const left = plot.cursor.left ?? -1;
  return left < 0 ? undefined : annotations.find(({ step }) => Math.abs(plot.valToPos(step, 'x') - left) < 6);
}

function drawAnnotations(plot: uPlot, annotations: readonly Annotation[], color: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.strokeStyle = color;
  for (const { step } of annotations) {
    const x = Math.round(plot.valToPos(step, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** A tick's number in at most about six characters. */
function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(0).replace('e+', 'e').replace('-', '−');
  return String(Number(value.toPrecision(4))).replace('-', '−');
}
