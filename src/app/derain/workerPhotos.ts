import { ask, onDerainerDeath } from './derainer.ts';
import { useDesk } from './deskStore.ts';

/** Photos that the worker has decoded. */
const open = new Set<string>();
/** Photos that somebody works with, by how many. */
const inUse = new Map<string, number>();

onDerainerDeath(() => open.clear());

/** Notes that the worker has decoded a photo, and lets it close all others but the one looked at and those in use. */
export function noteOpen(id: string): void {
  open.add(id);
  for (const other of open) if (other !== id) closeIfIdle(other);
}

/** Whether the worker holds a photo. */
export function isOpen(id: string): boolean {
  return open.has(id);
}

/** Keeps the worker from closing a photo until the returned function is called. */
export function holdOpen(id: string): () => void {
  inUse.set(id, (inUse.get(id) ?? 0) + 1);
  return () => {
    const rest = inUse.get(id)! - 1;
    if (rest > 0) inUse.set(id, rest);
    else inUse.delete(id);
    closeIfIdle(id);
  };
}

/** Closes a photo that was taken off the desk. */
export function closeForGood(id: string): void {
  open.delete(id);
  void ask((api) => api.closePhoto(id));
}

function closeIfIdle(id: string): void {
  if (inUse.has(id) || id === useDesk.getState().currentId || !open.has(id)) return;
  closeForGood(id);
}
