import type { RainDirection, Shelf } from '../../browser/library/records.ts';
import type { ImportOutcome } from './libraryStore.ts';

export const SHELVES: readonly { readonly shelf: Shelf; readonly title: string }[] = [
  { shelf: 'clean', title: 'Clean' },
  { shelf: 'rainy', title: 'Rainy' },
  { shelf: 'pairs', title: 'Pairs' },
];

/** '1 picture', '3 pairs'. */
export function countOf(count: number, shelf: Shelf | 'mixed'): string {
  const noun = shelf === 'pairs' ? 'pair' : 'picture';
  return `${count.toLocaleString('en')} ${count === 1 ? noun : `${noun}s`}`;
}

/** '0.4 MB', '12 MB', '1.3 GB'. */
export function fileSize(bytes: number): string {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${value < 10 && unit !== 'kB' ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ${unit}`;
}

/** How an import ended, in one sentence or two. */
export function importSummary({ ended, accepted, added, duplicates, refused, left }: ImportOutcome): string {
  const shelves = SHELVES.filter(({ shelf }) => added[shelf] > 0);
  const where = shelves
    .map(({ shelf, title }) =>
      shelves.length === 1 ? `to ${title}` : `${added[shelf].toLocaleString('en')} to ${title}`,
    )
    .join(', ');
  const parts = [
    accepted > 0 || (duplicates === 0 && refused === 0)
      ? `${accepted.toLocaleString('en')} added${shelves.length > 1 ? ` (${where})` : where && ` ${where}`}`
      : null,
    duplicates > 0 ? `${duplicates.toLocaleString('en')} already there` : null,
    refused > 0 ? `${refused.toLocaleString('en')} not added` : null,
    left > 0 ? `${left.toLocaleString('en')} left out` : null,
  ];
  const text = parts.filter(Boolean).join(', ');
  if (ended === 'storageFull') return `Storage is full: ${text}. What was added is kept.`;
  if (ended === 'cancelled') return `Cancelled: ${text}.`;
  return `${text}.`;
}

/** Where a direction's label came from. */
export function directionSource(source: RainDirection['source']): string {
  return { label: 'as labelled', estimated: 'estimated from the rain map', hand: 'turned by hand' }[source];
}
