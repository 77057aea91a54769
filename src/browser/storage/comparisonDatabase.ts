/** The images of the Compare view between visits of one tab. Valid in a tab only. */
import { createStore, delMany, entries, set } from 'idb-keyval';
import { areNumbers, areTexts, fieldsOf } from './storedFields.ts';

/** An image that derainers are compared on, as it is stored. */
export interface StoredComparedImage {
  readonly id: string;
  readonly name: string;
  readonly file: Blob;
  readonly truth: Blob | null;
  readonly size: { readonly width: number; readonly height: number };
  readonly thumbnail: Blob | null;
}

/** An entry: whose it is, and when it came, milliseconds since 1970. */
type Entry = StoredComparedImage & { readonly tab: string; readonly at: number };

/** Where entries lie, by key. */
export interface EntryStore {
  entries(): Promise<[string, Entry][]>;
  set(key: string, entry: Entry): Promise<void>;
  delMany(keys: string[]): Promise<void>;
}

/** Choice: all tabs together keep no more, bytes. */
export const MOST_BYTES = 400e6;

/** The images of one tab. */
export class ComparisonStorage {
  private readonly times = new Map<string, number>();
  private tail: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: EntryStore,
    private readonly tab: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** In the order in which they came. */
  async list(): Promise<StoredComparedImage[]> {
    const own = (await this.whole()).map(([, entry]) => entry).filter(({ tab }) => tab === this.tab);
    own.sort((a, b) => a.at - b.at);
    for (const { id, at } of own) this.times.set(id, at);
    return own.map(({ id, name, file, truth, size, thumbnail }) => ({ id, name, file, truth, size, thumbnail }));
  }

  /**
   * Stores an image, or what is known of it anew. What other tabs left goes first where there is no room. False when there is none,
   * or the browser keeps nothing.
   */
  save(image: StoredComparedImage): Promise<boolean> {
    const latest = Math.max(0, ...this.times.values());
    const at = this.times.get(image.id) ?? Math.max(latest + 1, this.now());
    this.times.set(image.id, at);
    return this.inTurn(async () => {
      const others = (await this.whole()).filter(([key]) => key !== this.keyOf(image.id));
      const left = others.filter(([, { tab }]) => tab !== this.tab).sort(([, a], [, b]) => a.at - b.at);
      let total = bytesOf(image) + others.reduce((sum, [, entry]) => sum + bytesOf(entry), 0);
      const dropped: string[] = [];
      for (const [key, entry] of left) {
        if (total <= MOST_BYTES) break;
        total -= bytesOf(entry);
        dropped.push(key);
      }
      if (total > MOST_BYTES) return false;
      if (dropped.length > 0) await this.store.delMany(dropped);
      await this.store.set(this.keyOf(image.id), { ...image, tab: this.tab, at });
      return true;
    });
  }

  remove(ids: readonly string[]): Promise<boolean> {
    return this.inTurn(async () => {
      await this.store.delMany(ids.map((id) => this.keyOf(id)));
      return true;
    });
  }

  /** All entries that are whole: one that is damaged must not hide the others. */
  private async whole(): Promise<[string, Entry][]> {
    return (await this.store.entries()).filter(([, entry]) => isEntry(entry));
  }

  /** One change after the other, so that a removal never comes before what it removes. */
  private inTurn(work: () => Promise<boolean>): Promise<boolean> {
    const done = this.tail.then(work).catch(() => false);
    this.tail = done;
    return done;
  }

  private keyOf(id: string): string {
    return `${this.tab}/${id}`;
  }
}

function isEntry(value: unknown): value is Entry {
  const { id, name, tab, at, file, truth, size, thumbnail } = fieldsOf(value);
  const { width, height } = fieldsOf(size);
  const areBlobs = [file, truth ?? file, thumbnail ?? file].every((blob) => areNumbers(fieldsOf(blob)['size']));
  return areTexts(id, name, tab) && areNumbers(at, width, height) && areBlobs;
}

function bytesOf({ file, truth }: StoredComparedImage): number {
  return file.size + (truth?.size ?? 0);
}

const TAB_KEY = 'petrichor-comparison';

/** The storage of this tab, the same after a reload. */
export function openComparisonStorage(): ComparisonStorage {
  const store = createStore('petrichor-comparison', 'images');
  const port: EntryStore = {
    entries: () => entries<string, Entry>(store),
    set: (key, entry) => set(key, entry, store),
    delMany: (keys) => delMany(keys, store),
  };
  return new ComparisonStorage(port, rememberedTab());
}

function rememberedTab(): string {
  const page = globalThis as unknown as { readonly sessionStorage: TabItems };
  const fresh = crypto.randomUUID();
  try {
    const before = page.sessionStorage.getItem(TAB_KEY);
    if (before === null) page.sessionStorage.setItem(TAB_KEY, fresh);
    return before ?? fresh;
  } catch {
    return fresh; // The browser blocks this site's data.
  }
}

interface TabItems {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}
