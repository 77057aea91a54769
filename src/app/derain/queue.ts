import type { DeskPhoto } from './deskStore.ts';

/** How far a queue of photos is. */
export interface QueueProgress {
  readonly total: number;
  readonly done: number;
  /** Refused or failed. */
  readonly bad: number;
  /** Waiting or under way. */
  readonly open: number;
  readonly cancelled: number;
  /** Null until one photo was finished. */
  readonly msLeft: number | null;
}

/** Counts and an estimate: what is left takes the time per pixel that the finished photos took. */
export function queueProgress(photos: readonly DeskPhoto[]): QueueProgress {
  const of = (...states: readonly DeskPhoto['state'][]): DeskPhoto[] =>
    photos.filter(({ state }) => states.includes(state));
  const finished = of('done').filter(({ ms, size }) => ms !== null && size !== null);
  const open = of('waiting', 'opening', 'working');
  const pixels = finished.reduce((sum, { size }) => sum + size!.width * size!.height, 0);
  const ms = finished.reduce((sum, photo) => sum + photo.ms!, 0);
  const usual = finished.length ? pixels / finished.length : 0;
  const left = open.reduce((sum, { size, share }) => sum + (size ? size.width * size.height : usual) * (1 - share), 0);
  return {
    total: photos.length,
    done: of('done').length,
    bad: of('refused', 'failed').length,
    open: open.length,
    cancelled: of('cancelled').length,
    msLeft: finished.length && open.length ? (ms / pixels) * left : null,
  };
}

/** Files that operating systems leave in folders; nobody means to drop them. */
export function isLitter(name: string): boolean {
  return name.startsWith('.') || /^(thumbs\.db|desktop\.ini)$/i.test(name);
}
