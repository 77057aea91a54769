import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { figure } from './figures.ts';
import { cobbles, gableRoof, glass, plaster, slab, tiles, wallWithOpenings } from './houses.ts';
import type { Wall } from './houses.ts';
import { Mesh, unit } from './mesh.ts';
import type { Triple } from './mesh.ts';
import { cells, fbm, mix, noise, ramp } from './noise.ts';
import { colour, leafOf, tree, bark } from './plants.ts';
import { cloudySky } from './sky.ts';
import type { Scene } from './tracer.ts';
import { water } from './water.ts';

const quay = 1.5;

/** A masonry quay, its stones green and dark towards the water. */
function quays(mesh: Mesh): void {
  const stone = mesh.paint((out, x, y, z, nx) => {
    const along = Math.abs(nx) > 0.5 ? z : x;
    const row = Math.floor(y / 0.42);
    const u = along / 0.95 + (row % 2) * 0.5;
    const joint = ramp(0, 0.05, u - Math.floor(u)) * ramp(0, 0.09, y / 0.42 - row);
    const grain = mix(0.65, 1.2, fbm(along * 3, y * 3, 4)) * mix(0.55, 1, joint);
    const weed = ramp(0.85, 0.25, y + 0.3 * noise(along * 1.5, 2));
    colour(out, mix(0.3, 0.055, weed) * grain, mix(0.285, 0.065, weed) * grain, mix(0.255, 0.035, weed) * grain);
    out.tiltX = 0.25 * (fbm(along * 5, y * 5, 3) - 0.5);
  });
  const top = mesh.paint(cobbles([0.3, 0.28, 0.25], 0.22, 0));
  const wall = (x0: number, x1: number, z0: number, z1: number): void => {
    mesh.box((x0 + x1) / 2, -2, (z0 + z1) / 2, x1 - x0, 2 + quay - 0.01, z1 - z0, stone);
    mesh.quad([x0, quay, z0], [x0, quay, z1], [x1, quay, z1], [x1, quay, z0], top);
    mesh.box((x0 + x1) / 2, quay - 0.26, z0 + 0.2, x1 - x0 + 0.1, 0.28, 0.46, stone);
  };
  wall(-80, 90, 46, 140);
  wall(-60, -13, -20, 60);
  mesh.box(-13.1, quay - 0.26, 20, 0.46, 0.28, 80, stone);
}

function houses(mesh: Mesh, random: Random): void {
  const hues: readonly Triple[] = [
    [0.62, 0.2, 0.14],
    [0.72, 0.5, 0.18],
    [0.7, 0.66, 0.56],
    [0.2, 0.34, 0.42],
    [0.66, 0.36, 0.26],
    [0.74, 0.7, 0.64],
    [0.33, 0.42, 0.32],
    [0.6, 0.3, 0.3],
    [0.5, 0.14, 0.11],
    [0.72, 0.6, 0.4],
  ];
  const faces = hues.map((hue) => mesh.paint(plaster(hue)));
  const frame = mesh.paint((out) => colour(out, 0.66, 0.66, 0.63));
  const pane = mesh.paint(glass);
  const roofs = [tiles([0.34, 0.13, 0.08]), tiles([0.16, 0.15, 0.16]), tiles([0.28, 0.14, 0.1])].map((m) =>
    mesh.paint(m),
  );
  const doors = (
    [
      [0.06, 0.14, 0.1],
      [0.2, 0.05, 0.04],
      [0.05, 0.09, 0.18],
    ] as Triple[]
  ).map((hue) => mesh.paint((out) => colour(out, ...hue)));
  let [x, i] = [-40, 0];
  while (x < 62) {
    const width = random.between(5, 8);
    const storeys = 2 + random.below(3);
    const height = 3.1 + (storeys - 1) * 2.8 + 0.5;
    const z = 53 + random.between(0, 0.5);
    const face = faces[i++ % faces.length]!;
    const wall: Wall = { at: [x, quay, z], u: [1, 0], n: [0, -1] };
    const count = Math.max(2, Math.round(width / 2));
    const bay = width / count;
    const door = random.below(count);
    const openings = Array.from({ length: storeys * count }, (_, k) => {
      const [floor, n] = [Math.floor(k / count), k % count];
      const middle = (n + 0.5) * bay;
      if (floor === 0 && n === door)
        return { s0: middle - 0.55, s1: middle + 0.55, y0: 0.05, y1: 2.4, light: 0, bars: [1, 0] as const };
      const y = floor === 0 ? 0.95 : 3.1 + (floor - 1) * 2.8 + 0.65;
      return {
        s0: middle - 0.5,
        s1: middle + 0.5,
        y0: y,
        y1: y + 1.5,
        light: random.uniform() < 0.06 ? 0.2 : 0,
        bars: [2, 1] as const,
      };
    });
    wallWithOpenings(mesh, wall, width, height, openings, face, frame, pane);
    slab(mesh, wall, (door + 0.5) * bay - 0.5, (door + 0.5) * bay + 0.5, 0.05, 2.05, -0.14, -0.08, doors[i % 3]!);
    mesh.box(x + width / 2, quay, z + 5.4, width - 0.03, height, 10, face);
    const alongX = random.uniform() < 0.45;
    gableRoof(
      mesh,
      x,
      x + width,
      z,
      z + 10,
      quay + height,
      quay + height + (alongX ? 3 : width * 0.62),
      alongX,
      roofs[i % 3]!,
      face,
      alongX ? 0.25 : 0.15,
    );
    mesh.box(x + width * 0.75, quay + height + 1, z + 4, 0.7, 2.6, 0.7, face);
    slab(mesh, wall, 0, width, height - 0.18, height, 0, 0.14, frame);
    x += width + (random.uniform() < 0.12 ? 1.6 : 0.02);
  }
}

