import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { gableRoof, glass, plaster, slab, tiles, wallWithOpenings } from './houses.ts';
import type { Opening, Wall } from './houses.ts';
import { Mesh, unit } from './mesh.ts';
import type { Triple } from './mesh.ts';
import { cells, fbm, mix, noise, ramp } from './noise.ts';
import { bark, blade, cluster, colour, leafOf, tree } from './plants.ts';
import { cloudySky } from './sky.ts';
import type { Scene } from './tracer.ts';

function pathMiddle(z: number): number {
  return -0.4 + 1.5 * Math.sin((z - 2) * 0.17);
}

function ground(x: number, z: number): number {
  return 0.25 * (fbm(x * 0.12, z * 0.12, 3) - 0.5) * ramp(0.4, 2, Math.abs(x - pathMiddle(z)));
}

function lawn(mesh: Mesh, random: Random): void {
  const turf = mesh.paint((out, x, _y, z) => {
    const off = Math.abs(x - pathMiddle(z));
    const grain = mix(0.6, 1.3, fbm(x * 5, z * 5, 4));
    if (off < 0.72 && z < 18) {
      const c = cells(x * 1.55, z * 1.55);
      const joint = ramp(0.02, 0.1, c.next - c.near);
      const stone = mix(0.3, 0.44, c.id) * mix(0.8, 1.1, fbm(x * 9, z * 9, 3));
      colour(out, mix(0.09, stone, joint), mix(0.1, stone * 0.93, joint), mix(0.04, stone * 0.82, joint));
      out.tiltX = 0.12 * (fbm(x * 12, z * 12, 2) - 0.5);
    } else colour(out, 0.1 * grain, 0.165 * grain, 0.035 * grain);
  });
  mesh.grid(
    140,
    120,
    (i, j) => {
      const z = -4 + 70 * (i / 139) ** 1.5;
      const x = ((j / 119) * 2 - 1) * (10 + 0.8 * (z + 4));
      return [x, ground(x, z), z];
    },
    turf,
  );
  const grass = mesh.paint(leafOf([0.06, 0.115, 0.018], [0.19, 0.29, 0.06]));
  for (let i = 0; i < 150000; i++) {
    const z = -1.5 + 21 * random.uniform() ** 1.9;
    const x = random.between(-1, 1) * (3.5 + 0.75 * (z + 2));
    if (Math.abs(x - pathMiddle(z)) < 0.76 + 0.1 * noise(x * 6, z * 6)) continue;
    blade(
      mesh,
      [x, ground(x, z) - 0.01, z],
      random.between(0.035, 0.085),
      0.004 + 0.0007 * Math.max(0, z),
      random,
      grass,
    );
  }
}

