import { finiteScore } from '../../../core/metrics/meanScore.ts';
import { csvTable, latexTable, markdownTable } from '../../../core/metrics/tableText.ts';
import type { TableFormat } from '../../../core/metrics/tableText.ts';
import type { EvaluationRow } from '../../../protocol/derainer.ts';
import { formatCount, formatMetric } from '../../ui/format.ts';
import { cellOf } from '../run/state.ts';
import type { CompareState } from '../run/state.ts';
import type { ChannelChoice } from '../session/settings.ts';
import type { ComparedModel } from '../session/useCompared.ts';
import { longLabel, rowsOn, thousands } from './figures.ts';

/** A column of figures. */
export interface Column {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly digits: number;
  /** Null where neither is better as such. */
  readonly better: 'higher' | 'lower' | null;
}

/** What one derainer, or the rainy input itself, comes to. */
export interface TableRow {
  /** Null: the rainy images themselves. */
  readonly model: string | null;
  readonly name: string;
  /** Images that the means were taken over. */
  readonly images: number;
  /** By column; means over the images that have the figure, null where none has. */
  readonly values: Readonly<Record<string, number | null>>;
}

export interface ComparisonTable {
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  /** Of one image each, in the order of the images. */
  readonly each: readonly (TableRow & { readonly image: string })[];
}

const costs: readonly Column[] = [
  { id: 'seconds', label: 'Seconds', unit: 's', digits: 2, better: 'lower' },
  { id: 'secondsPerMegapixel', label: 'Seconds per megapixel', unit: 's/MP', digits: 2, better: 'lower' },
  { id: 'parameters', label: 'Parameters', unit: '', digits: 0, better: 'lower' },
  { id: 'multiplyAdds', label: 'Multiply-adds per pixel', unit: '', digits: 0, better: 'lower' },
];

type Compared = Pick<CompareState, 'images' | 'cells' | 'inputs'>;

/** Every figure of every derainer over all images. Columns without any figure are left out. */
export function comparisonTable(
  state: Compared,
  models: readonly ComparedModel[],
  channels: ChannelChoice,
): ComparisonTable {
  const each = state.images.flatMap((image) => {
    const { id, name, size } = image;
    const input = state.inputs[id]?.rows ?? [];
    const rainy = {
      model: null,
      name: 'Rainy input',
      images: input.length > 0 ? 1 : 0,
      image: name,
      values: valuesOf(input),
    };
    const derained = models.map((model) => {
      const { rows, ms } = cellOf(state, id, model.id);
      const seconds = ms === null ? null : ms / 1000;
      const values: TableRow['values'] = {
        ...valuesOf(rows),
        seconds,
        secondsPerMegapixel: seconds === null ? null : (seconds * 1e6) / (size.width * size.height),
        parameters: model.parameters,
        multiplyAdds: model.multiplyAdds,
      };
      return { model: model.id, name: model.title, images: rows === null ? 0 : 1, image: name, values };
    });
    return [rainy, ...derained];
  });
  const rows = [null, ...models.map(({ id }) => id)].flatMap((model) => {
    const own = each.filter((row) => row.model === model);
    const names = new Set(own.flatMap(({ values }) => Object.keys(values)));
    const mean = (name: string): number | null => meanOf(own.map(({ values }) => values[name] ?? null));
    const values = Object.fromEntries([...names].map((name) => [name, mean(name)]));
    const images = own.filter((row) => row.images > 0).length;
    return own[0] ? [{ model, name: own[0].name, images, values }] : [];
  });
  const all = [...metricColumns(state, channels), ...costs];
  const columns = all.filter(({ id }) => rows.some(({ values }) => (values[id] ?? null) !== null));
  return { columns, rows, each };
}

/** Equal images have a PSNR of 99 dB here, so that means can be taken. */
function valuesOf(rows: readonly EvaluationRow[] | null): Record<string, number | null> {
  return Object.fromEntries(
    (rows ?? []).map(({ name, value }) => [
      name,
      value === null || Number.isFinite(value) ? value : finiteScore(value),
    ]),
  );
}

