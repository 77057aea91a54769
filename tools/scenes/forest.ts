import { randomFromSeed } from '../../src/core/random.ts';
import { Mesh, unit } from './mesh.ts';
import type { Triple } from './mesh.ts';
import { fbm, mix, noise, ramp } from './noise.ts';
import { bark, blade, cluster, colour, leaf, leafOf } from './plants.ts';
import { blend } from './sky.ts';
import type { Scene } from './tracer.ts';

function pathMiddle(z: number): number {
  return 1.9 * Math.sin(z * 0.11 + 0.2) + 0.02 * z;
}

function ground(x: number, z: number): number {
  const off = Math.abs(x - pathMiddle(z));
  return (
    0.3 * ramp(0.7, 2.4, off) +
    0.06 * Math.max(0, off - 2) +
    0.5 * fbm(x * 0.22, z * 0.22, 3) +
    0.07 * noise(x * 2.3, z * 2.3) * ramp(0.6, 1.4, off)
  );
}

function floor(mesh: Mesh): void {
  const soil = mesh.paint((out, x, _y, z) => {
    const off = Math.abs(x - pathMiddle(z)) + 0.7 * (noise(x * 1.7, z * 1.7) - 0.5);
    const grain = mix(0.5, 1.45, fbm(x * 7, z * 7, 4));
    const track = ramp(0.24, 0.05, Math.abs(off - 0.5)) * 0.3;
    const path: Triple = [0.2 * grain * (1 - track), 0.14 * grain * (1 - track), 0.09 * grain * (1 - track)];
    const moss: Triple = [0.085 * grain, 0.125 * grain, 0.03 * grain];
    colour(out, ...blend(path, moss, ramp(0.75, 1.5, off)));
    out.tiltX = 0.5 * (fbm(x * 9, z * 9, 3) - 0.5);
    out.tiltZ = 0.5 * (fbm(x * 9 + 40, z * 9, 3) - 0.5);
  });
  mesh.grid(
    260,
    160,
    (i, j) => {
      const z = -3 + 85 * (i / 259) ** 1.6;
      const x = ((j / 159) * 2 - 1) * (6 + 0.55 * (z + 3));
      return [x, ground(x, z), z];
    },
    soil,
  );
}

function wood(mesh: Mesh): void {
  const random = randomFromSeed(21);
  const skin = mesh.paint(bark);
  const beech = mesh.paint(leafOf([0.05, 0.11, 0.015], [0.17, 0.27, 0.035]));
  const far = mesh.paint(leafOf([0.06, 0.12, 0.02], [0.2, 0.28, 0.05]));
  const taken: Triple[] = [];
  for (let i = 0; i < 900; i++) {
    const z = 1.5 + 62 * random.uniform() ** 1.2;
    const x = random.between(-1, 1) * (6 + 0.5 * z);
    if (
      Math.abs(x - pathMiddle(z)) < 1.55 + 0.012 * z ||
      taken.some((t) => Math.hypot(t[0] - x, t[2] - z) < 1.9 + 0.7 * noise(x, z))
    )
      continue;
    const y = ground(x, z);
    taken.push([x, y, z]);
    const radius = random.between(0.11, 0.3);
    const height = random.between(11, 17);
    const lean: readonly [number, number] = [0.5 * random.normal(), 0.5 * random.normal()];
    const at = (t: number): Triple => [
      x + lean[0] * t ** 1.4 + 0.1 * Math.sin(5 * t + i),
      y + height * t,
      z + lean[1] * t ** 1.4,
    ];
    mesh.bar([x, y - 0.1, z], at(0.03), radius * 1.75, radius * 1.12, skin, 0, 14);
    for (let k = 0; k < 7; k++)
      mesh.bar(
        at(k === 0 ? 0.03 : k / 7),
        at((k + 1) / 7),
        radius * (1.12 - k * 0.13),
        radius * (0.99 - k * 0.13),
        skin,
        0,
        12,
      );
    const boughs = 8 + random.below(6);
    for (let k = 0; k < boughs; k++) {
      const from = at(random.between(0.24, 0.95));
      const turn = random.uniform() * 7;
      const reach = random.between(1.2, 2.9);
      const tip: Triple = [
        from[0] + reach * Math.cos(turn),
        from[1] + reach * random.between(0.05, 0.6),
        from[2] + reach * Math.sin(turn),
      ];
      mesh.bar(from, tip, radius * 0.24, 0.012, skin, 0, 5);
      const near = z < 24;
      for (let c = 0; c < 3; c++) {
        const s = 0.5 + 0.25 * c;
        const middle: Triple = [mix(from[0], tip[0], s), mix(from[1], tip[1], s) + 0.1, mix(from[2], tip[2], s)];
        cluster(mesh, middle, [0.85, 0.3, 0.85], near ? 70 : 30, near ? 0.16 : 0.28, random, near ? beech : far);
      }
    }
  }
}

