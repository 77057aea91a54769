import type { Validated } from '../../../core/training/events.ts';
import type { Annotation } from '../run/annotations.ts';
import { curveNames } from '../run/lossCurves.ts';
import type { LossCurves } from '../run/lossCurves.ts';

const validationColumns = [
  'psnrRainy',
  'psnrTeacher',
  'psnrStudent',
  'psnrRainMap',
  'ssimRainy',
  'ssimTeacher',
  'ssimStudent',
] as const;

/** All curves as comma-separated values: a line per step, validations and changes in the line of their step. */
export function curvesAsCsv(
  curves: LossCurves,
  validations: readonly Validated[],
  annotations: readonly Annotation[],
): string {
  const steps = curves.steps();
  const columns = curveNames.map((name) => curves.column(name));
  const rows = new Map<number, string[]>();
  const row = (step: number): string[] => {
    const known = rows.get(step);
    if (known) return known;
    const fresh = [String(step), ...Array.from({ length: curveNames.length + validationColumns.length + 1 }, () => '')];
    rows.set(step, fresh);
    return fresh;
  };
  steps.forEach((step, index) => {
    const cells = row(step);
    columns.forEach((values, column) => (cells[column + 1] = String(values[index])));
  });
  for (const { step, psnr, ssim } of validations) {
    const values = [psnr.rainy, psnr.teacher, psnr.student, psnr.rainMap, ssim.rainy, ssim.teacher, ssim.student];
    values.forEach((value, index) => (row(step)[curveNames.length + 1 + index] = String(value)));
  }
  for (const { step, text } of annotations) {
    const cells = row(step);
    cells[cells.length - 1] = quoted([unquoted(cells.at(-1)!), text].filter(Boolean).join('; '));
  }
  const header = ['step', ...curveNames, ...validationColumns, 'change'].join(',');
  const lines = [...rows].sort(([a], [b]) => a - b).map(([, cells]) => cells.join(','));
  return [header, ...lines, ''].join('\r\n');
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function unquoted(text: string): string {
  return text.replace(/^"|"$/g, '').replaceAll('""', '"');
}

/** At most `most` indices of a column, evenly spread, the first and the last among them. */
export function evenlySpread(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, index) => index);
  return Array.from({ length: most }, (_, index) => Math.round((index * (length - 1)) / (most - 1)));
}
