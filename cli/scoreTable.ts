import { finiteScore, meanScore } from '../src/core/metrics/meanScore.ts';
import { metrics as registered } from '../src/core/metrics/metrics.ts';
import { latexTable, markdownTable } from '../src/core/metrics/tableText.ts';
import type { TableFormat } from '../src/core/metrics/tableText.ts';
import type { MetricDescription, Scores } from '../src/core/metrics/metrics.ts';

/** Figures of one output of one image. */
export interface ScoreRow {
  /** 'input', or the name of a model. */
  readonly output: string;
  readonly image: string;
  readonly scores: Scores;
}

/** What a table says, as data: the mean of each output, and every image. Equal images have PSNR 99 rather than ∞. */
export interface ScoreReport {
  readonly means: readonly { readonly output: string; readonly images: number; readonly scores: Scores }[];
  readonly images: readonly ScoreRow[];
}

/** Means are taken over the images for which a figure exists, outputs in order of appearance. */
export function scoreReport(
  rows: readonly ScoreRow[],
  metrics: readonly MetricDescription[] = registered,
): ScoreReport {
  const record = (of: (name: string) => number | null): Scores =>
    Object.fromEntries(metrics.map(({ name }) => [name, of(name)]));
  const images = rows.map(({ output, image, scores }) => ({
    output,
    image,
    scores: record((name) => finite(scores[name] ?? null)),
  }));
  const outputs = [...new Set(rows.map(({ output }) => output))];
  const means = outputs.map((output) => {
    const own = images.filter((row) => row.output === output);
    const scores = record((name) => meanScore(own.map((row) => row.scores[name] ?? null)));
    return { output, images: own.length, scores };
  });
  return { means, images };
}

function finite(score: number | null): number | null {
  return score === null ? null : finiteScore(score);
}

/** A table to read: a line per mean, preceded by a line per image with `each`. Columns without any figure are left out. */
export function textTable(
  { means, images }: ScoreReport,
  each: boolean,
  metrics: readonly MetricDescription[] = registered,
): string {
  const shown = metrics.filter(({ name }) => means.some(({ scores }) => scores[name] !== null));
  const cells = (name: string, scores: Scores): string[] => [
    name,
    ...shown.map((metric) => scores[metric.name]?.toFixed(metric.digits) ?? '–'),
  ];
  const lines = [['', ...shown.map(({ label }) => label)]];
  if (each) for (const { output, image, scores } of images) lines.push(cells(`${image} ${output}`, scores));
  for (const { output, images: count, scores } of means) lines.push(cells(`${output}, mean of ${count}`, scores));
  return alignedText(lines);
}

/** The means as a table for a document, a row per output, with its model's parameters. Columns without any figure are left out. */
export function meansTable(
  { means }: ScoreReport,
  parameters: ReadonlyMap<string, number>,
  format: Exclude<TableFormat, 'csv'>,
  metrics: readonly MetricDescription[] = registered,
): string {
  const shown = metrics.filter(({ name }) => means.some(({ scores }) => scores[name] !== null));
  const rows = means.map(({ output, scores }) => [
    output,
    parameters.get(output)?.toLocaleString('en') ?? '–',
    ...shown.map((metric) => scores[metric.name]?.toFixed(metric.digits) ?? '–'),
  ]);
  const write = format === 'latex' ? latexTable : markdownTable;
  return write([`mean of ${means[0]?.images ?? 0}`, 'parameters', ...shown.map(({ label }) => label)], rows);
}

/** Lines of cells as text: the first column to the left, the others to the right. */
export function alignedText(lines: readonly (readonly string[])[]): string {
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

/** The same as comma-separated values, images first; the means have the image 'mean'. */
export function csvTable({ means, images }: ScoreReport, metrics: readonly MetricDescription[] = registered): string {
  const line = (output: string, image: string, scores: Scores): string[] => [
    output,
    image,
    ...metrics.map(({ name, digits }) => scores[name]?.toFixed(digits + 2) ?? ''),
  ];
  return csvText([
    ['output', 'image', ...metrics.map(({ name }) => name)],
    ...images.map(({ output, image, scores }) => line(output, image, scores)),
    ...means.map(({ output, scores }) => line(output, 'mean', scores)),
  ]);
}

/** Lines of cells as comma-separated values, quoted where needed. */
export function csvText(lines: readonly (readonly string[])[]): string {
  const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return lines.map((line) => line.map(quoted).join(',')).join('\n');
}