function undergrowth(mesh: Mesh): void {
  const random = randomFromSeed(8);
  const fern = mesh.paint(leafOf([0.045, 0.1, 0.015], [0.15, 0.25, 0.04]));
  const dry = mesh.paint(leafOf([0.1, 0.05, 0.018], [0.3, 0.16, 0.05]));
  for (let i = 0; i < 30000; i++) {
    const z = -0.5 + 40 * random.uniform() ** 1.7;
    const x = pathMiddle(z) + random.normal() * (1.6 + 0.16 * z);
    const off = Math.abs(x - pathMiddle(z));
    const y = ground(x, z);
    if (i % 2 && off < 4) leaf(mesh, [x, y + 0.015, z], random.between(0.05, 0.1), random, dry, 4);
    if (off < 0.95 + 0.5 * noise(x * 1.5, z * 1.5) || noise(x * 0.8, z * 0.8) < 0.4) continue;
    blade(mesh, [x, y - 0.02, z], random.between(0.1, 0.34), 0.008 + 0.0006 * z, random, fern);
  }
  for (let i = 0; i < 420; i++) {
    const z = 1 + 34 * random.uniform() ** 1.4;
    const x = pathMiddle(z) + (random.uniform() < 0.5 ? -1 : 1) * random.between(1.4, 3.5 + 0.2 * z);
    if (noise(x * 0.5 + 7, z * 0.5) < 0.42) continue;
    frond(mesh, [x, ground(x, z), z], random.between(0.4, 0.8), random, fern);
  }
}

/** A fern: arching stalks with leaflets on both sides. */
function frond(
  mesh: Mesh,
  foot: Triple,
  size: number,
  random: ReturnType<typeof randomFromSeed>,
  material: number,
): void {
  for (let k = 0; k < 9; k++) {
    const turn = (k * 2 * Math.PI) / 9 + 0.4 * random.normal();
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    const long = size * random.between(0.75, 1.15);
    const tag = random.uniform();
    for (let j = 1; j < 13; j++) {
      const t = j / 13;
      const p: Triple = [foot[0] + c * long * t, foot[1] + long * (1.25 * t - 1.05 * t * t), foot[2] + s * long * t];
      const w = long * 0.26 * Math.sin(Math.PI * t ** 0.7) + 0.01;
      const h = 0.035 * long;
      for (const side of [-1, 1]) {
        mesh.triangle(
          [p[0] - c * h, p[1], p[2] - s * h],
          [p[0] + c * h, p[1], p[2] + s * h],
          [p[0] - s * w * side + c * w * 0.35, p[1] - 0.2 * w, p[2] + c * w * side + s * w * 0.35],
          material,
          tag,
        );
      }
    }
  }
}

function build(): Mesh {
  const mesh = new Mesh();
  floor(mesh);
  wood(mesh);
  undergrowth(mesh);
  return mesh;
}

const mist: Triple = [0.78, 0.84, 0.66];

/** A path through a beech wood in the morning, the distance bright with mist. */
export function forest(): Scene {
  const sun = unit([0.5, 0.82, 0.62]);
  return {
    name: 'forest-path',
    title: 'Forest path',
    mesh: build(),
    camera: { from: [pathMiddle(-2.2) - 0.1, ground(0, -2) + 1.5, -2.4], to: [1.1, 2.3, 12], zoom: 1.35 },
    sun: { direction: sun, colour: [4.6, 3.9, 2.5], size: 0.02 },
    sky: (_x, y) => blend(mist, [1.15, 1.2, 1.1], Math.max(0, Math.min(1, y * 1.5))),
    haze: { colour: mist, distance: 58, height: 40 },
    exposure: 1.25,
    ambient: [0.14, 0.17, 0.09],
  };
}
