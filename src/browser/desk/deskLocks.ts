/** Under this name a tab remembers its desk through a reload. */
export const TAB_KEY = 'petrichor-desk';
const PREFIX = 'petrichor-desk/';

/**
 * Makes a desk this page's own until the page is gone, so that no two tabs work through the same photos. Waits for up to
 * `waitMs` (a page that is being reloaded lets go a moment later). False when another tab holds it.
 */
export function holdDesk(desk: string, waitMs = 0): Promise<boolean> {
  return new Promise((resolve) => {
    const options: LockOptions = waitMs > 0 ? { signal: AbortSignal.timeout(waitMs) } : { ifAvailable: true };
    const held = (lock: Lock | null): Promise<void> | undefined => {
      resolve(lock !== null);
      return lock ? new Promise<void>(() => {}) : undefined;
    };
    navigator.locks.request(PREFIX + desk, options, held).catch(() => resolve(false));
  });
}
