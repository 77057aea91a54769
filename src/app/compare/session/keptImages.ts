import { openComparisonStorage } from '../../../browser/storage/comparisonDatabase.ts';
import { notify } from '../../ui/notices.ts';
import type { ComparedImage } from '../run/state.ts';

/** What is compared on, wherever that is known. */
interface Comparison {
  images(): readonly ComparedImage[];
  /** Calls the listener whenever the images change. */
  subscribe(listener: (images: readonly ComparedImage[], before: readonly ComparedImage[]) => void): void;
  restore(images: readonly ComparedImage[]): unknown;
}

/** Gives this tab the images back that it had before a reload, and stores every change from then on. */
export async function keepImages({ images, subscribe, restore }: Comparison): Promise<void> {
  const storage = openComparisonStorage();
  const stored = await storage.list().catch(() => []);
  const came = images();
  restore(stored.filter(({ id }) => came.every((image) => image.id !== id)));
  let told = false;
  const save = async (image: ComparedImage): Promise<void> => {
    if ((await storage.save(image)) || told) return;
    told = true; // Once: it is the same with all that follow.
    notify({ text: `“${image.name}” will not be here after a reload: the browser did not store it.`, tone: 'warn' });
  };
  for (const image of came) void save(image);
  subscribe((now, before) => {
    for (const image of now) if (!before.includes(image)) void save(image);
    const gone = before.filter(({ id }) => now.every((image) => image.id !== id));
    if (gone.length > 0) void storage.remove(gone.map(({ id }) => id));
  });
}
