import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { figure } from './figures.ts';
import { brick, cobbles, gableRoof, glass, plaster, slab, tiles, wallWithOpenings } from './houses.ts';
import type { Wall } from './houses.ts';
import { Mesh, unit } from './mesh.ts';
import type { Triple } from './mesh.ts';
import { fbm, hash, mix, noise } from './noise.ts';
import { cluster, colour, leafOf, leaf } from './plants.ts';
import { cloudySky } from './sky.ts';
import type { Lamp, Scene } from './tracer.ts';

/** Goods of a crate: a ball's size, its colour and how much single ones differ. */
interface Goods {
  readonly size: number;
  readonly skin: number;
  readonly tall: number;
}

interface Stock {
  readonly goods: readonly Goods[];
  readonly crate: number;
  readonly pole: number;
  readonly cloths: readonly number[];
  readonly leaves: number;
  readonly flowers: readonly number[];
  readonly bulb: number;
  readonly paper: number;
}

function stock(mesh: Mesh): Stock {
  const fruit = (ripe: Triple, green: Triple, size: number, tall = 1): Goods => ({
    size,
    tall,
    skin: mesh.paint((out, x, y, z, _nx, _ny, _nz, tag) => {
      const t = mix(tag, noise(x * 25, y * 25 + z * 25), 0.35);
      colour(out, mix(ripe[0], green[0], t), mix(ripe[1], green[1], t), mix(ripe[2], green[2], t));
      out.mirror = 0.04;
      out.rough = 0.25;
    }),
  });
  const stripes = (a: Triple, b: Triple): number =>
    mesh.paint((out, x, y, z) => {
      const u = x * 2.1 + z * 2.1;
      colour(out, ...(u - Math.floor(u) < 0.5 ? a : b), mix(0.8, 1.05, fbm(x * 2, z * 2 + y, 3)));
      out.through = 0.55;
      out.tiltX = 0.14 * (noise(x * 1.7, z * 1.7) - 0.5);
    });
  return {
    goods: [
      fruit([0.56, 0.05, 0.03], [0.5, 0.26, 0.06], 0.044),
      fruit([0.78, 0.3, 0.02], [0.8, 0.42, 0.05], 0.046),
      fruit([0.28, 0.42, 0.05], [0.4, 0.5, 0.12], 0.045),
      fruit([0.8, 0.6, 0.05], [0.7, 0.62, 0.1], 0.04, 1.25),
      fruit([0.62, 0.07, 0.03], [0.66, 0.12, 0.04], 0.038, 0.85),
      fruit([0.14, 0.03, 0.1], [0.2, 0.06, 0.14], 0.05, 1.2),
      fruit([0.36, 0.22, 0.11], [0.44, 0.3, 0.17], 0.04, 0.85),
      fruit([0.16, 0.28, 0.06], [0.3, 0.44, 0.16], 0.085),
    ],
    crate: mesh.paint((out, x, y, z) =>
      colour(out, 0.42, 0.29, 0.16, mix(0.55, 1.15, fbm(x * 8 + z * 3, y * 14 + z * 5, 3))),
    ),
    pole: mesh.paint((out) => colour(out, 0.36, 0.34, 0.31)),
    cloths: [
      stripes([0.62, 0.09, 0.06], [0.74, 0.7, 0.62]),
      stripes([0.08, 0.3, 0.17], [0.74, 0.71, 0.62]),
      stripes([0.8, 0.46, 0.06], [0.76, 0.72, 0.62]),
      stripes([0.09, 0.19, 0.4], [0.75, 0.72, 0.66]),
      stripes([0.7, 0.64, 0.52], [0.66, 0.6, 0.48]),
    ],
    leaves: mesh.paint(leafOf([0.05, 0.11, 0.02], [0.2, 0.33, 0.07])),
    flowers: (
      [
        [
          [0.6, 0.08, 0.12],
          [0.8, 0.25, 0.3],
        ],
        [
          [0.75, 0.5, 0.05],
          [0.9, 0.75, 0.2],
        ],
        [
          [0.5, 0.25, 0.6],
          [0.7, 0.5, 0.8],
        ],
        [
          [0.8, 0.75, 0.7],
          [0.9, 0.88, 0.85],
        ],
      ] as [Triple, Triple][]
    ).map(([a, b]) => mesh.paint(leafOf(a, b))),
    bulb: mesh.paint((out) => void ([out.glowR, out.glowG, out.glowB] = [9, 6.4, 3.4])),
    paper: mesh.paint((out, x, y, z) => {
      const ink = noise(x * 60 + z * 60, 3) > 0.45 && Math.abs(((y * 14) % 1) - 0.5) < 0.22 ? 0.15 : 1;
      colour(out, 0.78, 0.76, 0.68, ink);
    }),
  };
}