function house(mesh: Mesh, random: Random): void {
  const face = mesh.paint(plaster([0.72, 0.66, 0.55]));
  const frame = mesh.paint((out, x, y, z) => colour(out, 0.66, 0.67, 0.66, mix(0.85, 1, noise(x * 4 + z * 4, y * 4))));
  const pane = mesh.paint(glass);
  const roof = mesh.paint(tiles([0.36, 0.13, 0.07]));
  const blue = mesh.paint((out, x, y) => colour(out, 0.09, 0.17, 0.21, mix(0.7, 1.1, noise(x * 25, y * 2))));
  const stone = mesh.paint(plaster([0.3, 0.28, 0.25]));
  const front: Wall = { at: [-4.2, 0, 18], u: [1, 0], n: [0, -1] };
  const openings: Opening[] = [
    { s0: 4.0, s1: 5.1, y0: 0.28, y1: 2.45, light: 0, bars: [0, 0] },
    ...[1.15, 2.75, 6.2, 8.0].map((s) => ({ s0: s, s1: s + 1.1, y0: 1, y1: 2.4, light: 0, bars: [2, 1] as const })),
    ...[1.15, 4.0, 6.9].map((s) => ({ s0: s, s1: s + 1.15, y0: 3.6, y1: 4.9, light: 0, bars: [2, 1] as const })),
  ];
  wallWithOpenings(mesh, front, 10.2, 5.5, openings, face, frame, pane);
  slab(mesh, front, 4.08, 5.02, 0.3, 2.4, -0.12, -0.06, blue);
  for (const s of [1.15, 4.0, 6.9])
    for (const [a, b] of [
      [s - 0.58, s - 0.06],
      [s + 1.21, s + 1.73],
    ] as const)
      slab(mesh, front, a, b, 3.55, 4.95, 0, 0.05, blue);
  slab(mesh, front, 0, 10.2, 0, 0.45, 0, 0.06, stone);
  slab(mesh, front, 3.7, 5.4, 0, 0.14, 0, 1.1, stone);
  slab(mesh, front, 3.9, 5.2, 0.14, 0.28, 0, 0.6, stone);
  slab(mesh, front, 3.6, 5.5, 2.62, 2.7, 0, 0.95, roof);
  mesh.box(0.9, 0, 21.95, 10.16, 5.5, 7, face);
  gableRoof(mesh, -4.2, 6, 18, 25.2, 5.5, 8.9, true, roof, face, 0.5);
  mesh.box(3.9, 6.8, 21.9, 0.8, 2.9, 0.8, mesh.paint(plaster([0.42, 0.2, 0.14])));
  mesh.box(3.9, 9.7, 21.9, 0.95, 0.15, 0.95, stone);
  // A lower wing to the left.
  const wing: Wall = { at: [-8.6, 0, 19.2], u: [1, 0], n: [0, -1] };
  wallWithOpenings(
    mesh,
    wing,
    4.4,
    2.9,
    [
      { s0: 0.8, s1: 1.9, y0: 1, y1: 2.2, light: 0, bars: [2, 1] },
      { s0: 2.6, s1: 3.6, y0: 0.1, y1: 2.3, light: 0, bars: [3, 0] },
    ],
    face,
    frame,
    pane,
  );
  mesh.box(-6.4, 0, 22.1, 4.36, 2.9, 5, face);
  gableRoof(mesh, -8.6, -4.2, 19.2, 24.4, 2.9, 5, true, roof, face, 0.35);
  mesh.bar([-4.25, 5.35, 17.5], [6.05, 5.35, 17.5], 0.07, 0.07, frame, 0, 7);
  mesh.bar([6.02, 0, 17.9], [6.02, 5.35, 17.6], 0.045, 0.045, frame, 0, 7);
  const ivy = mesh.paint(leafOf([0.03, 0.07, 0.015], [0.12, 0.2, 0.04]));
  for (let i = 0; i < 150; i++) {
    const y = 5 * random.uniform() ** 1.3;
    cluster(
      mesh,
      [4.6 + random.normal() * 0.55 + 0.6 * noise(y, 3), y, 17.95],
      [0.28, 0.28, 0.1],
      42,
      0.11,
      random,
      ivy,
    );
  }
  const rose = mesh.paint(leafOf([0.5, 0.1, 0.14], [0.75, 0.3, 0.34]));
  for (let i = 0; i < 26; i++)
    cluster(
      mesh,
      [4.6 + random.normal() * 0.6, random.between(0.8, 3.6), 17.82],
      [0.1, 0.1, 0.06],
      12,
      0.07,
      random,
      rose,
    );
}

function planting(mesh: Mesh, random: Random): void {
  const hedge = mesh.paint(leafOf([0.025, 0.06, 0.012], [0.1, 0.18, 0.035]));
  for (const [x0, x1, z, top] of [
    [-17, -9, 22, 2.2],
    [7, 19, 22, 2],
  ] as const) {
    for (let x = x0; x < x1; x += 0.5)
      for (let y = 0.3; y < top; y += 0.5) cluster(mesh, [x, y, z], [0.42, 0.42, 0.4], 60, 0.13, random, hedge);
  }
  const green = mesh.paint(leafOf([0.05, 0.1, 0.02], [0.17, 0.27, 0.06]));
  const hues: readonly (readonly [Triple, Triple])[] = [
    [
      [0.32, 0.16, 0.5],
      [0.56, 0.4, 0.75],
    ],
    [
      [0.7, 0.68, 0.6],
      [0.9, 0.88, 0.8],
    ],
    [
      [0.65, 0.12, 0.18],
      [0.85, 0.3, 0.36],
    ],
    [
      [0.8, 0.5, 0.04],
      [0.95, 0.75, 0.12],
    ],
    [
      [0.75, 0.3, 0.45],
      [0.92, 0.6, 0.7],
    ],
  ];
  const petals = hues.map(([a, b]) => mesh.paint(leafOf(a, b)));
  for (let i = 0; i < 420; i++) {
    const z = 3 + 14 * random.uniform();
    const side = random.uniform() < 0.5 ? -1 : 1;
    const x = pathMiddle(z) + side * random.between(1.15, 2.5 + 0.1 * z);
    if (noise(z * 0.5 + side * 9, 4) < 0.3) continue;
    const h = random.between(0.25, 0.7);
    const foot = ground(x, z);
    cluster(mesh, [x, foot + h * 0.45, z], [0.26, h * 0.5, 0.26], 90, 0.075, random, green);
    const petal =
      petals[Math.min(petals.length - 1, Math.floor(noise(x * 0.45 + 5 * side, z * 0.45) * 7.5) % petals.length)]!;
    cluster(mesh, [x, foot + h * 0.95, z], [0.24, h * 0.24, 0.24], 46, 0.06, random, petal);
  }
  for (let k = 0; k < 9; k++) {
    const [x, y] = [-4 + k * 1.25 + (k > 2 ? 0.4 : 0), 0.4];
    if (Math.abs(x - 0.3) < 1) continue;
    cluster(mesh, [x, y, 17.2], [0.6, 0.5, 0.45], 420, 0.085, random, green);
    cluster(mesh, [x, y + 0.2, 17.05], [0.55, 0.4, 0.4], 110, 0.07, random, petals[k % petals.length]!);
  }
  const wood = mesh.paint(bark);
  const crown = mesh.paint(leafOf([0.035, 0.08, 0.014], [0.14, 0.24, 0.045]));
  tree(mesh, [-6.6, 0, 11.5], 8.6, 30000, 0.13, random, wood, crown);
  tree(mesh, [9.2, 0, 15], 7, 22000, 0.15, random, wood, crown);
  const dark = mesh.paint(leafOf([0.03, 0.07, 0.02], [0.11, 0.18, 0.05]));
  for (let i = 0; i < 22; i++)
    tree(
      mesh,
      [-34 + i * 3.3 + random.normal(), 0, random.between(31, 42)],
      random.between(8, 14),
      5200,
      0.34,
      random,
      wood,
      dark,
    );
}

