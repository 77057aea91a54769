/** Tables as text that other programs read: cells are text already, the first column to the left, figures to the right. */

export type TableFormat = 'csv' | 'markdown' | 'latex';

type Lines = readonly (readonly string[])[];

/** Comma-separated values, quoted where needed. */
export function csvTable(head: readonly string[], lines: Lines): string {
  const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [head, ...lines].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

export function markdownTable(head: readonly string[], lines: Lines): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return row(head) + row(head.map((_, i) => (i === 0 ? '---' : '--:'))) + lines.map(row).join('');
}

/** A `tabular`. First column and head are plain text, other cells LaTeX. */
export function latexTable(head: readonly string[], lines: Lines): string {
  const end = ' \\\\\n';
  const row = ([first = '', ...rest]: readonly string[]): string => [latexText(first), ...rest].join(' & ') + end;
  return (
    `\\begin{tabular}{l${'r'.repeat(head.length - 1)}}\n\\hline\n${head.map(latexText).join(' & ')}${end}\\hline\n` +
    `${lines.map(row).join('')}\\hline\n\\end{tabular}\n`
  );
}

const signs: Readonly<Record<string, string>> = {
  λ: '$\\lambda$',
  φ: '$\\varphi$',
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '×': '$\\times$',
  '–': '--',
};

function latexText(text: string): string {
  return text.replaceAll(/[&%$#_{}]|[λφ\\~^×–]/g, (sign) => signs[sign] ?? `\\${sign}`);
}
