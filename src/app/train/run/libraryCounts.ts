import { create } from 'zustand';
import { hashesOf } from '../../../browser/library/records.ts';
import { listRecords } from '../../../browser/library/catalogue.ts';
import { watchChanges } from '../../../browser/library/changes.ts';
import type { ImageHashes } from '../../../core/training/experiment.ts';

export interface LibraryCounts {
  readonly clean: number;
  readonly rainy: number;
  readonly pairs: number;
}

/** How many images the library holds (undefined until they were counted), and what they are called. */
export const useLibraryCounts = create<{
  readonly counts: LibraryCounts | undefined;
  /** Names of the images by id. */
  readonly names: ReadonlyMap<string, string>;
  /** What names them elsewhere. */
  readonly images: ImageHashes;
}>()(() => ({ counts: undefined, names: new Map(), images: { clean: [], rainy: [], pairs: [] } }));

/** Counts the images now. Rejects, with a message for the person, where the browser stores nothing. */
export async function countLibrary(): Promise<LibraryCounts> {
  const counts = { clean: 0, rainy: 0, pairs: 0 };
  const records = await listRecords().catch((error: unknown) => {
    throw new Error(
      'This browser stores nothing here, and training needs images that are stored. Allow the data of this site, or leave the private window, and reload.',
      { cause: error },
    );
  });
  for (const { collection, deletedAt } of records) if (deletedAt === null) counts[collection]++;
  const names = new Map(records.map(({ id, name }) => [id, name]));
  useLibraryCounts.setState({ counts, names, images: hashesOf(records) });
  return counts;
}

/** An import changes the library many times a second. */
const settleMs = 400;

/** Keeps the counts up to date until the returned function is called. A storage error counts as an empty library. */
export function subscribeToLibraryCounts(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const count = (): void => {
    countLibrary().catch(() => useLibraryCounts.setState({ counts: { clean: 0, rainy: 0, pairs: 0 } }));
  };
  count();
  const end = watchChanges(() => {
    clearTimeout(timer);
    timer = setTimeout(count, settleMs);
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}

/** What is missing before training can start, in words; null when nothing is. */
export function missingImages(counts: LibraryCounts): string | null {
  if (counts.clean + counts.pairs > 0) return null;
  return counts.rainy > 0
    ? 'Training needs clean images too: synthetic rain is added to them, so that the true rain is known.'
    : 'Training needs images: clean ones, and rainy ones with the kind of rain you want to remove.';
}
