import type { Random } from '../../src/core/random.ts';
import { cross, unit } from './mesh.ts';
import type { Material, Mesh, Surface, Triple } from './mesh.ts';
import { fbm, mix, noise } from './noise.ts';

export function colour(out: Surface, r: number, g: number, b: number, scale = 1): void {
  out.r = r * scale;
  out.g = g * scale;
  out.b = b * scale;
}

/** Bark with furrows along the trunk and moss low down. */
export const bark: Material = (out, x, y, z, nx, _ny, nz) => {
  const around = Math.atan2(nx, nz);
  const furrow = fbm(around * 5 + x, y * 1.7 + z, 4);
  const shade = mix(0.45, 1.35, furrow);
  const moss = Math.max(0, noise(around * 2 + x, y * 0.9) - 0.45) * Math.max(0, 1 - y / 3) * 1.6;
  colour(out, mix(0.15 * shade, 0.07, moss), mix(0.115 * shade, 0.11, moss), mix(0.085 * shade, 0.03, moss));
  const tilt = 1.1 * (fbm(around * 5 + x + 0.2, y * 1.7 + z, 3) - furrow);
  out.tiltX = tilt * nz;
  out.tiltZ = -tilt * nx;
};

/** Leaves of one hue; the tag of a leaf is its own shade. */
export function leafOf(dark: Triple, light: Triple): Material {
  return (out, _x, _y, _z, _nx, _ny, _nz, tag) => {
    colour(out, mix(dark[0], light[0], tag), mix(dark[1], light[1], tag), mix(dark[2], light[2], tag));
    out.through = 0.75;
  };
}

/** One leaf as a bent pair of triangles. */
export function leaf(mesh: Mesh, at: Triple, size: number, random: Random, material: number, upward = 0.6): void {
  const a = unit([random.normal(), random.normal() * 0.5, random.normal()]);
  const n = unit([random.normal(), random.normal() + upward, random.normal()]);
  const b = unit(cross(a, n));
  const tag = random.uniform();
  const p = (s: number, t: number): Triple => [
    at[0] + size * (a[0] * s + b[0] * t),
    at[1] + size * (a[1] * s + b[1] * t),
    at[2] + size * (a[2] * s + b[2] * t),
  ];
  mesh.triangle(p(-0.5, 0), p(0, 0.27), p(0.5, 0), material, tag);
  mesh.triangle(p(-0.5, 0), p(0.5, 0), p(0, -0.27), material, tag);
}

/** A ball of leaves: more of them towards its outside. */
export function cluster(
  mesh: Mesh,
  at: Triple,
  radius: Triple,
  count: number,
  size: number,
  random: Random,
  material: number,
): void {
  for (let i = 0; i < count; i++) {
    const d = unit([random.normal(), random.normal(), random.normal()]);
    const r = Math.cbrt(random.between(0.25, 1));
    leaf(
      mesh,
      [at[0] + d[0] * r * radius[0], at[1] + d[1] * r * radius[1], at[2] + d[2] * r * radius[2]],
      size * random.between(0.6, 1.3),
      random,
      material,
    );
  }
}

/** A broad-leaved tree: a trunk that forks three times, and leaves about the twigs. */
export function tree(
  mesh: Mesh,
  foot: Triple,
  height: number,
  leaves: number,
  size: number,
  random: Random,
  wood: number,
  green: number,
): void {
  const tips: Triple[] = [];
  const grow = (from: Triple, direction: Triple, length: number, radius: number, depth: number): void => {
    const d = unit([direction[0] + 0.12 * random.normal(), direction[1], direction[2] + 0.12 * random.normal()]);
    const to: Triple = [from[0] + d[0] * length, from[1] + d[1] * length, from[2] + d[2] * length];
    mesh.bar(from, to, radius, radius * 0.68, wood, 0, depth > 1 ? 9 : 5);
    if (depth <= 2) tips.push(to);
    if (depth === 0) return;
    const forks = depth > 2 ? 4 : 3;
    const turn = random.uniform() * 7;
    for (let i = 0; i < forks; i++) {
      const a = turn + (2 * Math.PI * i) / forks + 0.4 * random.normal();
      const wide = random.between(0.5, 1);
      grow(
        to,
        unit([d[0] + wide * Math.cos(a), d[1] + 0.25 * random.normal(), d[2] + wide * Math.sin(a)]),
        length * random.between(0.6, 0.82),
        radius * 0.56,
        depth - 1,
      );
    }
  };
  grow(foot, [0, 1, 0], height * 0.36, height * 0.032, 3);
  for (const tip of tips) {
    const r = height * random.between(0.09, 0.15);
    cluster(mesh, tip, [r, r * 0.75, r], Math.round(leaves / tips.length), size, random, green);
  }
}

/** A spruce: whorls of drooping, ragged boughs. */
export function spruce(
  mesh: Mesh,
  foot: Triple,
  height: number,
  whorls: number,
  boughs: number,
  random: Random,
  wood: number,
  green: number,
): void {
  mesh.bar(foot, [foot[0], foot[1] + height, foot[2]], height * 0.018, 0.01, wood, 0, 5);
  for (let i = 0; i < whorls; i++) {
    const t = i / whorls;
    const y = foot[1] + height * (0.1 + 0.9 * t);
    const reach = height * 0.2 * (1 - t) ** 0.85 * random.between(0.75, 1.15) + 0.02 * height;
    const turn = random.uniform() * 7;
    for (let k = 0; k < boughs; k++) {
      const a = turn + ((k + random.between(-0.3, 0.3)) * 2 * Math.PI) / boughs;
      const r = reach * random.between(0.7, 1.1);
      const [c, s] = [Math.cos(a), Math.sin(a)];
      const half = (1.5 * reach) / boughs + 0.02 * height;
      const tag = random.uniform();
      const tip: Triple = [foot[0] + c * r, y - 0.45 * r, foot[2] + s * r];
      const top: Triple = [foot[0], y + 0.05 * height, foot[2]];
      mesh.triangle(
        top,
        [foot[0] + c * r * 0.6 - s * half, y - 0.4 * r, foot[2] + s * r * 0.6 + c * half],
        tip,
        green,
        tag,
      );
      mesh.triangle(
        top,
        tip,
        [foot[0] + c * r * 0.6 + s * half, y - 0.4 * r, foot[2] + s * r * 0.6 - c * half],
        green,
        tag,
      );
    }
  }
}

/** A bent blade of grass, or of a fern when wide. */
export function blade(mesh: Mesh, at: Triple, height: number, width: number, random: Random, material: number): void {
  const a = random.uniform() * 2 * Math.PI;
  const [c, s] = [Math.cos(a), Math.sin(a)];
  const lean = height * random.between(0.1, 0.75);
  const side = random.uniform() * 7;
  const [u, v] = [Math.cos(side) * width, Math.sin(side) * width];
  const middle: Triple = [at[0] + c * lean * 0.35, at[1] + height * 0.65, at[2] + s * lean * 0.35];
  const tag = random.uniform();
  mesh.triangle([at[0] - u, at[1], at[2] - v], [at[0] + u, at[1], at[2] + v], middle, material, tag);
  mesh.triangle(
    [middle[0] - u * 0.6, middle[1] - height * 0.12, middle[2] - v * 0.6],
    [middle[0] + u * 0.6, middle[1] - height * 0.12, middle[2] + v * 0.6],
    [at[0] + c * lean, at[1] + height * 0.9, at[2] + s * lean],
    material,
    tag,
  );
}
