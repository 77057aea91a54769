import { create } from 'zustand';
import { countStoredBytes, sumOf } from './storedBytes.ts';
import type { StoredBytes } from './storedBytes.ts';

interface StorageState {
  /** Bytes of photos, models and checkpoints stored here; null until counted. */
  readonly stored: StoredBytes | null;
  /** Bytes the browser says it would allow. A guess of the browser's, not a promise. */
  readonly quota: number | null;
  /** Whether the browser has promised not to clear it by itself; null until read, or where it does not say. */
  readonly persistent: boolean | null;
  /** The browser was asked to keep it and has not answered: some show a question of their own. */
  readonly asking: boolean;
  /** It was asked and refused. */
  readonly refused: boolean;
}

export const useStorage = create<StorageState>(() => ({
  stored: null,
  quota: null,
  persistent: null,
  asking: false,
  refused: false,
}));

/** Bytes of everything stored; null until counted. */
export function storedBytes({ stored }: Pick<StorageState, 'stored'>): number | null {
  return stored && sumOf(stored);
}

/** Counts again; called by the shell now and then, and by whoever has just stored or deleted much. */
export async function refreshStorage(): Promise<void> {
  const storage = navigator.storage as StorageManager | undefined;
  const [stored, estimate, persistent] = await Promise.all([
    countStoredBytes(),
    storage?.estimate().catch(() => null),
    storage?.persisted().catch(() => null),
  ]);
  useStorage.setState({ stored, quota: estimate?.quota ?? null, persistent: persistent ?? null });
}

/**
 * Asks the browser to keep what is stored. Resolves to its answer and remembers it. Firefox answers only once the person has,
 * so nothing that has to go on may wait for it.
 */
export async function keepStorage(): Promise<boolean> {
  useStorage.setState({ asking: true });
  const kept = (await navigator.storage?.persist().catch(() => false)) ?? false;
  useStorage.setState({ persistent: kept, refused: !kept, asking: false });
  return kept;
}
