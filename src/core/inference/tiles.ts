/** A rectangle of whole pixels. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What the network is given (`source`), and the part of its output that counts (`inner`); both in the image's pixels. */
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
 * Cuts an image into tiles whose inner parts cover it exactly once and never touch a pixel that a cut could have changed.
 *
 * `tile` is the size (of squares: the side) of what the network is given, `halo` the pixels that it sees in each direction. Every source
 * has the same size (an image narrower than a tile gives narrower ones), because they slide inwards at the image's edges
 * instead of shrinking; there the network's own zero padding is the one that the untiled image would get. The result is
 * therefore the untiled result. Row by row from the top.
 *
 * Sides and places of sources are multiples of `multiple`, and so are borders between inner parts; at the right and at the bottom a
 * source may therefore reach up to `multiple` − 1 pixels outside the image, an inner part never does.
 * Throws RangeError when the tile has no room for its halo.
 */
export function planTiles(image: Size, tile: number | Size, halo: number, multiple = 1): Tile[] {
  const { width, height } = typeof tile === 'number' ? { width: tile, height: tile } : tile;
  const columns = cutInMultiples(image.width, width, halo, multiple);
  const rows = cutInMultiples(image.height, height, halo, multiple);
  return rows.flatMap((row) =>
    columns.map((column) => ({ source: rect(column.source, row.source), inner: rect(column.inner, row.inner) })),
  );
}

/** Takes the tile whose inner part's middle is nearest to a point out of a list; undefined when the list is empty. */
export function takeNearest(tiles: Tile[], point: Point): Tile | undefined {
  const distances = tiles.map(({ inner }) => distanceTo(point, inner));
  const nearest = distances.reduce((best, distance, i) => (distance < distances[best]! ? i : best), 0);
  return tiles.splice(nearest, 1)[0];
}

/**
 * A small tile around a point, to show something soon: its inner part lies inside the image, and its output there is the
 * untiled one. `tile` and `halo` as for `planTiles`. Throws RangeError when the tile has no room for its halo.
 */
export function planFirstTile(image: Size, tile: number, halo: number, { x, y }: Point): Tile {
  const [column, row] = [around(image.width, tile, halo, x), around(image.height, tile, halo, y)];
  return { source: rect(column.source, row.source), inner: rect(column.inner, row.inner) };
}

/** The common part of two rectangles; null when there is none. */
export function intersection(a: Rect, b: Rect): Rect | null {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  const width = Math.min(a.left + a.width, b.left + b.width) - left;
  const height = Math.min(a.top + a.height, b.top + b.height) - top;
  return width > 0 && height > 0 ? { left, top, width, height } : null;
}

/** How many tiles of that side, overlapping by their halos, a length needs. */
export function tilesAlong(length: number, tile: number, halo: number): number {
  return length <= tile ? 1 : Math.ceil((length - 2 * halo) / (tile - 2 * halo));
}

interface Span {
  readonly start: number;
  readonly length: number;
}

/** Evenly spaced sources; the border between two inner parts runs through the middle of their overlap. */
function cut(length: number, tile: number, halo: number): { source: Span; inner: Span }[] {
  if (length <= tile) return [{ source: { start: 0, length }, inner: { start: 0, length } }];
  if (tile <= 2 * halo)
    throw new RangeError(`A tile of ${tile} pixels has no room for a halo of ${halo} on both sides.`);
  const count = tilesAlong(length, tile, halo);
  const starts = Array.from({ length: count }, (_, i) => Math.floor((i * (length - tile)) / (count - 1)));
  const borders = starts.slice(1).map((start, i) => Math.floor((start + starts[i]! + tile) / 2));
  return starts.map((start, i) => {
    const from = borders[i - 1] ?? 0;
    return { source: { start, length: tile }, inner: { start: from, length: (borders[i] ?? length) - from } };
  });
}

/** The same in units of `multiple` pixels, rounded up; inner parts end where the image does. */
function cutInMultiples(length: number, tile: number, halo: number, multiple: number): { source: Span; inner: Span }[] {
  if (multiple === 1) return cut(length, tile, halo);
  const units = cut(Math.ceil(length / multiple), Math.floor(tile / multiple), Math.ceil(halo / multiple));
  const inPixels = ({ start, length: count }: Span): Span => ({ start: start * multiple, length: count * multiple });
  return units.map(({ source, inner }) => {
    const { start, length: count } = inPixels(inner);
    return { source: inPixels(source), inner: { start, length: Math.min(count, length - start) } };
  });
}

/** The stretch of a tile nearest to a place, without its halo except at the image's own ends. */
function around(length: number, tile: number, halo: number, place: number): { source: Span; inner: Span } {
  if (length <= tile) return { source: { start: 0, length }, inner: { start: 0, length } };
  if (tile <= 2 * halo)
    throw new RangeError(`A tile of ${tile} pixels has no room for a halo of ${halo} on both sides.`);
  const start = Math.min(Math.max(0, Math.round(place - tile / 2)), length - tile);
  const from = start === 0 ? 0 : start + halo;
  const to = start + tile === length ? length : start + tile - halo;
  return { source: { start, length: tile }, inner: { start: from, length: to - from } };
}

function rect(column: Span, row: Span): Rect {
  return { left: column.start, top: row.start, width: column.length, height: row.length };
}

function distanceTo({ x, y }: Point, { left, top, width, height }: Rect): number {
  return Math.hypot(left + width / 2 - x, top + height / 2 - y);
}
