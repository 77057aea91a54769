/** Tells every other view, tab and worker of this origin which records were added, changed or removed. */
export interface LibraryChange {
  readonly changed: readonly string[];
}

const CHANNEL = 'petrichor-library';

/** Says that these records are to be read again; a record that is then gone was removed. */
export function announceChange(ids: readonly string[]): void {
  if (ids.length === 0) return;
  const channel = new BroadcastChannel(CHANNEL);
  // A channel reaches its own origin only, so there is no target to name.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  channel.postMessage({ changed: ids } satisfies LibraryChange);
  channel.close();
}

/** Calls `listener` after each change made anywhere, the caller's own included. Returns the end of listening. */
export function watchChanges(listener: (change: LibraryChange) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', (event: MessageEvent<LibraryChange>) => listener(event.data));
  return () => channel.close();
}