/** A stall whose counter faces the middle of the square: sloping tables of crates under an awning. */
function stall(
  mesh: Mesh,
  side: number,
  z: number,
  width: number,
  kind: number,
  random: Random,
  s: Stock,
  lamps: Lamp[],
): void {
  const front = side * 1.75;
  const at = (out: number, along: number): readonly [number, number] => [front + side * out, z + along];
  const cloth = s.cloths[kind % s.cloths.length]!;
  for (const along of [0.08, width - 0.08])
    for (const out of [0, 2.1]) {
      const [x, pz] = at(out, along);
      mesh.bar([x, 0, pz], [x, out ? 2.75 : 2.3, pz], 0.025, 0.025, s.pole, 0, 7);
    }
  const sag = (t: number): number => 0.06 * Math.sin(Math.PI * t);
  mesh.grid(
    9,
    17,
    (i, j) => {
      const [t, u] = [i / 8, j / 16];
      const [x, pz] = at(mix(-0.55, 2.3, t), mix(-0.1, width + 0.1, u));
      return [x, mix(2.16, 2.86, t) - sag(t) - 0.03 * Math.sin(u * Math.PI * 4) ** 2, pz];
    },
    cloth,
  );
  mesh.grid(
    3,
    41,
    (i, j) => {
      const u = j / 40;
      const [x, pz] = at(-0.55, mix(-0.1, width + 0.1, u));
      return [x, 2.16 - (i / 2) * (0.17 + 0.05 * Math.abs(Math.sin(u * width * 5.3))), pz];
    },
    cloth,
  );
  const skirt = at(0.08, width / 2);
  mesh.box(skirt[0], 0.02, skirt[1], 0.05, 0.66, width - 0.1, cloth);
  const columns = Math.floor((width - 0.1) / 0.58);
  for (let row = 0; row < 3; row++) {
    for (let k = 0; k < columns; k++) {
      const [x, pz] = at(0.35 + row * 0.46, 0.1 + (k + 0.5) * ((width - 0.2) / columns));
      const y = 0.66 + row * 0.15;
      if (kind % 5 === 2) bunch(mesh, [x, y, pz], random, s);
      else
        crate(
          mesh,
          [x, y, pz],
          s.goods[Math.floor(hash(k, row, kind + 40) * 1.999 + kind * 1.7 + k * 0.8) % s.goods.length]!,
          random,
          s,
          side,
        );
    }
  }
  for (let k = 0; k < 2; k++) {
    const [x, pz] = at(0.55, (k + 0.5) * (width / 2));
    mesh.ball(x, 2.02, pz, 0.06, 0.075, 0.06, s.bulb);
    mesh.bar([x, 2.08, pz], [x, 2.4, pz], 0.006, 0.006, s.pole, 0, 4);
    lamps.push({ at: [x, 1.98, pz], colour: [1.9, 1.25, 0.62] });
  }
}

/** A crate tilted to the buyer, full of one kind of goods, with a price card. */
function crate(mesh: Mesh, at: Triple, { size, skin, tall }: Goods, random: Random, s: Stock, side: number): void {
  const [w, d] = [0.4, 0.52];
  for (const k of [-1, 1]) {
    mesh.box(at[0], at[1] - 0.12, at[2] + (k * d) / 2, w, 0.2, 0.018, s.crate);
    mesh.box(at[0] + (k * w) / 2, at[1] - 0.12, at[2], 0.018, 0.2, d, s.crate);
  }
  mesh.box(at[0], at[1] - 0.5, at[2], w, 0.45, d, s.crate);
  const step = size * 1.75;
  for (let layer = 0; layer < 2; layer++) {
    const rim = layer * size * 1.1;
    for (let x = -w / 2 + size + rim; x <= w / 2 - size - rim + 0.01; x += step) {
      for (let z = -d / 2 + size + rim; z <= d / 2 - size - rim + 0.01; z += step) {
        const j = (): number => 0.25 * size * random.normal();
        mesh.ball(
          at[0] + x + j(),
          at[1] + 0.06 + layer * size * 1.2 + 0.3 * j(),
          at[2] + z + j(),
          size,
          size * tall,
          size,
          skin,
          random.uniform(),
          6,
        );
      }
    }
  }
  if (random.uniform() < 0.6) {
    const x = at[0] - side * 0.16;
    mesh.box(x, at[1] + 0.12, at[2] + random.between(-0.15, 0.15), 0.008, 0.1, 0.14, s.paper, 0, 0);
  }
  if (random.uniform() < 0.35)
    for (let i = 0; i < 40; i++)
      leaf(
        mesh,
        [at[0] + random.between(-0.2, 0.2), at[1] + 0.1, at[2] + random.between(-0.26, 0.26)],
        0.07,
        random,
        s.leaves,
      );
}

