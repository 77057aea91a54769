import type { RainDirection, Shelf } from '../../browser/library/records.ts';
import { countOf, formatCount } from '../ui/format.ts';
import type { ImportOutcome } from './libraryStore.ts';

export const COLLECTIONS: readonly { readonly shelf: Shelf; readonly title: string }[] = [
  { shelf: 'clean', title: 'Clean' },
  { shelf: 'rainy', title: 'Rainy' },
  { shelf: 'pairs', title: 'Pairs' },
];

/** The collection that the address names; Clean where it names none. */
export function collectionInAddress(name: string | undefined): Shelf {
  return COLLECTIONS.find(({ shelf }) => shelf === name)?.shelf ?? 'clean';
}

/** '1 image', '3 pairs'. */
export function countRecords(count: number, shelf: Shelf | 'mixed'): string {
  return countOf(count, shelf === 'pairs' ? 'pair' : 'image');
}

/** How an import ended, in one sentence or two. */
export function importSummary({ ended, accepted, added, duplicates, refused, left }: ImportOutcome): string {
  const shelves = COLLECTIONS.filter(({ shelf }) => added[shelf] > 0);
  const where = shelves
    .map(({ shelf, title }) => (shelves.length === 1 ? `to ${title}` : `${formatCount(added[shelf])} to ${title}`))
    .join(', ');
  const parts = [
    accepted > 0 || (duplicates === 0 && refused === 0)
      ? `${formatCount(accepted)} added${shelves.length > 1 ? ` (${where})` : where && ` ${where}`}`
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
