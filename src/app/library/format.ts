import type { RainDirection, Collection } from '../../protocol/libraryRecord.ts';
import type { ViewSettings } from '../routing/route.ts';
import { countOf, formatCount } from '../ui/format.ts';
import type { ImportOutcome } from './libraryStore.ts';

export const COLLECTIONS: readonly { readonly collection: Collection; readonly title: string }[] = [
  { collection: 'clean', title: 'Clean' },
  { collection: 'rainy', title: 'Rainy' },
  { collection: 'pairs', title: 'Pairs' },
];

/** The collection that the settings of a link name (`shelf` in earlier links); Clean where they name none. */
export function collectionInAddress(settings: ViewSettings): Collection {
  const name = settings['collection'] ?? settings['shelf'];
  return COLLECTIONS.find(({ collection }) => collection === name)?.collection ?? 'clean';
}

/** What a link says of a collection; the earlier name is taken out. */
export function linkOfCollection(collection: Collection): Record<string, string | null> {
  return { collection, shelf: null };
}

/** '1 image', '3 pairs'. */
export function countRecords(count: number, collection: Collection | 'mixed'): string {
  return countOf(count, collection === 'pairs' ? 'pair' : 'image');
}

/** How an import ended, in one sentence or two. */
export function importSummary({ ended, accepted, added, duplicates, refused, left }: ImportOutcome): string {
  const collections = COLLECTIONS.filter(({ collection }) => added[collection] > 0);
  const where = collections
    .map(({ collection, title }) =>
      collections.length === 1 ? `to ${title}` : `${formatCount(added[collection])} to ${title}`,
    )
    .join(', ');
  const parts = [
    accepted > 0 || (duplicates === 0 && refused === 0)
      ? `${formatCount(accepted)} added${collections.length > 1 ? ` (${where})` : where && ` ${where}`}`
      : null,
    duplicates > 0 ? `${formatCount(duplicates)} already there` : null,
    refused > 0 ? `${formatCount(refused)} not added` : null,
    left > 0 ? `${formatCount(left)} left out` : null,
  ];
  const text = parts.filter(Boolean).join(', ');
  if (ended === 'storageFull') return `Storage is full: ${text}. What was added is kept.`;
  if (ended === 'storageBlocked')
    return `This browser stores nothing here: ${text}. In a private window, try a normal one.`;
  if (ended === 'cancelled') return `Cancelled: ${text}.`;
  return `${text}.`;
}

/** Where a direction's label came from. */
export function directionSource(source: RainDirection['source']): string {
  return { label: 'as labelled', estimated: 'estimated from the rain map', hand: 'set by hand' }[source];
}