/** A bucket of flowers. */
function bunch(mesh: Mesh, at: Triple, random: Random, s: Stock): void {
  mesh.bar([at[0], at[1] - 0.2, at[2]], [at[0], at[1] + 0.14, at[2]], 0.11, 0.15, s.pole, 0, 12);
  cluster(mesh, [at[0], at[1] + 0.27, at[2]], [0.19, 0.15, 0.19], 90, 0.08, random, s.leaves);
  cluster(
    mesh,
    [at[0], at[1] + 0.4, at[2]],
    [0.2, 0.12, 0.2],
    90,
    0.06,
    random,
    s.flowers[random.below(s.flowers.length)]!,
  );
}

/** House fronts round the square and a church tower behind. */
function fronts(mesh: Mesh, random: Random): void {
  const faces = [
    plaster([0.68, 0.56, 0.38]),
    plaster([0.62, 0.36, 0.25]),
    brick([0.34, 0.15, 0.1]),
    plaster([0.66, 0.62, 0.54]),
    plaster([0.46, 0.5, 0.47]),
  ].map((m) => mesh.paint(m));
  const frame = mesh.paint((out) => colour(out, 0.6, 0.58, 0.54));
  const pane = mesh.paint(glass);
  const roof = mesh.paint(tiles([0.32, 0.13, 0.08]));
  const shutter = mesh.paint((out, _x, y) =>
    colour(out, 0.12, 0.22, 0.2, mix(0.7, 1, Math.abs(((y * 16) % 1) - 0.5) * 2)),
  );
  const row = (
    wall: (s: number) => Wall,
    from: number,
    to: number,
    put: (s: number, width: number, height: number, face: number) => void,
  ): void => {
    let s = from;
    while (s < to) {
      const width = random.between(5.5, 8);
      const storeys = 3 + random.below(2);
      const height = 3.6 + (storeys - 1) * 3;
      const face = faces[random.below(faces.length)]!;
      const count = Math.round(width / 2.1);
      const w = wall(s);
      const openings = Array.from({ length: storeys * count }, (_, k) => {
        const [floor, middle] = [Math.floor(k / count), ((k % count) + 0.5) * (width / count)];
        const y = floor === 0 ? 0.6 : 3.6 + (floor - 1) * 3 + 0.6;
        if (floor)
          for (const e of [-0.83, 0.52])
            slab(mesh, w, middle + e, middle + e + 0.31, y - 0.05, y + 1.8, 0, 0.04, shutter);
        return {
          s0: middle - 0.5,
          s1: middle + 0.5,
          y0: y,
          y1: y + (floor ? 1.75 : 2.1),
          light: random.uniform() < 0.2 ? 0.25 : 0,
          bars: [2, 1] as const,
        };
      });
      wallWithOpenings(mesh, w, width, height, openings, face, frame, pane);
      slab(mesh, w, 0, width, height - 0.25, height, 0, 0.3, frame);
      put(s, width, height, face);
      s += width + 0.02;
    }
  };
  for (const side of [-1, 1]) {
    row(
      (s) => ({ at: [side * 7.5, 0, s], u: [0, 1], n: [-side, 0] }),
      -6,
      36,
      (s, width, height, face) => {
        mesh.box(side * 12, 0, s + width / 2, 8.4, height, width - 0.03, face);
        mesh.quad(
          [side * 7.2, height, s],
          [side * 11.5, height + 3, s],
          [side * 11.5, height + 3, s + width],
          [side * 7.2, height, s + width],
          roof,
        );
      },
    );
  }
  row(
    (s) => ({ at: [s, 0, 42], u: [1, 0], n: [0, -1] }),
    -16,
    15,
    (s, width, height, face) => {
      mesh.box(s + width / 2, 0, 47, width - 0.03, height, 9, face);
      gableRoof(mesh, s, s + width, 42, 51, height, height + 3.4, true, roof, face, 0.3);
    },
  );
  const stone = mesh.paint(brick([0.42, 0.36, 0.28]));
  mesh.box(-3.2, 0, 62, 6, 22, 6, stone);
  mesh.box(-3.2, 22, 62, 6.5, 0.5, 6.5, frame);
  mesh.bar([-3.2, 22.4, 62], [-3.2, 34, 62], 3.9, 0.05, mesh.paint(tiles([0.14, 0.19, 0.18])), 0, 8);
  for (const x of [-4.4, -2]) mesh.box(x, 16.5, 58.98, 0.9, 3, 0.1, pane, 0);
}

