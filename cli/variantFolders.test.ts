import { expect, it } from 'vitest';
import { readyExperiments } from '../src/core/training/readyExperiments.ts';
import { variantFolders } from './variantFolders.ts';

const none = (): boolean => false;
const foldersOf = (...variants: string[]): string[] => [...variantFolders(variants, none).values()];

it('spells what a shell does not take', () => {
  expect(foldersOf('λ 0', 'λ 0.4', 'φ 10', 'l = 7', 'without (5)', '30° off', '−2')).toEqual([
    'lambda-0',
    'lambda-0.4',
    'phi-10',
    'l-7',
    'without-5',
    '30deg-off',
    '2',
  ]);
  expect(foldersOf('..', '../x', '雨')).toEqual(['variant', 'x', 'variant-2']);
});

it('leaves settings as they are written', () => {
  expect(foldersOf('lambda=0', 'lambda=1.2+kernel=7')).toEqual(['lambda=0', 'lambda=1.2+kernel=7']);
});

it('gives every variant a folder of its own', () => {
  expect(foldersOf('with (5)', 'with 5', 'with-5')).toEqual(['with-5', 'with-5-2', 'with-5-3']);
});

it('goes on with a folder of an earlier version', () => {
  expect([...variantFolders(['λ 0', 'λ 2'], (folder) => folder === '__0').values()]).toEqual(['__0', 'lambda-2']);
});

it('is plain for every ready-made experiment', () => {
  for (const { variants } of readyExperiments)
    for (const folder of foldersOf(...variants.map(({ name }) => name))) expect(folder).toMatch(/^[a-z0-9.-]+$/);
});