interface BoatPaint {
  readonly hull: number;
  readonly trim: number;
  readonly deck: number;
  readonly spar: number;
  readonly pane: number;
  readonly sail: number;
}

/** A boat from its stern, `long` metres, bow towards `turn`. */
function boat(
  mesh: Mesh,
  x: number,
  z: number,
  long: number,
  turn: number,
  paint: BoatPaint,
  kind: 'sail' | 'fishing' | 'row',
): void {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const p = (ahead: number, up: number, side: number): Triple => [
    x + long * (ahead * s + side * c),
    long * up,
    z + long * (ahead * c - side * s),
  ];
  const shape = (t: number): readonly [number, number] => [
    0.165 * Math.sin(Math.PI * Math.min(1, 0.28 + 0.72 * t)) ** 0.75 * (1 - 0.05 * t),
    0.105 + 0.055 * (2 * t - 0.7) ** 2,
  ];
  const skin = (low: number, high: number, out: number, material: number): void => {
    for (const side of [-1, 1]) {
      mesh.grid(
        5,
        25,
        (i, j) => {
          const t = j / 24;
          const k = mix(low, high, i / 4);
          const [wide, free] = shape(t);
          const rake = t > 0.8 ? (t - 0.8) * 0.35 * k : 0;
          return p(t - 0.5 + rake, -0.035 + (free + 0.035) * k, side * (wide + out) * (0.35 + 0.65 * k ** 0.6));
        },
        material,
      );
    }
  };
  skin(0, 0.86, 0, paint.hull);
  skin(0.84, 1, 0.004, paint.trim);
  mesh.grid(
    2,
    25,
    (i, j) => p(j / 24 - 0.5, shape(j / 24)[1] * 0.8, (i * 2 - 1) * shape(j / 24)[0] * 0.96),
    paint.deck,
  );
  mesh.grid(
    2,
    5,
    (i, j) => p(-0.5, mix(-0.035, shape(0)[1], j / 4), (i * 2 - 1) * shape(0)[0] * (0.35 + 0.65 * (j / 4) ** 0.6)),
    paint.hull,
  );
  if (kind === 'row') {
    for (const t of [-0.2, 0.05, 0.3])
      mesh.bar(p(t, 0.1, -0.15), p(t, 0.1, 0.15), 0.014 * long, 0.014 * long, paint.spar, 0, 5);
    return;
  }
  const cabin = (from: number, to: number, top: number, wide: number): void => {
    const m = p((from + to) / 2, 0.09, 0);
    mesh.box(m[0], m[1], m[2], wide * long, (top - 0.09) * long, (to - from) * long, paint.trim, 0, turn);
    mesh.box(
      m[0],
      long * (top - 0.055),
      m[2],
      wide * long + 0.02,
      0.03 * long,
      (to - from) * long * 0.86,
      paint.pane,
      0,
      turn,
    );
    mesh.box(m[0], long * top, m[2], wide * long + 0.12, 0.05, (to - from) * long + 0.12, paint.spar, 0, turn);
  };
  if (kind === 'fishing') {
    cabin(-0.28, -0.04, 0.33, 0.17);
    mesh.bar(p(0.08, 0.1, 0), p(0.06, 0.62, 0), 0.011 * long, 0.006 * long, paint.spar);
    mesh.bar(p(0.08, 0.2, 0), p(0.4, 0.44, 0), 0.007 * long, 0.005 * long, paint.spar);
    for (const [a, b] of [
      [p(0.06, 0.6, 0), p(0.5, 0.2, 0)],
      [p(0.06, 0.6, 0), p(-0.48, 0.16, 0)],
      [p(0.06, 0.56, 0), p(0.4, 0.44, 0)],
    ] as const)
      mesh.bar(a, b, 0.012, 0.012, paint.spar, 0, 4);
    return;
  }
  cabin(-0.12, 0.2, 0.165, 0.15);
  mesh.bar(p(0.12, 0.1, 0), p(0.11, 1.35, 0), 0.0085 * long, 0.005 * long, paint.spar);
  mesh.bar(p(0.11, 0.24, 0), p(-0.36, 0.245, 0), 0.007 * long, 0.007 * long, paint.spar);
  mesh.bar(p(0.08, 0.262, 0), p(-0.34, 0.266, 0), 0.02 * long, 0.014 * long, paint.sail, 0, 9);
  for (const [a, b] of [
    [p(0.11, 1.33, 0), p(0.52, 0.16, 0)],
    [p(0.11, 1.33, 0), p(-0.5, 0.13, 0)],
    [p(0.11, 0.95, 0), p(0.1, 0.12, 0.15)],
    [p(0.11, 0.95, 0), p(0.1, 0.12, -0.15)],
  ] as const)
    mesh.bar(a, b, 0.011, 0.011, paint.spar, 0, 4);
  mesh.bar(p(0.11, 0.95, -0.06), p(0.11, 0.95, 0.06), 0.012, 0.012, paint.spar, 0, 4);
}

