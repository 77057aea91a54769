import { create } from 'zustand';

interface StorageState {
  /** Bytes of photos, models and checkpoints that this page has stored; null until read or where the browser does not say. */
  readonly used: number | null;
  /** Bytes the browser says it would allow. A guess of the browser's, not a promise. */
  readonly quota: number | null;
  /** Whether the browser has promised not to clear it by itself; null until read. */
  readonly persistent: boolean | null;
  /** `persist()` was asked and refused. */
  readonly refused: boolean;
}

export const useStorage = create<StorageState>(() => ({ used: null, quota: null, persistent: null, refused: false }));

/** Reads the figures again; called by the shell now and then, and by whoever has just stored or deleted much. */
export async function refreshStorage(): Promise<void> {
  const storage = navigator.storage;
  if (!storage) return;
  const [estimate, persistent] = await Promise.all([storage.estimate(), storage.persisted()]);
  useStorage.setState({
    used: estimate.usage === undefined ? null : estimate.usage - ofTheApp(estimate),
    quota: estimate.quota ?? null,
    persistent,
  });
}

/** Bytes of the app's own files among those stored: they come again by themselves. Where the browser does not tell, none. */
function ofTheApp(estimate: StorageEstimate & { readonly usageDetails?: { readonly caches?: number } }): number {
  return estimate.usageDetails?.caches ?? 0;
}

/** Asks the browser to keep what is stored. Returns its answer and remembers it. */
export async function keepStorage(): Promise<boolean> {
  const kept = (await navigator.storage?.persist()) ?? false;
  useStorage.setState({ persistent: kept, refused: !kept });
  return kept;
}
