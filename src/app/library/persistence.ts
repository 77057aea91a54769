/** Whether the browser promises to keep the library when the disk runs low. */
export type Persistence = 'kept' | 'mayBeCleared' | 'unknown';

/** The present state, without asking for anything. */
export async function persistence(): Promise<Persistence> {
  if (!navigator.storage?.persisted) return 'unknown';
  return (await navigator.storage.persisted()) ? 'kept' : 'mayBeCleared';
}

/** Asks the browser to keep what is stored; some browsers ask the user, others decide alone. Only in a tab. */
export async function askToPersist(): Promise<Persistence> {
  if (!navigator.storage?.persist) return 'unknown';
  return (await navigator.storage.persist()) ? 'kept' : 'mayBeCleared';
}