function boats(mesh: Mesh): void {
  const enamel = (hue: Triple): number =>
    mesh.paint((out, x, y, z) => {
      colour(out, ...hue, mix(0.85, 1.05, fbm(x * 2 + z * 2, y * 3, 3)) * (y < 0.12 ? 0.45 : 1));
      out.mirror = 0.05;
    });
  const spar = mesh.paint((out) => colour(out, 0.5, 0.38, 0.24));
  const pane = mesh.paint(glass);
  const sail = mesh.paint((out) => colour(out, 0.1, 0.16, 0.3));
  const deck = mesh.paint((out, x, _y, z) => colour(out, 0.42, 0.33, 0.22, mix(0.7, 1.1, noise(x * 12, z * 2))));
  const white = enamel([0.75, 0.75, 0.72]);
  const rig = (hull: Triple, trim = white): BoatPaint => ({ hull: enamel(hull), trim, deck, spar, pane, sail });
  boat(mesh, 1.6, 13.5, 7.6, -1.15, rig([0.06, 0.16, 0.32]), 'fishing');
  boat(mesh, -3.6, 8.4, 3.4, 0.7, rig([0.55, 0.1, 0.07]), 'row');
  boat(mesh, 8.5, 22, 9, -1.4, rig([0.72, 0.72, 0.7], enamel([0.1, 0.2, 0.35])), 'sail');
  boat(mesh, -7.2, 21, 8.4, 0.35, rig([0.08, 0.24, 0.17]), 'fishing');
  boat(mesh, -9.6, 32, 8, 0.15, rig([0.74, 0.73, 0.7]), 'sail');
  boat(mesh, 3, 33, 9.4, 1.5, rig([0.36, 0.07, 0.06]), 'sail');
  boat(mesh, 17, 36, 9, -1.3, rig([0.7, 0.56, 0.16]), 'fishing');
  boat(mesh, 24, 42, 9.6, 1.3, rig([0.74, 0.74, 0.72]), 'sail');
  boat(mesh, -4, 41.5, 7, 1.6, rig([0.12, 0.3, 0.42]), 'fishing');
  boat(mesh, 11, 42.5, 8.8, -1.5, rig([0.75, 0.75, 0.73]), 'sail');
}

