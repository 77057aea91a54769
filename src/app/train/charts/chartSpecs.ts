import { lossTermNames } from '../../../core/paper/lossTerms.ts';
import type { LossTerm } from '../../../core/paper/lossTerms.ts';
import { formatCount, formatNumber, withUnit } from '../../ui/format.ts';
import { termNames } from '../run/annotations.ts';
import { decimate } from './decimate.ts';
import type { StepRange } from './decimate.ts';
import type { CurveName } from '../run/lossCurves.ts';
import type { ChartSource } from '../run/trainingStore.ts';

/** How a line looks; colours are names of design tokens. */
export interface Line {
  readonly label: string;
  readonly color: '--accent' | '--ink' | '--ink-quiet';
  readonly dash?: readonly number[];
  readonly faint?: boolean;
}

/** A chart over the steps of a run. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
  /** Whether a logarithmic axis makes sense. */
  readonly canLog: boolean;
  /** Single points are shown, because there are few. */
  readonly sparse: boolean;
  readonly term?: LossTerm;
  /** A curve of plain steps that smoothing would only blur. */
  readonly exact?: boolean;
  format(value: number): string;
  /** Steps and the values of every line, whole and unsmoothed. */
  read(source: ChartSource): { readonly steps: Float64Array; readonly lines: readonly Float64Array[] };
}

const smoothLine: readonly Line[] = [{ label: 'value', color: '--accent' }];

function curveChart(name: CurveName, title: string, unit: string, term?: LossTerm): ChartSpec {
  return {
    id: name,
    title,
    unit,
    lines: smoothLine,
    canLog: name !== 'stepMs',
    sparse: false,
    ...(term && { term }),
    exact: name === 'learningRate',
    format: (value) => formatNumber(value, 3),
    read: ({ curves }) => {
      const values = curves.column(name);
      return { steps: curves.steps(), lines: [name === 'stepMs' ? values.map((ms) => 1000 / ms) : values] };
    },
  };
}

function validationChart(
  id: 'psnr' | 'ssim',
  title: string,
  unit: string,
  lines: readonly (Line & { readonly key: string })[],
): ChartSpec {
  return {
    id,
    title,
    unit,
    lines,
    canLog: false,
    sparse: true,
    format: (value) => (id === 'psnr' ? value.toFixed(2) : value.toFixed(4)),
    read: ({ validations }) => ({
      steps: Float64Array.from(validations, ({ step }) => step),
      lines: lines.map(({ key }) =>
        Float64Array.from(validations, (validation) => (validation[id] as Record<string, number>)[key] ?? Number.NaN),
      ),
    }),
  };
}

const rainy = { key: 'rainy', label: 'rainy', color: '--ink-quiet', dash: [2, 4] } as const;
const teacher = { key: 'teacher', label: 'teacher', color: '--ink' } as const;
const student = { key: 'student', label: 'student', color: '--accent' } as const;
const rainMap = { key: 'rainMap', label: 'rain map', color: '--ink-quiet', dash: [8, 4] } as const;

/** The charts that matter most, drawn large. */
export const mainCharts: readonly ChartSpec[] = [
  curveChart('objective', 'Objective', ''),
  validationChart('psnr', 'PSNR on held-out images', 'dB', [rainy, teacher, rainMap, student]),
];

/** Each loss term before its weight, then what surrounds them. */
export const smallCharts: readonly ChartSpec[] = [
  ...lossTermNames().map((term) => curveChart(term, termNames[term], '', term)),
  validationChart('ssim', 'SSIM on held-out images', '', [rainy, teacher, student]),
  curveChart('learningRate', 'Learning rate', ''),
  curveChart('stepMs', 'Steps per second', ''),
];

/** What a chart draws: per line the value itself where it is smoothed (faint), then what is shown. Null: no value. */
export interface Drawn {
  readonly steps: number[];
  readonly lines: (number | null)[][];
}

/** Points of a chart for drawing: smoothed, thinned, within the range; what a logarithmic axis cannot show is left out. */
export function drawChart(
  spec: ChartSpec,
  source: ChartSource,
  view: {
    readonly smoothing: number;
    readonly log: boolean;
    readonly most: number;
    readonly range?: StepRange | undefined;
  },
): Drawn {
  const { steps, lines } = spec.read(source);
  const shown = (values: Float64Array): (number | null)[] =>
    Array.from(values, (value) => (Number.isFinite(value) && (!view.log || value > 0) ? value : null));
  if (spec.sparse) return { steps: [...steps], lines: lines.map(shown) };
  const curve = decimate(steps, lines[0]!, spec.exact ? 0 : view.smoothing, view.most, view.range);
  return { steps: [...curve.steps], lines: [shown(curve.values), shown(curve.smooth)] };
}

/** A chart in words: where each line began, where it is, and its best value. */
export function describeChart(spec: ChartSpec, source: ChartSource): string {
  const { steps, lines } = spec.read(source);
  if (steps.length === 0) return `${spec.title}: nothing yet.`;
  const parts = lines.map((values, index) => {
    const value = (at: number): string => withUnit(spec.format(values[at]!), spec.unit);
    const name = lines.length > 1 ? `${spec.lines[index]!.label} ` : '';
    if (values.length === 1) return `${name}${value(0)}`;
    return `${name}from ${value(0)} to ${value(values.length - 1)}`;
  });
  return `${spec.title}, step ${formatCount(steps[0]!)} to ${formatCount(steps.at(-1)!)}: ${parts.join('; ')}.`;
}
