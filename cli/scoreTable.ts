import type { PairScores, Similarity } from '../src/core/metrics/pairScores.ts';

/** Figures of one output of one picture; those that could not be taken are null. */
export interface ScoreRow {
  /** 'input', 'student' or 'teacher'. */
  readonly output: string;
  readonly picture: string;
  readonly derained: Similarity | null;
  readonly rainMap: Similarity | null;
  readonly niqe: number | null;
  readonly lpips: number | null;
}

/** A row from the scores of a pair. */
export function scoreRow(output: string, picture: string, scores: PairScores, lpips: number | null): ScoreRow {
  return { output, picture, ...scores, lpips };
}

const columns: readonly {
  readonly key: string;
  readonly title: string;
  readonly digits: number;
  readonly of: (row: ScoreRow) => number | null;
}[] = [
  { key: 'psnrY', title: 'PSNR-Y', digits: 2, of: (row) => row.derained?.psnrY ?? null },
  { key: 'ssimY', title: 'SSIM-Y', digits: 4, of: (row) => row.derained?.ssimY ?? null },
  { key: 'psnrRgb', title: 'PSNR-RGB', digits: 2, of: (row) => row.derained?.psnrRgb ?? null },
  { key: 'ssimRgb', title: 'SSIM-RGB', digits: 4, of: (row) => row.derained?.ssimRgb ?? null },
  { key: 'mapPsnrY', title: 'map PSNR-Y', digits: 2, of: (row) => row.rainMap?.psnrY ?? null },
  { key: 'mapSsimY', title: 'map SSIM-Y', digits: 4, of: (row) => row.rainMap?.ssimY ?? null },
  { key: 'mapPsnrRgb', title: 'map PSNR-RGB', digits: 2, of: (row) => row.rainMap?.psnrRgb ?? null },
  { key: 'mapSsimRgb', title: 'map SSIM-RGB', digits: 4, of: (row) => row.rainMap?.ssimRgb ?? null },
  { key: 'niqe', title: 'NIQE', digits: 3, of: (row) => row.niqe },
  { key: 'lpips', title: 'LPIPS', digits: 4, of: (row) => row.lpips },
];

/** Figures of a row by column name. */
export type Figures = Readonly<Record<string, number | null>>;

/** What a table says, as data: the mean of each output, and every picture. Equal pictures have PSNR 99 rather than ∞. */
export interface ScoreReport {
  readonly means: readonly { readonly output: string; readonly pictures: number; readonly figures: Figures }[];
  readonly pictures: readonly { readonly output: string; readonly picture: string; readonly figures: Figures }[];
}

/** Means are taken over the pictures for which a figure exists, outputs in order of appearance. */
export function scoreReport(rows: readonly ScoreRow[]): ScoreReport {
  const figuresOf = (row: ScoreRow): Figures =>
    Object.fromEntries(columns.map(({ key, of }) => [key, finite(of(row))]));
  const pictures = rows.map((row) => ({ output: row.output, picture: row.picture, figures: figuresOf(row) }));
  const outputs = [...new Set(rows.map(({ output }) => output))];
  const means = outputs.map((output) => {
    const own = pictures.filter((row) => row.output === output);
    const figures = Object.fromEntries(
      columns.map(({ key }) => [key, mean(own.map((row) => row.figures[key] ?? null))]),
    );
    return { output, pictures: own.length, figures };
  });
  return { means, pictures };
}

function finite(value: number | null): number | null {
  return value === null ? null : Math.min(99, value);
}

function mean(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  return present.length ? present.reduce((sum, value) => sum + value, 0) / present.length : null;
}

/** A table to read: a line per mean, preceded by a line per picture with `each`. Columns without any figure are left out. */
export function textTable({ means, pictures }: ScoreReport, each: boolean): string {
  const shown = columns.filter(({ key }) => means.some(({ figures }) => figures[key] !== null));
  const cells = (name: string, figures: Figures): string[] => [
    name,
    ...shown.map(({ key, digits }) => figures[key]?.toFixed(digits) ?? '–'),
  ];
  const lines = [['', ...shown.map(({ title }) => title)]];
  if (each) for (const { output, picture, figures } of pictures) lines.push(cells(`${picture} ${output}`, figures));
  for (const { output, pictures: count, figures } of means) lines.push(cells(`${output}, mean of ${count}`, figures));
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same as comma-separated values, pictures first; the means have the picture 'mean'. */
export function csvTable({ means, pictures }: ScoreReport): string {
  const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (output: string, picture: string, figures: Figures): string =>
    [output, quoted(picture), ...columns.map(({ key, digits }) => figures[key]?.toFixed(digits + 2) ?? '')].join(',');
  return [
    ['output', 'picture', ...columns.map(({ key }) => key)].join(','),
    ...pictures.map(({ output, picture, figures }) => line(output, picture, figures)),
    ...means.map(({ output, figures }) => line(output, 'mean', figures)),
  ].join('\n');
}
