import type { Mesh } from './mesh.ts';

/** A tree of boxes over a mesh's triangles: node i is bounds[6i…] and links[2i…] (first triangle and count, or −child and axis). */
export interface Bvh {
  readonly bounds: Float32Array;
  readonly links: Int32Array;
  /** Corner and edges of the triangles, in the tree's order. */
  readonly points: Float32Array;
  /** The mesh's number of each. */
  readonly order: Uint32Array;
}

/** What `intersect` found: the triangle in the mesh's numbering (−1: nothing), the distance, barycentric u and v. */
export interface Hit {
  triangle: number;
  t: number;
  u: number;
  v: number;
}

const bins = 12;
const leaf = 3;

export function buildBvh(mesh: Mesh): Bvh {
  const n = mesh.count;
  const boxes = new Float32Array(6 * n);
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    order[i] = i;
    for (let c = 0; c < 3; c++) {
      const p = mesh.points[9 * i + c]!;
      const [q, r] = [p + mesh.points[9 * i + 3 + c]!, p + mesh.points[9 * i + 6 + c]!];
      boxes[6 * i + c] = Math.min(p, q, r);
      boxes[6 * i + 3 + c] = Math.max(p, q, r);
    }
  }
  const bounds = new Float32Array(6 * Math.max(1, 2 * n));
  const links = new Int32Array(2 * Math.max(1, 2 * n));
  let nodes = 1;
  const work: number[] = [0, 0, n];
  while (work.length) {
    const end = work.pop()!;
    const start = work.pop()!;
    const node = work.pop()!;
    enclose(bounds, 6 * node, boxes, order, start, end);
    const cut = end - start <= leaf ? null : split(boxes, order, start, end);
    if (!cut) {
      links[2 * node] = start;
      links[2 * node + 1] = end - start;
      continue;
    }
    links[2 * node] = -nodes;
    links[2 * node + 1] = cut.axis;
    work.push(nodes, start, cut.at, nodes + 1, cut.at, end);
    nodes += 2;
  }
  const points = new Float32Array(9 * n);
  for (let i = 0; i < n; i++) points.set(mesh.points.subarray(9 * order[i]!, 9 * order[i]! + 9), 9 * i);
  return { bounds: bounds.slice(0, 6 * nodes), links: links.slice(0, 2 * nodes), points, order };
}

function enclose(
  bounds: Float32Array,
  at: number,
  boxes: Float32Array,
  order: Uint32Array,
  start: number,
  end: number,
): void {
  for (let c = 0; c < 3; c++) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = start; i < end; i++) {
      low = Math.min(low, boxes[6 * order[i]! + c]!);
      high = Math.max(high, boxes[6 * order[i]! + 3 + c]!);
    }
    bounds[at + c] = low;
    bounds[at + 3 + c] = high;
  }
}

/** Cuts at the best of a few places by the surface-area rule along the longest axis of the middles, and sorts both sides. */
function split(
  boxes: Float32Array,
  order: Uint32Array,
  start: number,
  end: number,
): { at: number; axis: number } | null {
  const middle = (i: number, c: number): number => (boxes[6 * i + c]! + boxes[6 * i + 3 + c]!) / 2;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = start; i < end; i++) {
    for (let c = 0; c < 3; c++) {
      const m = middle(order[i]!, c);
      if (m < low[c]!) low[c] = m;
      if (m > high[c]!) high[c] = m;
    }
  }
  const size = [0, 1, 2].map((c) => high[c]! - low[c]!);
  const axis = size.indexOf(Math.max(...size));
  if (size[axis]! < 1e-6) return null;
  const counts = new Int32Array(bins);
  const bin = Float32Array.from({ length: 6 * bins }, (_, k) => (k % 6 < 3 ? Infinity : -Infinity));
  const binOf = (i: number): number =>
    Math.min(bins - 1, Math.floor(((middle(i, axis) - low[axis]!) / size[axis]!) * bins));
  for (let i = start; i < end; i++) {
    const triangle = order[i]!;
    const k = binOf(triangle);
    counts[k] = counts[k]! + 1;
    for (let c = 0; c < 3; c++) {
      bin[6 * k + c] = Math.min(bin[6 * k + c]!, boxes[6 * triangle + c]!);
      bin[6 * k + 3 + c] = Math.max(bin[6 * k + 3 + c]!, boxes[6 * triangle + 3 + c]!);
    }
  }
  const cost = (from: number, to: number): number => {
    let [count, w, h, d] = [0, 0, 0, 0];
    const box = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
    for (let k = from; k < to; k++) {
      count += counts[k]!;
      for (let c = 0; c < 3; c++) {
        box[c] = Math.min(box[c]!, bin[6 * k + c]!);
        box[c + 3] = Math.max(box[c + 3]!, bin[6 * k + 3 + c]!);
      }
    }
    if (count === 0) return Infinity;
    [w, h, d] = [box[3]! - box[0]!, box[4]! - box[1]!, box[5]! - box[2]!];
    return count * (w * h + h * d + d * w);
  };
  let [best, bestCost] = [1, Infinity];
  for (let k = 1; k < bins; k++) {
    const total = cost(0, k) + cost(k, bins);
    if (total < bestCost) [best, bestCost] = [k, total];
  }
  let at = start;
  for (let i = start; i < end; i++) {
    const triangle = order[i]!;
    if (binOf(triangle) >= best) continue;
    order[i] = order[at]!;
    order[at++] = triangle;
  }
  if (at === start || at === end) at = (start + end) >> 1;
  return { at, axis };
}

