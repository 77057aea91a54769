/** Repeatable value noise for the scenes, all in 0..1, and the curves they are mixed with. */
export function hash(x: number, y: number, z = 0): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1) ^ Math.imul(z | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

export function noise(x: number, y: number, z = 0): number {
  const [ix, iy] = [Math.floor(x), Math.floor(y)];
  const u = smooth(x - ix);
  const v = smooth(y - iy);
  const top = hash(ix, iy, z) * (1 - u) + hash(ix + 1, iy, z) * u;
  const bottom = hash(ix, iy + 1, z) * (1 - u) + hash(ix + 1, iy + 1, z) * u;
  return top * (1 - v) + bottom * v;
}

/** Octaves of noise, each turned by 37°, half as strong and twice as fine. */
export function fbm(x: number, y: number, octaves: number): number {
  let [sum, weight, total] = [0, 1, 0];
  for (let i = 0; i < octaves; i++) {
    sum += weight * noise(x, y, i);
    total += weight;
    weight /= 2;
    [x, y] = [1.6 * x - 1.2 * y + 5.3, 1.2 * x + 1.6 * y + 1.7];
  }
  return sum / total;
}

/** Distance to the nearest and to the second nearest of one random point per cell, and the nearest cell's own number. */
export function cells(x: number, y: number): { readonly near: number; readonly next: number; readonly id: number } {
  const [ix, iy] = [Math.floor(x), Math.floor(y)];
  let [near, next, id] = [9, 9, 0];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [cx, cy] = [ix + dx, iy + dy];
      const distance = Math.hypot(cx + 0.15 + 0.7 * hash(cx, cy, 1) - x, cy + 0.15 + 0.7 * hash(cx, cy, 2) - y);
      if (distance < near) [near, next, id] = [distance, near, hash(cx, cy, 3)];
      else if (distance < next) next = distance;
    }
  }
  return { near, next, id };
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

export function clamp(value: number, low = 0, high = 1): number {
  return Math.min(high, Math.max(low, value));
}

/** 0 below `from`, 1 above `to` (or the reverse when from > to), smooth between. */
export function ramp(from: number, to: number, value: number): number {
  return smooth(clamp((value - from) / (to - from)));
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}
