import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { car, figure, lampPost } from './figures.ts';
import { brick, glass, plaster, slab, tiles, wallWithOpenings } from './houses.ts';
import type { Opening, Wall } from './houses.ts';
import { Mesh, unit } from './mesh.ts';
import type { Triple } from './mesh.ts';
import { fbm, mix, noise, ramp } from './noise.ts';
import { colour } from './plants.ts';
import { cloudySky } from './sky.ts';
import type { Lamp, Scene } from './tracer.ts';

const half = 5.6; // from the middle of the street to the house fronts
const kerb = 3.3;

/** Wet asphalt with a broken line, puddles and patches. */
function roadway(mesh: Mesh): void {
  const asphalt = mesh.paint((out, x, _y, z, _nx, _ny, _nz, _tag, distance) => {
    const puddle = ramp(0.5, 0.6, fbm(x * 0.3 + 4, z * 0.16, 4) + 0.06 * ramp(2.4, 3.3, Math.abs(x)));
    const grain = mix(0.5, 1.35, noise(x * 45, z * 45)) * mix(0.75, 1.15, fbm(x * 0.8, z * 0.3, 4));
    const line = Math.abs(x) < 0.06 && (((z / 4) % 1) + 1) % 1 < 0.5 ? mix(0.25, 1, fbm(x * 20, z * 6, 3)) : 0;
    colour(
      out,
      mix(0.045 * grain, 0.42, line),
      mix(0.045 * grain, 0.41, line),
      mix(0.048 * grain, 0.38, line),
      mix(1, 0.55, puddle),
    );
    out.mirror = mix(0.09, 0.28, puddle);
    out.rough = mix(0.16, 0.01, puddle);
    const bump = mix(0.13, 0.005, puddle) / (1 + distance * 0.14);
    out.tiltX = bump * (noise(x * 30, z * 30) - 0.5);
    out.tiltZ = bump * (noise(x * 30 + 9, z * 30) - 0.5);
  });
  mesh.quad([-kerb, 0, -10], [-kerb, 0, 140], [kerb, 0, 140], [kerb, 0, -10], asphalt);
  const flags = mesh.paint((out, x, y, z) => {
    const joint = Math.min(Math.abs(x * 1.5 - Math.round(x * 1.5)), Math.abs(z * 1.2 - Math.round(z * 1.2)));
    const grey = mix(0.11, 0.19, fbm(x * 1.3, z * 1.3, 4)) * mix(0.35, 1, ramp(0, 0.03, joint)) * (y < 0.13 ? 0.8 : 1);
    colour(out, grey, grey * 0.97, grey * 0.93);
    const wet = ramp(0.42, 0.62, fbm(x * 0.8, z * 0.5 + 8, 3));
    out.mirror = mix(0.05, 0.2, wet);
    out.rough = mix(0.3, 0.04, wet);
  });
  for (const side of [-1, 1]) mesh.box((side * (kerb + half)) / 2, 0, 65, half - kerb, 0.14, 150, flags);
}

interface Paints {
  readonly walls: readonly number[];
  readonly frame: number;
  readonly pane: number;
  readonly roof: number;
  readonly dark: number;
  readonly awnings: readonly number[];
  readonly sign: number;
}

