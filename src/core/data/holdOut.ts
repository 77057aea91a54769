import type { ImageSource, PairEntry } from './imageSource.ts';

/** The pictures of a source, divided into those to learn from and those that are only judged on. */
export interface Division {
  readonly train: { readonly clean: readonly string[]; readonly rainy: readonly string[]; readonly pairs: readonly PairEntry[] };
  readonly heldOut: { readonly clean: readonly string[]; readonly pairs: readonly PairEntry[] };
}

/**
 * Holds out the last `count` pairs, or those named by `ids`. Without clean photos at most a third of the pairs, so that
 * enough remain to learn from; without pairs the last clean photos (again at most a third), on which rain will be drawn.
 */
export function holdOut(source: ImageSource, count: number, ids?: readonly string[]): Division {
  const { clean, rainy, pairs } = source;
  if (ids) {
    const named = new Set(ids);
    return {
      train: { clean, rainy, pairs: pairs.filter(({ id }) => !named.has(id)) },
      heldOut: { clean: [], pairs: pairs.filter(({ id }) => named.has(id)) },
    };
  }
  const fromPairs = Math.min(count, clean.length > 0 ? pairs.length : Math.floor(pairs.length / 3));
  const fromClean = fromPairs > 0 ? 0 : Math.min(count, Math.floor(clean.length / 3));
  return {
    train: { clean: clean.slice(0, clean.length - fromClean), rainy, pairs: pairs.slice(0, pairs.length - fromPairs) },
    heldOut: { clean: clean.slice(clean.length - fromClean), pairs: pairs.slice(pairs.length - fromPairs) },
  };
}
