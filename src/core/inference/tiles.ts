/** A rectangle of whole pixels. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What the network is given (`source`), and the part of its answer that counts (`inner`); both in the picture's pixels. */
export interface Tile {
  readonly source: Rect;
  readonly inner: Rect;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Cuts a picture into tiles whose inner parts cover it exactly once and never touch a pixel that a cut could have changed.
 *
 * `tile` is the side of the squares that the network is given, `halo` the pixels that it sees in each direction. Every source
 * has the same size (a picture narrower than a tile gives narrower ones), because they slide inwards at the picture's edges
 * instead of shrinking; there the network's own zero padding is the one that the untiled picture would get. The result is
 * therefore the untiled result. `order`: nearest to a point first, or row by row from the top.
 * Throws RangeError when the tile has no room for its halo.
 */
export function planTiles(picture: Size, tile: number, halo: number, order: Point | 'rows'): Tile[] {
  const columns = cut(picture.width, tile, halo);
  const rows = cut(picture.height, tile, halo);
  const tiles = rows.flatMap((row) =>
    columns.map((column) => ({ source: rect(column.source, row.source), inner: rect(column.inner, row.inner) })),
  );
  if (order === 'rows') return tiles;
  const distance = new Map(tiles.map((one) => [one, distanceTo(order, one.inner)]));
  return tiles.sort((a, b) => distance.get(a)! - distance.get(b)!);
}

/** The common part of two rectangles; null when there is none. */
export function intersection(a: Rect, b: Rect): Rect | null {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  const width = Math.min(a.left + a.width, b.left + b.width) - left;
  const height = Math.min(a.top + a.height, b.top + b.height) - top;
  return width > 0 && height > 0 ? { left, top, width, height } : null;
}

interface Span {
  readonly start: number;
  readonly length: number;
}

/** Evenly spaced sources; the border between two inner parts runs through the middle of their overlap. */
function cut(length: number, tile: number, halo: number): { source: Span; inner: Span }[] {
  if (length <= tile) return [{ source: { start: 0, length }, inner: { start: 0, length } }];
  if (tile <= 2 * halo) throw new RangeError(`A tile of ${tile} pixels has no room for a halo of ${halo} on both sides.`);
  const count = Math.ceil((length - 2 * halo) / (tile - 2 * halo));
  const starts = Array.from({ length: count }, (_, i) => Math.floor((i * (length - tile)) / (count - 1)));
  const borders = starts.slice(1).map((start, i) => Math.floor((start + starts[i]! + tile) / 2));
  return starts.map((start, i) => {
    const from = borders[i - 1] ?? 0;
    return { source: { start, length: tile }, inner: { start: from, length: (borders[i] ?? length) - from } };
  });
}

function rect(column: Span, row: Span): Rect {
  return { left: column.start, top: row.start, width: column.length, height: row.length };
}

function distanceTo({ x, y }: Point, { left, top, width, height }: Rect): number {
  return Math.hypot(left + width / 2 - x, top + height / 2 - y);
}
