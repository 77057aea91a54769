import { gridColumns } from '../zoom/gridColumns.ts';
import type { Size } from '../zoom/viewport.ts';

/** Between two images, CSS pixels. */
const GAP = 4;

/** The half of the room that each of two images has, beside or (`stacked`) above the other, in which they are larger. */
export function halfOf(room: Size, image: Size | null): { readonly frame: Size; readonly stacked: boolean } {
  const half = (length: number): number => Math.max(1, (length - GAP) / 2);
  const stacked = image !== null && gridColumns(2, image, room, { gap: GAP, caption: 0 }) === 1;
  return { stacked, frame: stacked ? { ...room, height: half(room.height) } : { ...room, width: half(room.width) } };
}
