import type { Rect } from './tiles.ts';

/** A stroke of the brush that protects parts of a photo, in the photo's pixels. */
export interface Stroke {
  /** It frees what was protected before. */
  readonly erases: boolean;
  readonly radius: number;
  /** The line that its middle follows: x, y of each point, one at least. */
  readonly points: readonly number[];
}

/** Strokes in the order in which they were made; what they protect stays as it was, whatever the network finds there. */
export type Protection = readonly Stroke[];

/** Share of the radius that is protected whole; from there to the edge it fades. */
const HARD = 0.6;

/**
 * How much of each pixel of a rectangle is protected, 0…255 in rows; null when no stroke reaches it. A pixel's distance to a
 * stroke decides: 255 near its middle, a smooth fall to 0 at its radius. A later stroke adds (or, erasing, limits) what is there.
 */
export function protectionOf(strokes: Protection, rect: Rect): Uint8Array<ArrayBuffer> | null {
  let mask: Uint8Array<ArrayBuffer> | null = null;
  for (const stroke of strokes) {
    const area = reached(stroke, rect);
    if (!area || (stroke.erases && !mask)) continue;
    mask ??= new Uint8Array(rect.width * rect.height);
    const cover = coverOf(stroke, area);
    for (let y = 0; y < area.height; y++) {
      let to = (area.top - rect.top + y) * rect.width + area.left - rect.left;
      for (let i = y * area.width; i < (y + 1) * area.width; i++, to++)
        mask[to] = stroke.erases ? Math.min(mask[to]!, 255 - cover[i]!) : Math.max(mask[to]!, cover[i]!);
    }
  }
  return mask;
}

/** The same strokes on the photo at another size. */
export function scaleProtection(strokes: Protection, scale: number): Protection {
  return strokes.map(({ erases, radius, points }) => ({
    erases,
    radius: radius * scale,
    points: points.map((value) => value * scale),
  }));
}

/** The pixels of `rect` that a stroke can reach; null when there are none. */
function reached({ points, radius }: Stroke, rect: Rect): Rect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]!);
    right = Math.max(right, points[i]!);
    top = Math.min(top, points[i + 1]!);
    bottom = Math.max(bottom, points[i + 1]!);
  }
  return within(rect, left - radius, top - radius, right + radius, bottom + radius);
}

/** The whole pixels of `rect` between edges; null when there are none. */
function within(rect: Rect, left: number, top: number, right: number, bottom: number): Rect | null {
  const [x0, y0] = [Math.max(rect.left, Math.floor(left)), Math.max(rect.top, Math.floor(top))];
  const x1 = Math.min(rect.left + rect.width, Math.ceil(right));
  const y1 = Math.min(rect.top + rect.height, Math.ceil(bottom));
  return x1 > x0 && y1 > y0 ? { left: x0, top: y0, width: x1 - x0, height: y1 - y0 } : null;
}

/** How much a stroke covers each pixel of an area, 0…255. Pixels lie at their middles. */
function coverOf({ points, radius }: Stroke, area: Rect): Uint8Array {
  const cover = new Uint8Array(area.width * area.height);
  for (let i = 0; i < points.length; i += 2) {
    const [bx, by] = [points[i]!, points[i + 1]!];
    const [ax, ay] = i === 0 ? [bx, by] : [points[i - 2]!, points[i - 1]!];
    const near = within(
      area,
      Math.min(ax, bx) - radius,
      Math.min(ay, by) - radius,
      Math.max(ax, bx) + radius,
      Math.max(ay, by) + radius,
    );
    if (!near) continue;
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    for (let y = near.top; y < near.top + near.height; y++) {
      let at = (y - area.top) * area.width + near.left - area.left;
      for (let x = near.left; x < near.left + near.width; x++, at++) {
        if (cover[at] === 255) continue;
        const [px, py] = [x + 0.5 - ax, y + 0.5 - ay];
        const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
        const distance = Math.hypot(px - along * dx, py - along * dy);
        if (distance < radius) cover[at] = Math.max(cover[at]!, fade(distance / radius));
      }
    }
  }
  return cover;
}

/** 255 up to HARD, 0 at 1, smooth between. */
function fade(share: number): number {
  if (share <= HARD) return 255;
  const t = (1 - share) / (1 - HARD);
  return Math.round(255 * t * t * (3 - 2 * t));
}
