import { describe, expect, it } from 'vitest';
import type { EvaluationRow } from '../../../protocol/derainer.ts';
import { cellKey, emptyComparison, waitingCell } from '../run/state.ts';
import type { CompareState, ComparedImage } from '../run/state.ts';
import type { ComparedModel } from '../session/useCompared.ts';
import { bestValue, cellText, comparisonTable, sortedRows, tableFile } from './comparisonTable.ts';

const image = (id: string, width: number): ComparedImage => ({
  id,
  name: `${id}.png`,
  file: new Blob(),
  truth: null,
  size: { width, height: 1000 },
  thumbnail: null,
});
const metric = (name: string, label: string, value: number | null, change: Partial<EvaluationRow> = {}) => ({
  name,
  label,
  unit: 'dB' as const,
  digits: 2,
  higherIsBetter: true,
  of: 'image' as const,
  channels: 'y' as const,
  value,
  ...change,
});
const figures = (psnr: number | null, niqe: number | null): EvaluationRow[] => [
  metric('psnrY', 'PSNR-Y', psnr),
  metric('psnrRgb', 'PSNR-RGB', psnr, { channels: 'rgb' }),
  metric('mapPsnrY', 'map PSNR-Y', psnr && psnr - 5, { of: 'rainMap' }),
  metric('niqe', 'NIQE', niqe, { unit: '', digits: 3, higherIsBetter: false, channels: null }),
  metric('lpips', 'LPIPS', null, { unit: '', channels: null }),
];
const swift: ComparedModel = { id: 'swift', title: 'Swift', role: 'student', parameters: 58_611, multiplyAdds: 58_000 };
const odd: ComparedModel = { id: 'odd', title: 'A | "B", 50 %', role: 'student', parameters: 9, multiplyAdds: null };

const state: CompareState = {
  ...emptyComparison,
  images: [image('a', 1000), image('b', 2000)],
  inputs: { a: { rows: figures(20, 5), error: null } },
  cells: {
    [cellKey('a', 'swift')]: { ...waitingCell, status: 'done', ms: 1000, rows: figures(30, 4) },
    [cellKey('b', 'swift')]: { ...waitingCell, status: 'done', ms: 4000, rows: figures(Infinity, null) },
    [cellKey('a', 'odd')]: { ...waitingCell, status: 'done', ms: 500, rows: figures(28, 3) },
  },
};
const table = comparisonTable(state, [swift, odd], 'y');
/** As if both derainers had done both images. */
const even = { ...table, rows: table.rows.map((row) => ({ ...row, images: 2 })) };
const column = (id: string) => table.columns.find((one) => one.id === id)!;

describe('the table of a comparison', () => {
  it('holds means over the images that have a figure, and says how many there are', () => {
    const [input, first, second] = table.rows;
    expect(input).toMatchObject({ model: null, images: 1, values: { psnrY: 20 } });
    expect(first).toMatchObject({ name: 'Swift', images: 2 });
    expect(first!.values).toMatchObject({
      psnrY: (30 + 99) / 2, // Equal images count as 99 dB.
      niqe: 4,
      seconds: 2.5,
      secondsPerMegapixel: 1.5,
      parameters: 58_611,
    });
    expect(second).toMatchObject({ images: 1, values: { psnrY: 28, multiplyAdds: null } });
  });

  it('has the columns of the chosen channels, rain maps after images, and none without a figure', () => {
    const ids = ['psnrY', 'niqe', 'mapPsnrY', 'seconds', 'secondsPerMegapixel', 'parameters', 'multiplyAdds'];
    expect(table.columns.map(({ id }) => id)).toEqual(ids);
    expect(column('mapPsnrY').label).toBe('Rain map PSNR-Y');
    expect(comparisonTable(state, [swift], 'rgb').columns[0]!.id).toBe('psnrRgb');
    expect(comparisonTable(emptyComparison, [], 'y')).toEqual({ columns: [], rows: [], each: [] });
  });

  it('is sorted by any column, what has no figure last either way', () => {
    const names = (id: string, descending: boolean): string[] =>
      sortedRows(table.rows, { column: id, descending }).map(({ name }) => name);
    expect(names('psnrY', true)).toEqual(['Swift', odd.title, 'Rainy input']);
    expect(names('seconds', false)).toEqual([odd.title, 'Swift', 'Rainy input']);
    expect(names('multiplyAdds', true)).toEqual(['Swift', 'Rainy input', odd.title]);
    expect(names('multiplyAdds', false)[0]).toBe('Swift');
    expect(names('name', false)).toEqual([odd.title, 'Rainy input', 'Swift']);
    expect(sortedRows(table.rows, null)).toBe(table.rows);
  });

  it('knows the best derainer of a column, where there are two', () => {
    expect(bestValue(even.rows, column('niqe'))).toBe(3);
    expect(bestValue(even.rows, column('psnrY'))).toBe(64.5);
    expect(bestValue(table.rows, column('psnrY')), 'of two images and of one').toBeNull();
    expect(bestValue(table.rows, column('parameters')), 'whatever the images').toBe(9);
    expect(bestValue(table.rows, column('multiplyAdds'))).toBeNull();
    expect(cellText(58_611, column('parameters'))).toBe('58,611');
    expect(cellText(58_000, column('multiplyAdds'))).toBe('58\u00a0k');
  });

  it('is CSV with every image', () => {
    const lines = tableFile(table, 'csv').trim().split('\n');
    expect(lines[0]).toBe('derainer,image,psnrY,niqe,mapPsnrY,seconds,secondsPerMegapixel,parameters,multiplyAdds');
    expect(lines).toHaveLength(1 + 6 + 3);
    expect(lines[2]).toBe('Swift,a.png,30.0000,4.00000,25.0000,1.0000,1.0000,58611,58000');
    expect(lines.at(-1)).toBe('"A | ""B"", 50 %",mean of 1,28.0000,3.00000,23.0000,0.5000,0.5000,9,');
  });

  it('is Markdown and LaTeX with the best figures in bold and no name that breaks them', () => {
    const markdown = tableFile(even, 'markdown').trim().split('\n');
    expect(markdown[0]).toMatch(/^\| Derainer \| Images \| PSNR-Y \(dB\) \| NIQE \|/);
    expect(markdown[3]).toMatch(/^\| Swift \| 2 \| \*\*64\.50\*\* \| 4\.000 \|/);
    expect(markdown[4]).toContain('| A \\| "B", 50 % | 2 | 28.00 | **3.000** |');
    const latex = tableFile(even, 'latex');
    expect(latex).toContain('Swift & 2 & \\textbf{64.50} & 4.000 &');
    expect(latex).toContain('50 \\% & 2 & 28.00 &');
    expect(latex).toContain('Rainy input & 2 & 20.00 & 5.000 & 15.00 & -- &');
  });
});
