import { alignedText, csvText } from '../scoreTable.ts';
import type { SuiteReport, SuiteRow } from './runSuite.ts';
import { suiteNotes } from './sections.ts';

/** The table to read. */
export function suiteText({ models, rows }: SuiteReport): string {
  const lines = [
    ['', 'images', 'input', ...models],
    ...rows.map((row) => [row.label, String(row.images), ...cells(row)]),
  ];
  return `${alignedText(lines)}\n\n${suiteNotes}`;
}

/** The same in Markdown, with the id of every row. */
export function suiteMarkdown({ models, rows }: SuiteReport): string {
  return [
    markdownHead(['id', 'measured', 'images', 'input', ...models]),
    ...rows.map((row) => markdownRow([`\`${row.id}\``, row.label, String(row.images), ...cells(row)])),
    '',
    suiteNotes,
  ].join('\n');
}

/** The same as comma-separated values, with two more decimals. */
export function suiteCsv({ models, rows }: SuiteReport): string {
  return csvText([
    ['id', 'label', 'images', 'input', ...models],
    ...rows.map(({ id, label, images, input, values, digits }) => [
      id,
      label,
      String(images),
      ...[input, ...values].map((value) => value?.toFixed(digits + 2) ?? ''),
    ]),
  ]);
}

/** The rows for a model's card, a table for each model. */
export function suiteCard({ models, rows }: SuiteReport): string {
  return models
    .map((model, i) =>
      [
        markdownHead(['`evaluate --suite`', 'input', model]),
        ...rows.map((row) => markdownRow([row.label, withUnit(row, row.input), withUnit(row, row.values[i]!)])),
      ].join('\n'),
    )
    .join('\n\n');
}

function cells({ input, values, digits }: SuiteRow): string[] {
  return [input, ...values].map((value) => value?.toFixed(digits) ?? '–');
}

function withUnit({ unit, digits }: SuiteRow, value: number | null): string {
  return value === null ? '–' : `${value.toFixed(digits)}${unit && ` ${unit}`}`;
}

function markdownHead(titles: readonly string[]): string {
  return `${markdownRow(titles)}\n${markdownRow(titles.map(() => '---'))}`;
}

function markdownRow(columns: readonly string[]): string {
  return `| ${columns.join(' | ')} |`;
}
