import type { Mesh, Triple } from './mesh.ts';
import { cells, fbm, hash, mix, noise, ramp } from './noise.ts';
import { colour } from './plants.ts';
import type { Material } from './mesh.ts';

/** Paint on a wall, streaked and darker towards its foot. */
export function plaster(base: Triple): Material {
  return (out, x, y, z, nx, _ny, nz) => {
    const along = Math.abs(nx) > Math.abs(nz) ? z : x;
    const stain =
      mix(0.74, 1.1, fbm(along * 0.9, y * 0.3, 5)) *
      mix(0.72, 1, ramp(0, 1.4, y + 0.6 * noise(along * 2, 1))) *
      mix(0.94, 1.04, noise(along * 30, y * 30));
    colour(out, base[0], base[1], base[2], stain);
    out.tiltX = 0.1 * (noise(along * 14, y * 14) - 0.5);
    out.tiltY = 0.1 * (noise(along * 14 + 50, y * 14) - 0.5);
  };
}

/** Brick in running bond. */
export function brick(base: Triple): Material {
  return (out, x, y, z, nx, _ny, nz) => {
    const along = Math.abs(nx) > Math.abs(nz) ? z : x;
    const row = Math.floor(y / 0.085);
    const u = along / 0.24 + (row % 2) * 0.5;
    const [fu, fv] = [u - Math.floor(u), y / 0.085 - row];
    const joint = fu < 0.05 || fv < 0.14;
    const shade =
      (joint ? 1.25 : mix(0.62, 1.2, hash(Math.floor(u), row, 3))) * mix(0.8, 1.1, fbm(along * 0.7, y * 0.3, 4));
    colour(
      out,
      mix(base[0], 0.3, joint ? 0.6 : 0),
      mix(base[1], 0.28, joint ? 0.6 : 0),
      mix(base[2], 0.25, joint ? 0.6 : 0),
      shade,
    );
  };
}

/** Courses of tiles on a slope. */
export function tiles(base: Triple): Material {
  return (out, x, y, z, nx, ny, nz) => {
    const along = Math.abs(nx) > Math.abs(nz) ? z : x;
    const v = y / 0.16;
    const row = Math.floor(v);
    const u = along / 0.2 + (row % 2) * 0.5;
    const edge = ramp(0, 0.25, v - row) * ramp(0, 0.1, u - Math.floor(u));
    const shade =
      mix(0.7, 1.15, hash(Math.floor(u), row, 5)) * mix(0.55, 1, edge) * mix(0.75, 1.15, fbm(along * 0.5, y * 0.5, 4));
    colour(out, base[0], base[1], base[2], shade);
    out.tiltX = nx * 0.2 * (edge - 1);
    out.tiltY = 0.25 * (1 - edge) * ny;
  };
}

/** Setts or cobbles. */
export function cobbles(base: Triple, size: number, wet: number): Material {
  return (out, x, _y, z, _nx, _ny, _nz, _tag, distance) => {
    const c = cells(x / size, z / size);
    const joint = ramp(0.02, 0.16, c.next - c.near);
    const shade = mix(0.62, 1.2, c.id) * mix(0.35, 1, joint) * mix(0.8, 1.1, fbm(x * 0.6, z * 0.6, 3));
    colour(out, base[0], base[1], base[2], shade);
    const puddle = ramp(0.5, 0.66, fbm(x * 0.3 + 3, z * 0.3, 4));
    out.mirror = wet * mix(0.25, 1, puddle);
    out.rough = mix(0.12, 0.01, puddle);
    const bump = (0.55 / (1 + distance * 0.03)) * (1 - puddle * wet * 2);
    out.tiltX = bump * (hash(Math.floor(c.id * 999), 1) - 0.5 + 0.8 * (noise(x * 9, z * 9) - 0.5));
    out.tiltZ = bump * (hash(Math.floor(c.id * 999), 2) - 0.5 + 0.8 * (noise(x * 9 + 30, z * 9) - 0.5));
  };
}