/** A bench and a watering can beside the path. */
function furniture(mesh: Mesh): void {
  const oak = mesh.paint((out, x, y, z) =>
    colour(out, 0.32, 0.22, 0.13, mix(0.6, 1.15, fbm(x * 3, y * 30 + z * 30, 3))),
  );
  const at = (x: number, y: number, z: number, w: number, h: number, d: number): void =>
    mesh.box(3.6 + x, y, 9.6 + z, w, h, d, oak);
  for (let k = 0; k < 4; k++) at(0, 0.44, -0.22 + 0.13 * k, 1.6, 0.03, 0.1);
  for (let k = 0; k < 3; k++) at(0, 0.58 + 0.14 * k, 0.28, 1.6, 0.09, 0.03);
  for (const x of [-0.74, 0.74]) {
    at(x, 0, -0.22, 0.07, 0.64, 0.07);
    at(x, 0, 0.27, 0.07, 0.98, 0.07);
    at(x, 0.62, 0, 0.07, 0.04, 0.6);
  }
  const zinc = mesh.paint((out) => {
    colour(out, 0.35, 0.37, 0.38);
    out.mirror = 0.25;
    out.rough = 0.3;
  });
  mesh.bar([1.7, 0.02, 5.1], [1.7, 0.3, 5.1], 0.13, 0.11, zinc, 0, 16);
  mesh.bar([1.6, 0.08, 5.05], [1.3, 0.4, 4.95], 0.025, 0.018, zinc, 0, 8);
  mesh.bar([1.76, 0.3, 5.12], [1.86, 0.2, 5.14], 0.014, 0.014, zinc, 0, 6);
}

function build(): Mesh {
  const mesh = new Mesh();
  const random = randomFromSeed(31);
  lawn(mesh, random);
  house(mesh, random);
  planting(mesh, random);
  furniture(mesh);
  return mesh;
}

/** A house with its garden in summer. */
export function garden(): Scene {
  const sun = unit([-0.62, 0.62, -0.52]);
  return {
    name: 'house-and-garden',
    title: 'House and garden',
    mesh: build(),
    camera: { from: [-0.75, 1.7, 0.2], to: [0.3, 2.75, 18], zoom: 1.85 },
    sun: { direction: sun, colour: [2.9, 2.55, 1.95], size: 0.012 },
    sky: cloudySky({
      zenith: [0.17, 0.32, 0.62],
      horizon: [0.66, 0.76, 0.86],
      cloud: [1.2, 1.17, 1.12],
      cloudShade: [0.62, 0.67, 0.74],
      cover: 0.4,
      seed: 41,
      sun,
      glare: [0.5, 0.45, 0.35],
    }),
    haze: { colour: [0.66, 0.74, 0.82], distance: 260, height: 40 },
    exposure: 0.9,
    ambient: [0.17, 0.18, 0.16],
  };
}
