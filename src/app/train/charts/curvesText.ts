import type { Validated } from '../../../core/training/events.ts';
import type { Annotation } from '../run/annotations.ts';
import { curveNames } from '../run/lossCurves.ts';
import type { LossCurves } from '../run/lossCurves.ts';

interface Column {
  readonly name: string;
  of(validation: Validated): number | null | undefined;
}

const validationColumns: readonly Column[] = [
  { name: 'psnrRainy', of: ({ psnr }) => psnr.rainy },
  { name: 'psnrTeacher', of: ({ psnr }) => psnr.teacher },
  { name: 'psnrStudent', of: ({ psnr }) => psnr.student },
  { name: 'psnrRainMap', of: ({ psnr }) => psnr.rainMap },
  { name: 'ssimRainy', of: ({ ssim }) => ssim.rainy },
  { name: 'ssimTeacher', of: ({ ssim }) => ssim.teacher },
  { name: 'ssimStudent', of: ({ ssim }) => ssim.student },
];
/** Metrics by their names in the table of metrics that have the columns above. */
const HAVE_COLUMNS: readonly string[] = ['psnrY', 'ssimY'];

/** Columns of whatever other metrics these validations took, such as `psnrRgbStudent`. */
function furtherColumns(validations: readonly Validated[]): Column[] {
  const names = new Set(validations.flatMap(({ scores }) => Object.keys(scores?.student ?? {})));
  return [...names]
    .filter((name) => !HAVE_COLUMNS.includes(name))
    .flatMap((name) =>
      (['rainy', 'teacher', 'student'] as const).map((image) => ({
        name: `${name}${image[0]!.toUpperCase()}${image.slice(1)}`,
        of: ({ scores }: Validated) => scores?.[image][name],
      })),
    )
    .filter(({ of }) => validations.some((validation) => of(validation) != null));
}

/** All curves as comma-separated values: a line per step, validations and changes in the line of their step. */
export function curvesAsCsv(
  curves: LossCurves,
  validations: readonly Validated[],
  annotations: readonly Annotation[],
): string {
  const scores = [...validationColumns, ...furtherColumns(validations)];
  const header = ['step', ...curveNames, ...scores.map(({ name }) => name), 'change'];
  const rows = new Map<number, string[]>();
  const row = (step: number): string[] => {
    const cells = rows.get(step) ?? header.map((_, index) => (index === 0 ? String(step) : ''));
    rows.set(step, cells);
    return cells;
  };
  const losses = curveNames.map((name) => curves.column(name));
  curves.steps().forEach((step, index) => {
    const cells = row(step);
    losses.forEach((values, column) => (cells[column + 1] = String(values[index])));
  });
  for (const validation of validations) {
    const cells = row(validation.step);
    scores.forEach(({ of }, column) => (cells[curveNames.length + 1 + column] = String(of(validation) ?? '')));
  }
  for (const { step, text } of annotations) {
    const cells = row(step);
    cells[cells.length - 1] = quoted([unquoted(cells.at(-1)!), text].filter(Boolean).join('; '));
  }
  const lines = [...rows].sort(([a], [b]) => a - b).map(([, cells]) => cells.join(','));
  return [header.join(','), ...lines, ''].join('\r\n');
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