const stack = new Int32Array(128);

/** The nearest triangle before `far` along a ray; with `any`, whichever comes first to hand (for shadows). */
export function intersect(
  bvh: Bvh,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
  far: number,
  any: boolean,
  hit: Hit,
): boolean {
  const { bounds, links, points, order } = bvh;
  const [ix, iy, iz] = [1 / dx, 1 / dy, 1 / dz];
  const swap = [dx < 0, dy < 0, dz < 0];
  hit.triangle = -1;
  hit.t = far;
  let top = 0;
  stack[top++] = 0;
  while (top > 0) {
    const node = stack[--top]!;
    const b = 6 * node;
    const x1 = (bounds[b]! - ox) * ix;
    const x2 = (bounds[b + 3]! - ox) * ix;
    const y1 = (bounds[b + 1]! - oy) * iy;
    const y2 = (bounds[b + 4]! - oy) * iy;
    const z1 = (bounds[b + 2]! - oz) * iz;
    const z2 = (bounds[b + 5]! - oz) * iz;
    const enter = Math.max(Math.min(x1, x2), Math.min(y1, y2), Math.min(z1, z2));
    const leave = Math.min(Math.max(x1, x2), Math.max(y1, y2), Math.max(z1, z2));
    if (!(leave >= 0 && enter <= leave && enter < hit.t)) continue;
    const first = links[2 * node]!;
    if (first < 0) {
      const child = -first;
      const rotated = swap[links[2 * node + 1]!]!;
      stack[top++] = rotated ? child : child + 1;
      stack[top++] = rotated ? child + 1 : child;
      continue;
    }
    const last = first + links[2 * node + 1]!;
    for (let i = first; i < last; i++) {
      const p = 9 * i;
      const e1x = points[p + 3]!;
      const e1y = points[p + 4]!;
      const e1z = points[p + 5]!;
      const e2x = points[p + 6]!;
      const e2y = points[p + 7]!;
      const e2z = points[p + 8]!;
      const px = dy * e2z - dz * e2y;
      const py = dz * e2x - dx * e2z;
      const pz = dx * e2y - dy * e2x;
      const det = e1x * px + e1y * py + e1z * pz;
      if (det > -1e-12 && det < 1e-12) continue;
      const inverse = 1 / det;
      const sx = ox - points[p]!;
      const sy = oy - points[p + 1]!;
      const sz = oz - points[p + 2]!;
      const u = (sx * px + sy * py + sz * pz) * inverse;
      if (u < 0 || u > 1) continue;
      const qx = sy * e1z - sz * e1y;
      const qy = sz * e1x - sx * e1z;
      const qz = sx * e1y - sy * e1x;
      const v = (dx * qx + dy * qy + dz * qz) * inverse;
      if (v < 0 || u + v > 1) continue;
      const t = (e2x * qx + e2y * qy + e2z * qz) * inverse;
      if (t <= 1e-4 || t >= hit.t) continue;
      hit.t = t;
      hit.u = u;
      hit.v = v;
      hit.triangle = order[i]!;
      if (any) return true;
    }
  }
  return hit.triangle >= 0;
}
