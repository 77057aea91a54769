import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planImport } from './layout.ts';
import { openZip } from './zip.ts';

const FILES = join(import.meta.dirname, '..', '..', 'fixtures', 'photos');

/** What an archive would become: pairs as 'rainy + clean', single photos by their paths, and what is left over. */
async function planOf(name: string, collection: 'pairs' | 'rainy') {
  const files = await openZip(new Blob([readFileSync(join(FILES, name))]), name);
  const paths = files.map(({ path }) => path);
  const { items, withoutPartner } = planImport(paths, collection);
  const pairs = items.flatMap((item) => (item.kind === 'pair' ? [`${paths[item.rainy]} + ${paths[item.clean]}`] : []));
  const photos = items.flatMap((item) => (item.kind === 'photo' ? [paths[item.file]] : []));
  return { pairs, photos, withoutPartner };
}

it('a zip whose names begin with "./" gives its pairs', async () => {
  const { pairs, withoutPartner } = await planOf('dot-slash.zip', 'pairs');
  expect(pairs).toHaveLength(2);
  for (const [i, pair] of pairs.entries())
    expect(pair).toMatch(new RegExp(`rainy/${i + 1}\\.png .*clean/${i + 1}\\.png$`));
  expect(withoutPartner).toEqual([]);
});

it('a zip with names of an unmarked code page pairs each rainy image with its own clean one', async () => {
  const { pairs } = await planOf('cp932.zip', 'pairs');
  expect(pairs).toHaveLength(2);
  for (const pair of pairs) {
    const [, rainy, clean] = /rainy\/(.*)\.png \+ .*clean\/(.*)\.png$/.exec(pair)!;
    expect(rainy).toBe(clean);
  }
});

it('a zip of a Mac or of network storage gives photos only', async () => {
  const { photos } = await planOf('mac.zip', 'rainy');
  expect(photos).toEqual(['mac.zip/photos/one.png']);
});

it('pairs told by their names are found, in the order of their numbers', async () => {
  const { pairs } = await planOf('rain100-style.zip', 'pairs');
  expect(pairs.map((pair) => /rain-(\d+)\.png \+ .*norain-(\d+)/.exec(pair)!.slice(1))).toEqual([
    ['001', '001'],
    ['002', '002'],
    ['010', '010'],
  ]);
});