/** Window glass: dark and mirroring; lit from within where the tag is above 0 (its warmth and brightness). */
export const glass: Material = (out, x, y, z, nx, _ny, nz, tag) => {
  colour(out, 0.02, 0.024, 0.03);
  out.mirror = 0.1;
  out.tiltX = 0.012 * (noise(y * 2 + z, x) - 0.5);
  if (tag <= 0) return;
  const along = Math.abs(nx) > Math.abs(nz) ? z : x;
  const fold = mix(0.6, 1, noise(along * 9 + tag * 50, 2)) * mix(0.75, 1.1, noise(along * 1.5, y * 1.7));
  // A bright room is a shop: goods on collections before a lit wall, brighter towards its lamps.
  const collection = y / 0.42 + 0.3;
  const goods =
    noise(along * 11 + 7 * Math.floor(collection), Math.floor(collection) * 3.7 + tag * 9) * 0.6 +
    0.4 * hash(Math.floor(along * 17), Math.floor(collection), 4);
  const shop =
    tag > 0.5
      ? mix(0.14, 1, ramp(0.28, 0.75, goods + (collection - Math.floor(collection) > 0.62 ? 0.35 : 0))) *
        (collection - Math.floor(collection) < 0.09 ? 0.25 : 1) *
        mix(0.45, 1.15, ramp(0.4, 2.9, y))
      : 1;
  const bright = 1.5 * fold * (0.5 + tag) * shop;
  out.glowR = bright;
  out.glowG = bright * mix(0.52, 0.72, (tag * 7) % 1);
  out.glowB = bright * mix(0.18, 0.42, (tag * 7) % 1);
};

/** The frame a wall is built in: where it begins, along it (u), outwards (n). */
export interface Wall {
  readonly at: Triple;
  readonly u: readonly [number, number];
  readonly n: readonly [number, number];
}

/** A point of a wall: s along it, height y, d in front of it. */
export function onWall({ at, u, n }: Wall, s: number, y: number, d: number): Triple {
  return [at[0] + u[0] * s + n[0] * d, at[1] + y, at[2] + u[1] * s + n[1] * d];
}

/** A solid on a wall from (s0, y0) to (s1, y1), from depth d0 to d1. */
export function slab(
  mesh: Mesh,
  wall: Wall,
  s0: number,
  s1: number,
  y0: number,
  y1: number,
  d0: number,
  d1: number,
  material: number,
  tag = 0,
): void {
  const p = (s: number, y: number, d: number): Triple => onWall(wall, s, y, d);
  mesh.quad(p(s0, y0, d1), p(s0, y1, d1), p(s1, y1, d1), p(s1, y0, d1), material, tag);
  mesh.quad(p(s0, y1, d0), p(s0, y1, d1), p(s1, y1, d1), p(s1, y1, d0), material, tag);
  mesh.quad(p(s0, y0, d0), p(s0, y0, d1), p(s1, y0, d1), p(s1, y0, d0), material, tag);
  mesh.quad(p(s0, y0, d0), p(s0, y1, d0), p(s0, y1, d1), p(s0, y0, d1), material, tag);
  mesh.quad(p(s1, y0, d0), p(s1, y1, d0), p(s1, y1, d1), p(s1, y0, d1), material, tag);
}

/** A hole in a wall with a window set back in it: glass, frame, bars and a sill. */
export interface Opening {
  readonly s0: number;
  readonly s1: number;
  readonly y0: number;
  readonly y1: number;
  /** The glass's tag. */
  readonly light: number;
  /** Bars across and upright. */
  readonly bars: readonly [number, number];
}

