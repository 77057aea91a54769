import { describe, expect, it } from 'vitest';
import { splitDataset } from './split.ts';
import type { ImageSource } from './imageSource.ts';

function sourceOf(clean: number, pairs: number): ImageSource {
  const refuse = async (): Promise<never> => Promise.reject(new Error('not read here'));
  return {
    clean: Array.from({ length: clean }, (_, i) => `c${i}`),
    rainy: ['r0'],
    pairs: Array.from({ length: pairs }, (_, i) => ({ id: `p${i}`, direction: null })),
    readClean: refuse,
    readRainy: refuse,
    readPair: refuse,
  };
}

const counts = (source: ImageSource, count: number) => {
  const { train, heldOut } = splitDataset(source, count);
  return {
    clean: train.clean.length,
    pairs: train.pairs.length,
    heldClean: heldOut.clean.length,
    heldPairs: heldOut.pairs.length,
  };
};

describe('holding out', () => {
  it('takes the last pairs', () => {
    const { heldOut, train } = splitDataset(sourceOf(10, 8), 2);
    expect(heldOut.pairs.map(({ id }) => id)).toEqual(['p6', 'p7']);
    expect(train.pairs).toHaveLength(6);
    expect(heldOut.clean).toEqual([]);
  });

  it('may take all pairs where clean photos remain to learn from, but a third where they do not', () => {
    expect(counts(sourceOf(5, 3), 20)).toEqual({ clean: 5, pairs: 0, heldClean: 0, heldPairs: 3 });
    expect(counts(sourceOf(0, 9), 20)).toEqual({ clean: 0, pairs: 6, heldClean: 0, heldPairs: 3 });
  });

  it('takes clean photos without pairs, at most a third', () => {
    expect(counts(sourceOf(7, 0), 4)).toEqual({ clean: 5, pairs: 0, heldClean: 2, heldPairs: 0 });
  });

  it('does not learn from the scenes of held-out pairs, unless little else would be left', () => {
    const scenes = (of: readonly string[]): ImageSource => ({
      ...sourceOf(6, 0),
      pairs: of.map((cleanId, i) => ({ id: `p${i}`, direction: 3, cleanId })),
    });
    const { train, heldOut } = splitDataset(scenes(['c0', 'c5', 'c1', 'c5']), 1);
    expect(heldOut.pairs.map(({ id }) => id)).toEqual(['p3']);
    expect(train.clean).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
    expect(train.pairs.map(({ id }) => id)).toEqual(['p0', 'p2']);
    expect(splitDataset({ ...scenes(['c0', 'c0', 'c0', 'c0']), clean: ['c0'] }, 1).train.pairs).toHaveLength(3);
  });

  it('takes exactly the pairs that are named', () => {
    const { train, heldOut } = splitDataset(sourceOf(2, 4), 1, ['p0', 'p2']);
    expect(heldOut.pairs.map(({ id }) => id)).toEqual(['p0', 'p2']);
    expect(train.pairs.map(({ id }) => id)).toEqual(['p1', 'p3']);
    expect(train.clean).toHaveLength(2);
  });
});
