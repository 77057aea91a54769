import type { TrainerEvent } from '../../src/protocol/trainer.ts';

/**
 * Buffers that move to the page instead of being copied: the images that the networks just made. The fixed crops beside
 * them (rainy, true rain map, truth) are copied, because the run uses them again for the next preview.
 */
export function transferables(batch: readonly TrainerEvent[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const event of batch) {
    if (event.type !== 'previewed') continue;
    for (const { rainMap, teacher, student } of event.samples) {
      for (const { data } of [rainMap, teacher, student]) {
        if (data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
      }
    }
  }
  return [...buffers];
}
