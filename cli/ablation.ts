import type { Validated } from '../src/core/training/events.ts';
import { measures, spreadOf, spreadText } from '../src/core/training/experimentResults.ts';
import type { Measure, Spread } from '../src/core/training/experimentResults.ts';

/** The last validation of one run. */
export interface VariantRun {
  readonly variant: string;
  readonly seed: number;
  readonly result: Validated;
}

/** The columns of the table: what (5) acts on first. */
const figureNames = ['rainMapPsnr', 'rainMapSsim', 'teacherPsnr', 'studentPsnr', 'teacherSsim', 'studentSsim'] as const;
export type Figure = (typeof figureNames)[number];
const measureOf = (figure: Figure): Measure => measures.find(({ id }) => id === figure)!;

export interface Ablation {
  readonly images: number;
  readonly seeds: readonly number[];
  readonly variants: readonly {
    readonly variant: string;
    readonly step: number;
    readonly figures: Readonly<Record<Figure, Spread>>;
    /** Against the first variant, seed by seed; null for itself. */
    readonly difference: Readonly<Record<Figure, Spread>> | null;
  }[];
  readonly runs: readonly {
    readonly variant: string;
    readonly seed: number;
    readonly figures: Readonly<Record<Figure, number>>;
  }[];
}

/** Variants against the first one, the baseline; every variant has a run of every seed. PSNR in dB and SSIM, on Y. */
export function ablationOf(runs: readonly VariantRun[]): Ablation {
  const variants = [...new Set(runs.map(({ variant }) => variant))];
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const at = (variant: string, seed: number): Validated =>
    runs.find((run) => run.variant === variant && run.seed === seed)!.result;
  const overSeeds = (of: (seed: number, figure: Figure) => number): Record<Figure, Spread> =>
    record((figure) => spreadOf(seeds.map((seed) => of(seed, figure))));
  const first = variants[0]!;
  return {
    images: runs[0]!.result.images,
    seeds,
    variants: variants.map((variant) => ({
      variant,
      step: at(variant, seeds[0]!).step,
      figures: overSeeds((seed, figure) => measureOf(figure).of(at(variant, seed))),
      difference:
        variant === first
          ? null
          : overSeeds(
              (seed, figure) => measureOf(figure).of(at(variant, seed)) - measureOf(figure).of(at(first, seed)),
            ),
    })),
    runs: runs.map(({ variant, seed, result }) => ({
      variant,
      seed,
      figures: record((figure) => measureOf(figure).of(result)),
    })),
  };
}

/** A table to read, in Markdown. */
export function ablationTable({ images, seeds, variants, runs }: Ablation): string {
  const spread = (of: Spread, figure: Figure, sign = ''): string =>
    (of.mean >= 0 ? sign : '') + spreadText(of, measureOf(figure).digits, true);
  const single = (value: number, figure: Figure): string =>
    spreadText(spreadOf([value]), measureOf(figure).digits, false);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const titles = figureNames.map((figure) => measureOf(figure).label.replace(/^./, (first) => first.toLowerCase()));
  return [
    `Last validation of ${images} held-out images, on Y, seeds ${seeds.join(', ')}; mean ± standard deviation.`,
    '',
    row(['variant', 'steps', ...titles]),
    row(['---', '---', ...titles.map(() => '---')]),
    ...variants.map(({ variant, step, figures: own }) =>
      row([variant, String(step), ...figureNames.map((figure) => spread(own[figure], figure))]),
    ),
    ...variants.flatMap(({ variant, difference }) =>
      difference
        ? [
            row([
              `${variant} − ${variants[0]!.variant}`,
              '',
              ...figureNames.map((figure) => spread(difference[figure], figure, '+')),
            ]),
          ]
        : [],
    ),
    ...runs.map(({ variant, seed, figures: own }) =>
      row([`${variant}, seed ${seed}`, '', ...figureNames.map((figure) => single(own[figure], figure))]),
    ),
  ].join('\n');
}

function record<Value>(of: (figure: Figure) => Value): Record<Figure, Value> {
  return Object.fromEntries(figureNames.map((figure) => [figure, of(figure)])) as Record<Figure, Value>;
}
