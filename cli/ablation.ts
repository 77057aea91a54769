import type { Validated } from '../src/core/training/events.ts';

/** The last validation of one run. */
export interface VariantRun {
  readonly variant: string;
  readonly seed: number;
  readonly result: Validated;
}

/** Mean and sample standard deviation; the deviation of a single value is 0. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

const figures = {
  rainMapPsnr: ({ psnr }: Validated) => psnr.rainMap,
  /** NaN in runs of earlier versions. */
  rainMapSsim: ({ scores }: Validated) => scores?.teacher['mapSsimY'] ?? Number.NaN,
  teacherPsnr: ({ psnr }: Validated) => psnr.teacher,
  studentPsnr: ({ psnr }: Validated) => psnr.student,
  teacherSsim: ({ ssim }: Validated) => ssim.teacher,
  studentSsim: ({ ssim }: Validated) => ssim.student,
} as const;
export type Figure = keyof typeof figures;
const figureNames = Object.keys(figures) as Figure[];

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
      figures: overSeeds((seed, figure) => figures[figure](at(variant, seed))),
      difference:
        variant === first
          ? null
          : overSeeds((seed, figure) => figures[figure](at(variant, seed)) - figures[figure](at(first, seed))),
    })),
    runs: runs.map(({ variant, seed, result }) => ({
      variant,
      seed,
      figures: record((figure) => figures[figure](result)),
    })),
  };
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/** A table to read, in Markdown. */
export function ablationTable({ images, seeds, variants, runs }: Ablation): string {
  const digits = (figure: Figure): number => (figure.endsWith('Ssim') ? 4 : 2);
  const spread = ({ mean, deviation }: Spread, figure: Figure, sign = ''): string =>
    Number.isNaN(mean)
      ? '–'
      : `${sign && mean >= 0 ? sign : ''}${mean.toFixed(digits(figure))} ± ${deviation.toFixed(digits(figure))}`;
  const single = (value: number, figure: Figure): string => (Number.isNaN(value) ? '–' : value.toFixed(digits(figure)));
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const titles = ['rain map PSNR', 'rain map SSIM', 'teacher PSNR', 'student PSNR', 'teacher SSIM', 'student SSIM'];
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
