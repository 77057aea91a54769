import { describe, expect, it } from 'vitest';
import { csvTable, latexTable, markdownTable } from './tableText.ts';

const head = ['Derainer', 'PSNR (dB)'];
const lines = [
  ['a "fine", one', '31.00'],
  ['50 % | x_1', '–'],
];

describe('a table as text', () => {
  it('quotes what CSV would split', () => {
    expect(csvTable(head, lines)).toBe('Derainer,PSNR (dB)\n"a ""fine"", one",31.00\n50 % | x_1,–\n');
  });

  it('keeps a bar within its cell in Markdown', () => {
    expect(markdownTable(head, lines)).toBe(
      '| Derainer | PSNR (dB) |\n| --- | --: |\n| a "fine", one | 31.00 |\n| 50 % \\| x_1 | – |\n',
    );
  });

  it('lets no name be read as a command of LaTeX', () => {
    const text = latexTable(head, [['\\input{x} ~^λ', '1']]);
    expect(text).toContain('\\begin{tabular}{lr}\n\\hline\nDerainer & PSNR (dB) \\\\\n\\hline\n');
    expect(text).toContain('\\textbackslash{}input\\{x\\} \\textasciitilde{}\\textasciicircum{}$\\lambda$ & 1 \\\\\n');
  });
});
