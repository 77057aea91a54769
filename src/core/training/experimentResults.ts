/** What an experiment's runs came to: a row per variant over its seeds, as numbers and as a table for other programs. */
import { csvTable, latexTable, markdownTable } from '../metrics/tableText.ts';
import type { TableFormat } from '../metrics/tableText.ts';
import type { Validated } from './events.ts';

/** Mean and sample standard deviation; the deviation of a single value is 0. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

export type MeasureId = 'studentPsnr' | 'studentSsim' | 'teacherPsnr' | 'teacherSsim' | 'rainMapPsnr' | 'rainMapSsim';

export interface Measure {
  readonly id: MeasureId;
  readonly label: string;
  readonly unit: string;
  readonly digits: number;
  /** NaN where a run of an earlier version did not take it. */
  of(result: Validated): number;
}

/** On Y of held-out images. The derained image is the student's, then the teacher's; then their rain map. */
export const measures: readonly Measure[] = [
  { id: 'studentPsnr', label: 'Student PSNR', unit: 'dB', digits: 2, of: ({ psnr }) => psnr.student },
  { id: 'studentSsim', label: 'Student SSIM', unit: '', digits: 4, of: ({ ssim }) => ssim.student },
  { id: 'teacherPsnr', label: 'Teacher PSNR', unit: 'dB', digits: 2, of: ({ psnr }) => psnr.teacher },
  { id: 'teacherSsim', label: 'Teacher SSIM', unit: '', digits: 4, of: ({ ssim }) => ssim.teacher },
  { id: 'rainMapPsnr', label: 'Rain map PSNR', unit: 'dB', digits: 2, of: ({ psnr }) => psnr.rainMap },
  {
    id: 'rainMapSsim',
    label: 'Rain map SSIM',
    unit: '',
    digits: 4,
    of: ({ scores }) => scores?.teacher['mapSsimY'] ?? Number.NaN,
  },
];

/** The latest validation of one run. */
export interface VariantResult {
  readonly variant: string;
  readonly seed: number;
  readonly result: Validated;
}

export interface ResultRow {
  readonly variant: string;
  readonly seeds: readonly number[];
  /** Of the run with the fewest. */
  readonly step: number;
  /** By measure. */
  readonly spreads: Readonly<Record<string, Spread>>;
}

/** A row per variant, in the order in which they first appear. */
export function resultRows(results: readonly VariantResult[]): ResultRow[] {
  const variants = [...new Set(results.map(({ variant }) => variant))];
  return variants.map((variant) => {
    const own = results.filter((result) => result.variant === variant);
    return {
      variant,
      seeds: own.map(({ seed }) => seed),
      step: Math.min(...own.map(({ result }) => result.step)),
      spreads: Object.fromEntries(measures.map(({ id, of }) => [id, spreadOf(own.map(({ result }) => of(result)))])),
    };
  });
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/** '28.60 ± 0.40', of one seed '28.60'; a dash where nothing was measured. */
export function spreadText({ mean, deviation }: Spread, digits: number, isMany: boolean, plusMinus = ' ± '): string {
  if (Number.isNaN(mean)) return '–';
  return mean.toFixed(digits) + (isMany ? plusMinus + deviation.toFixed(digits) : '');
}

/** The table as a file of the format; CSV holds mean and deviation in columns of their own. */
export function resultTable(rows: readonly ResultRow[], format: TableFormat): string {
  if (format === 'csv') {
    const head = ['variant', 'seeds', 'step', ...measures.flatMap(({ id }) => [id, `${id}_sd`])];
    const lines = rows.map(({ variant, seeds, step, spreads }) => [
      variant,
      seeds.join(' '),
      String(step),
      ...measures.flatMap(({ id }) => {
        const { mean, deviation } = spreads[id]!;
        return Number.isNaN(mean) ? ['', ''] : [String(mean), String(deviation)];
      }),
    ]);
    return csvTable(head, lines);
  }
  const plusMinus = format === 'latex' ? ' $\\pm$ ' : ' ± ';
  const head = ['Variant', 'Steps', ...measures.map(({ label, unit }) => (unit ? `${label} (${unit})` : label))];
  const lines = rows.map(({ variant, seeds, step, spreads }) => [
    variant,
    String(step),
    ...measures.map(({ id, digits }) => spreadText(spreads[id]!, digits, seeds.length > 1, plusMinus)),
  ]);
  return format === 'latex' ? latexTable(head, lines) : markdownTable(head, lines);
}