/** A wall [0, length] × [0, height] with openings; they must not overlap. */
export function wallWithOpenings(
  mesh: Mesh,
  wall: Wall,
  length: number,
  height: number,
  openings: readonly Opening[],
  face: number,
  frame: number,
  pane: number,
  depth = 0.16,
): void {
  const p = (s: number, y: number, d: number): Triple => onWall(wall, s, y, d);
  const cuts = [...new Set([0, height, ...openings.flatMap(({ y0, y1 }) => [y0, y1])])].sort((a, b) => a - b);
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [low, high] = [cuts[i]!, cuts[i + 1]!];
    let s = 0;
    for (const o of openings.filter(({ y0, y1 }) => y0 < high && y1 > low).sort((a, b) => a.s0 - b.s0)) {
      if (o.s0 > s) mesh.quad(p(s, low, 0), p(s, high, 0), p(o.s0, high, 0), p(o.s0, low, 0), face);
      s = o.s1;
    }
    if (s < length) mesh.quad(p(s, low, 0), p(s, high, 0), p(length, high, 0), p(length, low, 0), face);
  }
  for (const { s0, s1, y0, y1, light, bars } of openings) {
    mesh.quad(p(s0, y0, 0), p(s0, y1, 0), p(s0, y1, -depth), p(s0, y0, -depth), face);
    mesh.quad(p(s1, y0, 0), p(s1, y1, 0), p(s1, y1, -depth), p(s1, y0, -depth), face);
    mesh.quad(p(s0, y1, 0), p(s1, y1, 0), p(s1, y1, -depth), p(s0, y1, -depth), face);
    mesh.quad(p(s0, y0, 0), p(s1, y0, 0), p(s1, y0, -depth), p(s0, y0, -depth), face);
    mesh.quad(p(s0, y0, -depth), p(s0, y1, -depth), p(s1, y1, -depth), p(s1, y0, -depth), pane, light);
    const rim = 0.06;
    const bar = (a: number, b: number, c: number, d: number): void =>
      slab(mesh, wall, a, b, c, d, -depth, -depth + 0.05, frame);
    bar(s0, s0 + rim, y0, y1);
    bar(s1 - rim, s1, y0, y1);
    bar(s0, s1, y0, y0 + rim);
    bar(s0, s1, y1 - rim, y1);
    for (let k = 1; k <= bars[0]; k++)
      bar(s0, s1, mix(y0, y1, k / (bars[0] + 1)) - 0.018, mix(y0, y1, k / (bars[0] + 1)) + 0.018);
    for (let k = 1; k <= bars[1]; k++)
      bar(mix(s0, s1, k / (bars[1] + 1)) - 0.022, mix(s0, s1, k / (bars[1] + 1)) + 0.022, y0, y1);
    if (y0 > 0.3) slab(mesh, wall, s0 - 0.08, s1 + 0.08, y0 - 0.08, y0, 0, 0.1, frame);
  }
}

/** A gable roof over a rectangle seen from its corner (x0, z0) to (x1, z1), ridge along x or z, with overhang. */
export function gableRoof(
  mesh: Mesh,
  x0: number,
  x1: number,
  z0: number,
  z1: number,
  eaves: number,
  ridge: number,
  alongX: boolean,
  roof: number,
  gable: number,
  over = 0.35,
): void {
  const [xm, zm] = [(x0 + x1) / 2, (z0 + z1) / 2];
  if (alongX) {
    const drop = ((ridge - eaves) * over) / ((z1 - z0) / 2);
    mesh.quad(
      [x0 - over, eaves - drop, z0 - over],
      [x0 - over, ridge, zm],
      [x1 + over, ridge, zm],
      [x1 + over, eaves - drop, z0 - over],
      roof,
    );
    mesh.quad(
      [x1 + over, eaves - drop, z1 + over],
      [x1 + over, ridge, zm],
      [x0 - over, ridge, zm],
      [x0 - over, eaves - drop, z1 + over],
      roof,
    );
    for (const x of [x0, x1]) mesh.triangle([x, eaves, z0], [x, ridge, zm], [x, eaves, z1], gable);
  } else {
    const drop = ((ridge - eaves) * over) / ((x1 - x0) / 2);
    mesh.quad(
      [x0 - over, eaves - drop, z1 + over],
      [xm, ridge, z1 + over],
      [xm, ridge, z0 - over],
      [x0 - over, eaves - drop, z0 - over],
      roof,
    );
    mesh.quad(
      [x1 + over, eaves - drop, z0 - over],
      [xm, ridge, z0 - over],
      [xm, ridge, z1 + over],
      [x1 + over, eaves - drop, z1 + over],
      roof,
    );
    for (const z of [z0, z1]) mesh.triangle([x0, eaves, z], [xm, ridge, z], [x1, eaves, z], gable);
  }
}