/** One house of a row: a shop below, rooms with windows above, a cornice, a roof with chimney. Gives light for its shop. */
function house(mesh: Mesh, side: number, z: number, width: number, random: Random, paints: Paints): Lamp | null {
  const storeys = 3 + random.below(3);
  const height = 3.7 + (storeys - 1) * 3.05 + 0.6;
  const x = side * (half + random.between(0, 0.12));
  const wall: Wall = { at: [x, 0.14, z], u: [0, 1], n: [-side, 0] };
  const face = paints.walls[random.below(paints.walls.length)]!;
  const count = Math.max(2, Math.round(width / 2.3));
  const bay = width / count;
  const openings: Opening[] = [];
  const open = random.uniform() < 0.85;
  const tag = open ? random.between(0.55, 1) : 0;
  openings.push({ s0: 0.5, s1: width - 2, y0: 0.5, y1: 2.85, light: tag, bars: [0, Math.max(1, count - 2)] });
  openings.push({ s0: width - 1.55, s1: width - 0.5, y0: 0.02, y1: 2.6, light: tag * 0.5, bars: [1, 0] });
  for (let floor = 1; floor < storeys; floor++) {
    const y = 3.7 + (floor - 1) * 3.05 + 0.75;
    for (let k = 0; k < count; k++) {
      const lit = random.uniform() < 0.36 ? random.between(0.12, 0.75) : 0;
      openings.push({
        s0: (k + 0.5) * bay - 0.5,
        s1: (k + 0.5) * bay + 0.5,
        y0: y,
        y1: y + 1.75,
        light: lit,
        bars: [1, 1],
      });
    }
  }
  wallWithOpenings(mesh, wall, width, height, openings, face, paints.frame, paints.pane, 0.2);
  slab(mesh, wall, 0, width, 3.1, 3.35, 0, 0.16, paints.frame);
  slab(mesh, wall, 0, width, height - 0.35, height, 0, 0.32, paints.frame);
  slab(mesh, wall, 0, width, height - 0.5, height - 0.35, 0, 0.18, paints.frame);
  mesh.box(x + side * 4.4, 0, z + width / 2, 8, height, width - 0.04, face);
  mesh.quad(
    [x, height + 0.14, z],
    [x + side * 3, height + 2.4, z],
    [x + side * 3, height + 2.4, z + width],
    [x, height + 0.14, z + width],
    paints.roof,
  );
  mesh.box(x + side * 2.4, height, z + width * 0.8, 0.6, 3.2, 0.9, face);
  mesh.bar([x - side * 0.09, 0.1, z + 0.08], [x - side * 0.09, height, z + 0.08], 0.05, 0.05, paints.dark, 0, 7);
  if (random.uniform() < 0.55) {
    const cloth = paints.awnings[random.below(paints.awnings.length)]!;
    const [a, b] = [z + 0.3, z + width - 1.8];
    mesh.quad([x, 3.1, a], [x, 3.1, b], [x - side * 1.25, 2.45, b], [x - side * 1.25, 2.45, a], cloth);
    mesh.quad(
      [x - side * 1.25, 2.45, a],
      [x - side * 1.25, 2.45, b],
      [x - side * 1.25, 2.22, b],
      [x - side * 1.25, 2.22, a],
      cloth,
    );
  } else if (random.uniform() < 0.7) {
    const at = z + width - 0.3;
    mesh.box(x - side * 0.5, 3.5, at, 0.75, 0.62, 0.09, paints.sign, random.uniform());
  }
  return tag > 0.3 ? { at: [x - side * 0.9, 1.9, z + width / 2 - 0.6], colour: [4.6 * tag, 3 * tag, 1.5 * tag] } : null;
}

function build(): { mesh: Mesh; lamps: Lamp[] } {
  const mesh = new Mesh();
  const random = randomFromSeed(14);
  roadway(mesh);
  const cloth = (a: Triple, b: Triple): number =>
    mesh.paint((out, _x, _y, z) => {
      colour(out, ...((((z * 2.6) % 1) + 1) % 1 < 0.5 ? a : b));
      out.through = 0.5;
    });
  const paints: Paints = {
    walls: [
      brick([0.3, 0.13, 0.085]),
      plaster([0.46, 0.39, 0.29]),
      plaster([0.42, 0.31, 0.22]),
      plaster([0.35, 0.36, 0.35]),
      brick([0.24, 0.15, 0.11]),
      plaster([0.5, 0.46, 0.4]),
    ].map((m) => mesh.paint(m)),
    frame: mesh.paint((out, x, y, z) => colour(out, 0.42, 0.4, 0.36, mix(0.75, 1.05, noise(x * 3 + z * 3, y * 3)))),
    pane: mesh.paint(glass),
    roof: mesh.paint(tiles([0.17, 0.12, 0.1])),
    dark: mesh.paint((out) => colour(out, 0.03, 0.03, 0.032)),
    awnings: [
      cloth([0.4, 0.05, 0.05], [0.55, 0.5, 0.42]),
      cloth([0.05, 0.16, 0.1], [0.5, 0.48, 0.4]),
      cloth([0.06, 0.1, 0.22], [0.5, 0.47, 0.42]),
    ],
    sign: mesh.paint((out, x, y, _z, _nx, _ny, _nz, tag) => {
      colour(out, mix(0.05, 0.3, tag), 0.08, mix(0.2, 0.05, tag));
      const letters = Math.abs(y - 3.81) < 0.09 && noise(x * 38 + tag * 99, 1) > 0.45;
      [out.glowR, out.glowG, out.glowB] = letters ? [1.4, 1.2, 0.8] : [0.02, 0.02, 0.02];
    }),
  };
  const lamps: Lamp[] = [];
  for (const side of [-1, 1]) {
    let z = -9 + 2 * side;
    while (z < 105) {
      const width = random.between(5.6, 8.6);
      const lamp = house(mesh, side, z, width, random, paints);
      if (lamp) lamps.push(lamp);
      z += width;
    }
  }
  const bulb = mesh.paint((out) => {
    colour(out, 0.9, 0.8, 0.6);
    [out.glowR, out.glowG, out.glowB] = [7.5, 5, 2.6];
  });
  for (const [x, z] of [
    [-3.75, 7],
    [3.75, 15],
    [-3.75, 25],
    [3.75, 36],
    [-3.75, 48],
    [3.75, 61],
    [-3.75, 76],
  ] as const) {
    lamps.push({ at: lampPost(mesh, x, 0.14, z, 3.7, paints.dark, bulb), colour: [15, 9.6, 4.8] });
  }
  furnish(mesh, lamps, paints.dark);
  return { mesh, lamps };
}

