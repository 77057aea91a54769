/** Under this name a tab remembers its queue through a reload. */
const TAB_KEY = 'petrichor-desk';
const PAUSED_KEY = 'petrichor-desk-paused';
const VIEWED_KEY = 'petrichor-queue-viewed';
const LOCK_PREFIX = 'petrichor-desk/';
const NOTE_PREFIX = 'petrichor-queue-task/';

/** A tab's own storage; the browser room is valid in workers too, which have none. */
interface TabStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}
const page = globalThis as unknown as { readonly sessionStorage: TabStorage; readonly localStorage: TabStorage };

/** On which photo a tab works, and for the how-manieth time. */
export interface TaskNote {
  readonly id: string;
  readonly attempts: number;
}

/**
 * Makes a queue this page's own until the page is gone, so that no two tabs work through the same photos. Waits for up to
 * `waitMs` (a page that is being reloaded lets go a moment later). False when another tab holds it.
 */
export function holdQueue(queue: string, waitMs = 0): Promise<boolean> {
  return new Promise((resolve) => {
    const options: LockOptions = waitMs > 0 ? { signal: AbortSignal.timeout(waitMs) } : { ifAvailable: true };
    const held = (lock: Lock | null): Promise<void> | undefined => {
      resolve(lock !== null);
      return lock ? new Promise<void>(() => {}) : undefined;
    };
    navigator.locks.request(LOCK_PREFIX + queue, options, held).catch(() => resolve(false));
  });
}

/** The queue that this tab had before a reload; null at its first visit, or where the browser keeps nothing. */
export function rememberedQueue(): string | null {
  return unlessBlocked(() => page.sessionStorage.getItem(TAB_KEY)) ?? null;
}

export function rememberQueue(queue: string): void {
  unlessBlocked(() => page.sessionStorage.setItem(TAB_KEY, queue));
}

export function wasPaused(): boolean {
  return unlessBlocked(() => page.sessionStorage.getItem(PAUSED_KEY)) === 'yes';
}

export function rememberPause(paused: boolean): void {
  unlessBlocked(() => page.sessionStorage.setItem(PAUSED_KEY, paused ? 'yes' : 'no'));
}

/** Id of the photo that this tab looked at last before a reload; null where none is remembered. It may be gone. */
export function viewedPhoto(): string | null {
  return unlessBlocked(() => page.sessionStorage.getItem(VIEWED_KEY)) ?? null;
}

export function rememberViewed(id: string | null): void {
  unlessBlocked(() => {
    if (id !== null) page.sessionStorage.setItem(VIEWED_KEY, id);
    else page.sessionStorage.removeItem(VIEWED_KEY);
  });
}

/** Notes at once, whatever happens to the page next, on which photo it works; null when on none. */
export function noteTask(queue: string, note: TaskNote | null): void {
  unlessBlocked(() => {
    if (note) page.localStorage.setItem(NOTE_PREFIX + queue, JSON.stringify(note));
    else page.localStorage.removeItem(NOTE_PREFIX + queue);
  });
}

/** The note of a page that died at its work, once; a page that was closed or reloaded leaves none. */
export function takeNote(queue: string): TaskNote | null {
  return (
    unlessBlocked(() => {
      const text = page.localStorage.getItem(NOTE_PREFIX + queue);
      page.localStorage.removeItem(NOTE_PREFIX + queue);
      const note = JSON.parse(text ?? 'null') as Partial<TaskNote> | null;
      if (typeof note?.id !== 'string' || typeof note.attempts !== 'number') return null;
      return { id: note.id, attempts: note.attempts };
    }) ?? null
  );
}

/** Browsers that block a site's data throw on every access. */
function unlessBlocked<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** What a queue needs to find its own again, to be handed to it. */
export const tabQueue = { holdQueue, rememberedQueue, rememberQueue, takeNote };
