import type { ImageSource, PairEntry } from './imageSource.ts';

/** The images of a source, divided into a training set and a validation set. */
export interface DatasetSplit {
  readonly train: {
    readonly clean: readonly string[];
    readonly rainy: readonly string[];
    readonly pairs: readonly PairEntry[];
  };
  readonly heldOut: { readonly clean: readonly string[]; readonly pairs: readonly PairEntry[] };
}

/**
 * Holds out the last `count` pairs, or those named by `ids`. Without clean photos at most a third of the pairs, so that
 * enough remain to learn from; without pairs the last clean photos (again at most a third), on which rain will be drawn.
 */
export function splitDataset(source: ImageSource, count: number, ids?: readonly string[]): DatasetSplit {
  const { clean, rainy, pairs } = source;
  if (ids) {
    const named = new Set(ids);
    return excludeHeldOutScenes({
      train: { clean, rainy, pairs: pairs.filter(({ id }) => !named.has(id)) },
      heldOut: { clean: [], pairs: pairs.filter(({ id }) => named.has(id)) },
    });
  }
  const fromPairs = Math.min(count, clean.length > 0 ? pairs.length : Math.floor(pairs.length / 3));
  const fromClean = fromPairs > 0 ? 0 : Math.min(count, Math.floor(clean.length / 3));
  return excludeHeldOutScenes({
    train: { clean: clean.slice(0, clean.length - fromClean), rainy, pairs: pairs.slice(0, pairs.length - fromPairs) },
    heldOut: { clean: clean.slice(clean.length - fromClean), pairs: pairs.slice(pairs.length - fromPairs) },
  });
}

/**
 * The scenes of held-out pairs are not learned from either, as clean photos or in other rain: a network that knows the image would
 * score too well. Where that would leave less than half of what there is to learn from, only the pairs themselves stay out.
 */
function excludeHeldOutScenes(split: DatasetSplit): DatasetSplit {
  const { train, heldOut } = split;
  const scenes = new Set(heldOut.pairs.map(({ cleanId }) => cleanId).filter((id) => id !== undefined));
  const clean = train.clean.filter((id) => !scenes.has(id));
  const pairs = train.pairs.filter(({ cleanId }) => cleanId === undefined || !scenes.has(cleanId));
  const kept = clean.length + pairs.length;
  return 2 * kept < train.clean.length + train.pairs.length ? split : { heldOut, train: { ...train, clean, pairs } };
}