/** Bollards, piles, crates and people on the quay. */
function furnish(mesh: Mesh, random: Random): void {
  const iron = mesh.paint((out, x, y) => colour(out, 0.05, 0.048, 0.046, mix(0.6, 1.5, noise(x * 9, y * 9))));
  for (let z = 4; z < 46; z += 6) {
    mesh.bar([-13.8, quay, z], [-13.8, quay + 0.5, z], 0.16, 0.13, iron, 0, 10);
    mesh.ball(-13.8, quay + 0.52, z, 0.23, 0.1, 0.23, iron);
  }
  const pile = mesh.paint((out, x, y, z) =>
    colour(out, 0.17, 0.13, 0.09, mix(0.45, 1.2, fbm(x * 9 + z * 9, y * 1.5, 4)) * mix(0.4, 1, ramp(0.1, 0.9, y))),
  );
  for (const [x, z] of [
    [-1.2, 17.5],
    [5.4, 17.8],
    [5.6, 27],
    [-6, 14.5],
    [12.6, 27],
    [-2.8, 27.6],
    [7.4, 10.6],
  ] as const)
    mesh.bar([x, -1.5, z], [x + 0.05, random.between(1.7, 2.3), z], 0.17, 0.15, pile, 0, 12);
  const dress = (hue: Triple) => ({
    coat: mesh.paint((out) => colour(out, ...hue)),
    legs: mesh.paint((out) => colour(out, 0.05, 0.06, 0.09)),
    skin: mesh.paint((out) => colour(out, 0.45, 0.28, 0.2)),
    hair: iron,
  });
  figure(mesh, [-15.4, quay, 27], 1.75, 2.6, dress([0.6, 0.4, 0.06]));
  figure(mesh, [-16.2, quay, 36], 1.7, 0.3, dress([0.12, 0.2, 0.35]));
  for (const [x, hue] of [
    [-6, [0.5, 0.1, 0.08]],
    [1.5, [0.1, 0.2, 0.35]],
    [2.3, [0.6, 0.58, 0.5]],
    [13, [0.14, 0.14, 0.15]],
    [20, [0.55, 0.4, 0.1]],
  ] as const)
    figure(mesh, [x, quay, 49.5], 1.72, 1.5, dress(hue));
  const crate = mesh.paint((out, x, y, z) => {
    const c = cells(x * 3, y * 3 + z);
    colour(out, 0.1, 0.26, 0.36, mix(0.7, 1.1, c.id));
  });
  for (let k = 0; k < 9; k++)
    mesh.box(
      -15 - (k % 3) * 0.1,
      quay + Math.floor(k / 3) * 0.32,
      20 + (k % 3) * 0.72,
      0.8,
      0.3,
      0.6,
      crate,
      0,
      0.1 * (k % 4),
    );
  const wood = mesh.paint(bark);
  const leaves = mesh.paint(leafOf([0.04, 0.08, 0.02], [0.15, 0.22, 0.05]));
  for (let i = 0; i < 34; i++) {
    const x = -75 + i * 5 + random.normal() * 2;
    tree(
      mesh,
      [x, 6 + 5 * noise(i * 0.3, 1), random.between(74, 96)],
      random.between(9, 15),
      3600,
      0.5,
      random,
      wood,
      leaves,
    );
  }
}

function hills(mesh: Mesh): void {
  const grass = mesh.paint((out, x, y, z) => {
    const f = fbm(x * 0.05, z * 0.05, 5);
    colour(out, mix(0.07, 0.16, f), mix(0.11, 0.18, f), 0.05, mix(0.8, 1.1, noise(y, x)));
  });
  mesh.grid(
    50,
    120,
    (i, j) => {
      const z = 64 + 500 * (i / 49) ** 1.6;
      const x = ((j / 119) * 2 - 1) * (120 + 0.7 * z);
      return [x, 1 + ramp(64, 300, z) * (22 + 95 * fbm(x * 0.006 + 3, z * 0.005, 5) * ramp(-260, 120, -x + 60)), z];
    },
    grass,
  );
}

function build(): Mesh {
  const mesh = new Mesh();
  const random = randomFromSeed(4);
  quays(mesh);
  houses(mesh, random);
  boats(mesh);
  furnish(mesh, random);
  hills(mesh);
  water(
    mesh,
    [0.012, 0.04, 0.042],
    0,
    [
      [-400, -60],
      [400, 60],
    ],
    0.075,
    0.75,
  );
  return mesh;
}

/** A small harbour with coloured houses and boats, in low sun. */
export function harbour(): Scene {
  const sun = unit([0.72, 0.42, -0.62]);
  return {
    name: 'harbour',
    title: 'Harbour',
    mesh: build(),
    camera: { from: [-4.2, 3.3, -2.5], to: [1.4, 4.4, 30], zoom: 2.05 },
    sun: { direction: sun, colour: [2.9, 2.4, 1.7], size: 0.012 },
    sky: cloudySky({
      zenith: [0.15, 0.27, 0.52],
      horizon: [0.7, 0.72, 0.74],
      cloud: [1.15, 1.05, 0.95],
      cloudShade: [0.5, 0.53, 0.6],
      cover: 0.6,
      seed: 27,
      sun,
      glare: [0.5, 0.42, 0.3],
    }),
    haze: { colour: [0.62, 0.69, 0.77], distance: 420, height: 70 },
    exposure: 0.92,
    ambient: [0.16, 0.165, 0.17],
  };
}
