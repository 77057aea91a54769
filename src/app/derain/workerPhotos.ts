import { ask, onDerainerDeath } from './derainer.ts';
import { useDesk } from './deskStore.ts';
import type { Size } from './stage/viewport.ts';

/** Decoded pixels that the worker may hold at once; with what two models found a pixel takes up to 16 bytes. */
const MOST_PIXELS = 60e6;

/** Pixels of the photos that the worker holds; the one used last comes last. */
const held = new Map<string, number>();

onDerainerDeath(() => held.clear());

/** Notes that the worker holds a photo, and lets it close those used longest ago until all fit. */
export function keepWithin(id: string, { width, height }: Size): void {
  held.delete(id);
  held.set(id, width * height);
  const { photos, currentId } = useDesk.getState();
  const busy = photos.find(({ state }) => state === 'working')?.id;
  for (const [other] of held) {
    if (total() <= MOST_PIXELS) return;
    if (other === id || other === currentId || other === busy) continue;
    held.delete(other);
    void ask((api) => api.closePhoto(other));
  }
}

function total(): number {
  return [...held.values()].reduce((sum, pixels) => sum + pixels, 0);
}