/** The mean of what there is. */
function meanOf(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  return present.length > 0 ? present.reduce((sum, value) => sum + value, 0) / present.length : null;
}

/** The metrics that were taken, of the image and then of the rain map. */
function metricColumns({ cells, inputs }: Compared, channels: ChannelChoice): Column[] {
  const taken = new Map<string, EvaluationRow>();
  for (const { rows } of [...Object.values(inputs), ...Object.values(cells)])
    for (const row of rowsOn(rows ?? [], channels)) taken.set(row.name, row);
  const rows = [...taken.values()];
  return [...rows.filter(({ of }) => of === 'image'), ...rows.filter(({ of }) => of === 'rainMap')].map((row) => ({
    id: row.name,
    label: longLabel(row),
    unit: row.unit,
    digits: row.digits,
    better: row.higherIsBetter ? 'higher' : 'lower',
  }));
}

/** What a table is sorted by; null leaves the order of the grid. */
export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** The rows in order of a column, those without a figure last; equal ones stay as they were. */
export function sortedRows(rows: readonly TableRow[], sorting: Sorting | null): readonly TableRow[] {
  if (!sorting) return rows;
  const { column, descending } = sorting;
  const sign = descending ? -1 : 1;
  if (column === 'name') return rows.toSorted((a, b) => sign * a.name.localeCompare(b.name, 'en'));
  return rows.toSorted((a, b) => {
    const [x, y] = [a.values[column] ?? null, b.values[column] ?? null];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}

/** What a network is, whatever images it was run on. */
const OF_THE_NETWORK: ReadonlySet<string> = new Set(['parameters', 'multiplyAdds']);

/**
 * The best figure of a column among the derainers; null where there is only one, or none is better, or the means are over different
 * numbers of images, as while some are still computed.
 */
export function bestValue(rows: readonly TableRow[], { id, better }: Column): number | null {
  const known = rows.filter(({ model, values }) => model !== null && (values[id] ?? null) !== null);
  const isEven = OF_THE_NETWORK.has(id) || new Set(known.map(({ images }) => images)).size === 1;
  if (better === null || known.length < 2 || !isEven) return null;
  const values = known.map(({ values: all }) => all[id]!);
  return better === 'higher' ? Math.max(...values) : Math.min(...values);
}

/** A figure of a column as people read it. */
export function cellText(value: number | null, { id, digits }: Column): string {
  if (value === null) return '–';
  if (id === 'parameters') return formatCount(value);
  return id === 'multiplyAdds' ? thousands(value) : formatMetric(value, digits, '');
}

/** A column's heading with its unit. */
export function heading({ label, unit }: Column): string {
  return unit ? `${label} (${unit})` : label;
}

/** The table as a file for another program. CSV holds every image too, with more digits; LaTeX sets the best figures in bold. */
export function tableFile({ columns, rows, each }: ComparisonTable, format: TableFormat): string {
  if (format === 'csv') {
    const line = (name: string, image: string, values: TableRow['values']): string[] => [
      name,
      image,
      ...columns.map(({ id, digits }) => values[id]?.toFixed(digits === 0 ? 0 : digits + 2) ?? ''),
    ];
    return csvTable(
      ['derainer', 'image', ...columns.map(({ id }) => id)],
      [
        ...each.map(({ name, image, values }) => line(name, image, values)),
        ...rows.map(({ name, images, values }) => line(name, `mean of ${images}`, values)),
      ],
    );
  }
  const isLatex = format === 'latex';
  const bold = (text: string): string => (isLatex ? `\\textbf{${text}}` : `**${text}**`);
  const lines = rows.map(({ model, name, images, values }) => [
    name,
    String(images),
    ...columns.map((column) => {
      const value = values[column.id] ?? null;
      const text = cellText(value, column).replace('–', isLatex ? '--' : '–');
      return model !== null && value !== null && value === bestValue(rows, column) ? bold(text) : text;
    }),
  ]);
  const head = ['Derainer', 'Images', ...columns.map(heading)];
  return isLatex ? latexTable(head, lines) : markdownTable(head, lines);
}
