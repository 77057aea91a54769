import { expect, it } from 'vitest';
import { formatBytes } from './bytes.ts';

it('keeps three figures at most and never shows a thousand', () => {
  const cases: [bytes: number, text: string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [12_345_678, '12.3 MB'],
    [99_960_000, '100 MB'],
    [999_600_000, '1 GB'],
    [2 ** 40, '1.1 TB'],
    [5e15, '5000 TB'],
  ];
  for (const [bytes, text] of cases) expect(formatBytes(bytes)).toBe(text);
});
