/** The app's own files on this device: what a service worker answers from when the server cannot be reached. */

/** A file of the built app. */
export interface AppFile {
  /** Relative to the app's root. */
  readonly url: string;
  /** Changes with the content; null where the name does. */
  readonly revision: string | null;
  /** Of the content, as browsers check it: a file of another build is refused. */
  readonly integrity: string;
  /** Stored with the app, when the page has nothing better to do, or when it is first asked for. */
  readonly when: 'first' | 'idle' | 'used';
}

/** Files of all versions that are on this device, each under a name that changes with its content. */
const CACHE = 'petrichor-app';
/** Downloads at a time while the app is stored. */
const AT_ONCE = 4;

/** The files of one version of the app. `root` is where it lies, with a slash at the end. */
export class AppFiles {
  private readonly byAddress: ReadonlyMap<string, AppFile>;

  constructor(
    files: readonly AppFile[],
    private readonly root: string,
  ) {
    this.byAddress = new Map(files.map((file) => [new URL(file.url, root).href, file]));
  }

  /** Stores the files of one kind; those that another version brought already are kept. Rejects when one cannot be had whole. */
  async store(kind: AppFile['when']): Promise<void> {
    const cache = await caches.open(CACHE);
    const queue = [...this.byAddress].filter(([, { when }]) => when === kind);
    const worker = async (): Promise<void> => {
      for (let next = queue.pop(); next; next = queue.pop()) {
        const [address, file] = next;
        if (!(await cache.match(keyOf(address, file)))) await fetchInto(cache, address, file);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  /** Removes the files of other versions. */
  async dropOthers(): Promise<void> {
    const cache = await caches.open(CACHE);
    const own = new Set([...this.byAddress].map(([address, file]) => keyOf(address, file)));
    for (const { url } of await cache.keys()) if (!own.has(url)) await cache.delete(url);
  }

  /** The answer to a request, from this device where it is there, with the headers that the server gave it. Null when it is no file of the app. */
  answer(request: Request): Promise<Response> | null {
    if (request.method !== 'GET') return null;
    const { origin, pathname } = new URL(request.url);
    const address = origin + pathname;
    const page = address === this.root ? `${this.root}index.html` : address;
    const file = this.byAddress.get(page);
    return file ? this.read(page, file, request) : null;
  }

  private async read(address: string, file: AppFile, request: Request): Promise<Response> {
    const cache = await caches.open(CACHE);
    const key = keyOf(address, file);
    const stored = await cache.match(key);
    if (stored) return stored;
    try {
      return await fetchInto(cache, address, file);
    } catch {
      return fetch(request); // No room to store it, or the server has another version by now.
    }
  }
}

/** Gets a file from the server, stores it, and returns the answer. */
async function fetchInto(cache: Cache, address: string, file: AppFile): Promise<Response> {
  const response = await fetch(address, { integrity: file.integrity, cache: 'no-cache', credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  // A page that was redirected to is refused as the answer to a navigation.
  const whole = response.redirected ? new Response(response.body, { headers: response.headers }) : response;
  await cache.put(keyOf(address, file), whole.clone());
  return whole;
}

function keyOf(address: string, { revision }: AppFile): string {
  return revision === null ? address : `${address}?revision=${revision}`;
}
