/** A figure and its unit stand on one line wherever the page writes them: `withUnit` and what is built on it join the two. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const APP = join(import.meta.dirname, '..');
/** A figure, or what is put in its place, and a unit behind a plain space. */
const PARTED = /[\d}] (?:%|px|dB|ms|s|min|h|kB|MB|GB|MP|steps\/s)(?![\w/=])/;
const COMMENT = /\/\*[^]*?\*\/|(?<![:'"`])\/\/.*/g;

const sources = readdirSync(APP, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
  .map((path) => ({ path, code: readFileSync(join(APP, path), 'utf8').replaceAll(COMMENT, '') }));

it('no figure is parted from its unit by a plain space', () => {
  const parted = sources.flatMap(({ path, code }) =>
    code.split('\n').flatMap((line) => (PARTED.test(line) ? [`${path}: ${line.trim()}`] : [])),
  );
  expect(parted.map((line) => `${line}: use withUnit of ui/format.ts`)).toEqual([]);
});