/** Parked cars, one that comes, and people under umbrellas. */
function furnish(mesh: Mesh, lamps: Lamp[], dark: number): void {
  const body = (r: number, g: number, b: number): number =>
    mesh.paint((out) => {
      colour(out, r, g, b);
      out.mirror = 0.07;
    });
  const pane = mesh.paint((out) => {
    colour(out, 0.012, 0.014, 0.017);
    out.mirror = 0.12;
  });
  const chrome = mesh.paint((out) => {
    colour(out, 0.3, 0.3, 0.3);
    out.mirror = 0.4;
    out.rough = 0.1;
  });
  const off = mesh.paint((out) => colour(out, 0.4, 0.4, 0.38));
  const red = mesh.paint((out) => colour(out, 0.22, 0.015, 0.012));
  const beam = mesh.paint((out) => void ([out.glowR, out.glowG, out.glowB] = [22, 19, 13]));
  const base = { pane, tyre: dark, front: off, rear: red, chrome };
  car(mesh, 2.35, 0, 7.6, 1, { ...base, body: body(0.2, 0.018, 0.02) });
  car(mesh, 2.35, 0, 13.4, 1, { ...base, body: body(0.035, 0.05, 0.085) });
  car(mesh, -2.35, 0, 19, -1, { ...base, body: body(0.26, 0.26, 0.25) });
  car(mesh, 2.35, 0, 27, 1, { ...base, body: body(0.04, 0.09, 0.07) });
  car(mesh, -2.35, 0, 33, -1, { ...base, body: body(0.1, 0.1, 0.11) });
  car(mesh, -0.95, 0, 42, -1, { ...base, front: beam, body: body(0.05, 0.05, 0.06) });
  for (const x of [-1.5, -0.4]) lamps.push({ at: [x, 0.62, 39.4], colour: [7, 6, 4.2] });
  const matt = (r: number, g: number, b: number): number => mesh.paint((out) => colour(out, r, g, b));
  const silk = (r: number, g: number, b: number): number =>
    mesh.paint((out) => {
      colour(out, r, g, b);
      out.through = 0.5;
      out.mirror = 0.03;
      out.rough = 0.4;
    });
  const skin = matt(0.45, 0.28, 0.2);
  const dress = { legs: matt(0.03, 0.035, 0.05), skin, hair: dark };
  figure(mesh, [-4.3, 0.14, 9.6], 1.74, 0.1, {
    ...dress,
    coat: matt(0.32, 0.22, 0.11),
    umbrella: silk(0.5, 0.04, 0.035),
  });
  figure(mesh, [-4.75, 0.14, 15], 1.8, 3.2, { ...dress, coat: matt(0.05, 0.06, 0.075) });
  figure(mesh, [4.35, 0.14, 19.5], 1.7, 3, {
    ...dress,
    coat: matt(0.1, 0.16, 0.22),
    umbrella: silk(0.035, 0.04, 0.06),
  });
  figure(mesh, [4.6, 0.14, 11], 1.66, 0.2, { ...dress, coat: matt(0.3, 0.07, 0.09) });
  figure(mesh, [0.9, 0, 31], 1.76, 1.4, { ...dress, coat: matt(0.08, 0.08, 0.08), umbrella: silk(0.45, 0.3, 0.05) });
}

/** A street of shops at dusk after rain. */
export function street(): Scene {
  const { mesh, lamps } = build();
  const sun = unit([0.12, 0.03, 1]);
  return {
    name: 'street-at-dusk',
    title: 'Street at dusk',
    mesh,
    lamps,
    camera: { from: [-0.75, 1.68, -1.5], to: [0.05, 2.45, 20], zoom: 1.55 },
    sun: { direction: sun, colour: [0, 0, 0], size: 0.02 },
    sky: cloudySky({
      zenith: [0.1, 0.15, 0.34],
      horizon: [0.5, 0.34, 0.33],
      cloud: [0.6, 0.4, 0.38],
      cloudShade: [0.14, 0.16, 0.27],
      cover: 0.55,
      seed: 12,
      sun,
      glare: [0.75, 0.36, 0.14],
    }),
    haze: { colour: [0.3, 0.26, 0.32], distance: 150, height: 30 },
    exposure: 1.45,
    ambient: [0.1, 0.11, 0.15],
  };
}