function people(mesh: Mesh, random: Random): void {
  const matt = (hue: Triple): number =>
    mesh.paint((out, x, y) => colour(out, ...hue, mix(0.85, 1.1, noise(x * 14, y * 14))));
  const skin = matt([0.46, 0.29, 0.21]);
  const hair = [matt([0.05, 0.035, 0.025]), matt([0.2, 0.12, 0.06]), matt([0.35, 0.34, 0.33])];
  const coats = (
    [
      [0.12, 0.2, 0.34],
      [0.5, 0.09, 0.07],
      [0.56, 0.45, 0.26],
      [0.08, 0.09, 0.1],
      [0.16, 0.27, 0.19],
      [0.62, 0.6, 0.56],
      [0.6, 0.38, 0.06],
    ] as Triple[]
  ).map(matt);
  const legs = [matt([0.05, 0.06, 0.1]), matt([0.16, 0.13, 0.1]), matt([0.03, 0.03, 0.035])];
  const spots: readonly (readonly [number, number, number])[] = [
    [-0.55, 7.4, 0.2],
    [0.95, 8.8, 1.5],
    [-1.1, 10.8, -1.4],
    [0.3, 13, 3.1],
    [1.05, 15.6, 1.4],
    [-0.6, 17.5, 0.3],
    [-1, 20.5, 3],
    [0.4, 23, 0.1],
    [1, 27, 2.9],
    [-0.2, 30, 3.3],
    [-3.5, 8.6, 1.6],
    [3.5, 12.4, -1.5],
    [-3.5, 16, 1.5],
    [3.5, 19.6, -1.6],
    [3.5, 6.1, -1.5],
    [-0.2, 9.6, 2.9],
    [0.75, 11.4, 0.2],
    [-1.15, 14.6, -1.5],
    [0.1, 19, 0.1],
    [-0.9, 25, 0.2],
    [0.9, 21.6, 3.1],
  ];
  spots.forEach(([x, z, turn], i) => {
    figure(mesh, [x, 0, z], random.between(1.6, 1.84), turn, {
      coat: coats[i % coats.length]!,
      legs: legs[i % 3]!,
      skin,
      hair: hair[(i * 2) % 3]!,
    });
  });
}

function build(): { mesh: Mesh; lamps: Lamp[] } {
  const mesh = new Mesh();
  const random = randomFromSeed(19);
  const lamps: Lamp[] = [];
  const ground = mesh.paint(cobbles([0.27, 0.25, 0.225], 0.16, 0.07));
  mesh.quad([-60, 0, -20], [-60, 0, 120], [60, 0, 120], [60, 0, -20], ground);
  fronts(mesh, random);
  const s = stock(mesh);
  for (const side of [-1, 1]) {
    for (let k = 0; k < 7; k++)
      stall(mesh, side, 1.9 + k * 3.9 + (side > 0 ? 0.7 : 0), 3.3, side > 0 ? k * 2 + 1 : k * 3, random, s, lamps);
  }
  people(mesh, random);
  return { mesh, lamps };
}

/** A market on a square between old houses. */
export function market(): Scene {
  const { mesh, lamps } = build();
  const sun = unit([-0.5, 0.66, 0.28]);
  return {
    name: 'market',
    title: 'Market',
    mesh,
    lamps,
    camera: { from: [0.15, 1.72, 0.2], to: [-0.1, 1.75, 14], zoom: 1.45 },
    sun: { direction: sun, colour: [2.5, 2.15, 1.6], size: 0.03 },
    sky: cloudySky({
      zenith: [0.24, 0.36, 0.58],
      horizon: [0.78, 0.8, 0.82],
      cloud: [1.2, 1.15, 1.08],
      cloudShade: [0.6, 0.63, 0.68],
      cover: 0.6,
      seed: 51,
      sun,
      glare: [0.6, 0.5, 0.35],
    }),
    haze: { colour: [0.72, 0.74, 0.76], distance: 190, height: 40 },
    exposure: 1.15,
    ambient: [0.2, 0.19, 0.18],
  };
}
