import { randomFromSeed } from '../../src/core/random.ts';
import { Mesh, unit } from './mesh.ts';
import type { Triple } from './mesh.ts';
import { clamp, fbm, mix, noise, ramp } from './noise.ts';
import { blade, colour, leafOf, spruce } from './plants.ts';
import { cloudySky } from './sky.ts';
import type { Scene } from './tracer.ts';
import { water } from './water.ts';

/** Height of the ground; the water lies at 0. */
function ground(x: number, z: number): number {
  const bend = 60 * (noise(x * 0.004, z * 0.004) - 0.5);
  const ridge = 1 - Math.abs(2 * fbm(x * 0.0042 + 3.3 + bend * 0.002, z * 0.0042 + 1.4, 7) - 1);
  const back =
    ramp(260, 760, z + 130 * noise(x * 0.006, 3)) *
    (30 + 310 * ridge ** 1.7 * (0.25 + 1.15 * fbm(x * 0.0052 + 11, z * 0.0036 + 2, 5)));
  const left = ramp(26, 190, -x - 0.1 * z + 34 * noise(z * 0.02, 9)) * (48 + 60 * fbm(x * 0.012, z * 0.012, 4));
  const right = ramp(60, 260, x - 0.16 * z + 44 * noise(z * 0.016, 4)) * (60 + 80 * fbm(x * 0.01 + 5, z * 0.01, 4));
  const near = 1.5 * ramp(13, 5.5, z + 1.6 * noise(x * 0.5, 5) - 0.2 * x);
  const land = back + left + right + near;
  return land - 1.1 + (fbm(x * 0.07, z * 0.07, 5) - 0.5) * 7 * clamp(land / 12, 0.05, 1);
}

function build(): Mesh {
  const mesh = new Mesh();
  const random = randomFromSeed(5);
  const rock = mesh.paint((out, x, y, z, nx, ny, nz, _tag, distance) => {
    const rough = fbm(x * 0.11 + y * 0.07, z * 0.11 + y * 0.13, 5);
    const fine = distance < 60 ? fbm(x * 3, z * 3 + y, 4) : fbm(x * 0.5 + y * 0.4, z * 0.5, 3);
    const steep = 1 - ny;
    const scree = mix(0.55, 1.3, fine) * mix(0.8, 1.15, rough);
    const green = ramp(0.42, 0.2, steep + 0.16 * (rough - 0.5)) * ramp(150, 70, y + 50 * (rough - 0.5));
    const snow = ramp(150, 235, y + 90 * (rough - 0.5)) * ramp(0.62, 0.3, steep);
    const shore = z < 22 ? 1 : 0;
    if (shore) {
      const stone = mix(0.35, 1.4, fbm(x * 5, z * 5, 4)) * mix(0.35, 1, ramp(0.02, 0.22, y));
      const turf = ramp(0.35, 0.6, y + 0.3 * (rough - 0.5)) * 0.9;
      colour(
        out,
        mix(0.19 * stone, 0.1 * scree, turf),
        mix(0.175 * stone, 0.13 * scree, turf),
        mix(0.15 * stone, 0.045 * scree, turf),
      );
    } else {
      colour(
        out,
        mix(mix(0.22, 0.1, green) * scree, 0.8, snow),
        mix(mix(0.21, 0.135, green) * scree, 0.83, snow),
        mix(mix(0.205, 0.05, green) * scree, 0.88, snow),
      );
    }
    const bump = distance < 60 ? 0.7 : 0.9;
    out.tiltX = bump * (fine - 0.5) * (1 - snow * 0.7);
    out.tiltZ = bump * (rough - 0.5) * (1 - snow * 0.7);
    out.tiltY = 0 * (nx + nz);
  });
  const [rows, columns] = [430, 430];
  mesh.grid(
    rows,
    columns,
    (i, j) => {
      const z = -14 + 1500 * (i / (rows - 1)) ** 2.1;
      const x = ((j / (columns - 1)) * 2 - 1) * (26 + 0.95 * (z + 14));
      return [x, ground(x, z), z];
    },
    rock,
  );
  water(
    mesh,
    [0.012, 0.035, 0.04],
    0,
    [
      [-2500, -2500],
      [2500, 2500],
    ],
    0.05,
    1,
  );
  const wood = mesh.paint((out) => colour(out, 0.08, 0.06, 0.045));
  const needles = mesh.paint(leafOf([0.012, 0.03, 0.016], [0.045, 0.085, 0.035]));
  for (let i = 0; i < 5200; i++) {
    const z = 30 + 640 * random.uniform() ** 1.25;
    const x = random.between(-1, 1) * (40 + 0.8 * z);
    const y = ground(x, z);
    if (y < 0.7 || y > 118 || fbm(x * 0.012, z * 0.012, 3) < 0.4 + y * 0.0016) continue;
    const close = z < 170;
    spruce(mesh, [x, y - 0.3, z], random.between(7, 17), close ? 15 : 8, close ? 9 : 6, random, wood, needles);
  }
  const grass = mesh.paint(leafOf([0.06, 0.08, 0.02], [0.24, 0.23, 0.08]));
  for (let i = 0; i < 5200; i++) {
    const [x, z] = [random.between(-7, 9), random.between(-2, 8)];
    const y = ground(x, z);
    if (y < 0.18 || noise(x * 1.3, z * 1.3) < 0.42) continue;
    blade(mesh, [x, y - 0.02, z], random.between(0.12, 0.5), 0.012, random, grass);
  }
  const stone = mesh.paint((out, x, y, z) => {
    const grain = mix(0.5, 1.3, fbm(x * 4 + y * 3, z * 4 - y * 3, 5)) * mix(0.4, 1, ramp(0, 0.25, y));
    colour(out, 0.23, 0.22, 0.205, grain);
    out.tiltX = 0.6 * (fbm(x * 6, y * 6 + z, 3) - 0.5);
  });
  for (let i = 0; i < 900; i++) {
    const [x, z] = [random.between(-9, 12), random.between(-3, 13)];
    const r = i > 70 ? random.between(0.02, 0.075) : random.between(0.08, 0.3) * (random.uniform() < 0.12 ? 2.6 : 1);
    const y = Math.max(ground(x, z), -0.25);
    if (y > 0.5 && i < 70) continue;
    const turn = random.uniform() * 9;
    boulder(mesh, [x, y, z], r, turn, stone);
  }
  return mesh;
}

/** A rounded stone: a ball pressed in by noise. */
function boulder(mesh: Mesh, at: Triple, r: number, seed: number, material: number): void {
  mesh.grid(
    12,
    20,
    (i, j) => {
      const [a, b] = [(Math.PI * i) / 11, (2 * Math.PI * j) / 19];
      const d: Triple = [Math.sin(a) * Math.cos(b), Math.cos(a), Math.sin(a) * Math.sin(b)];
      const s = r * (0.65 + 0.7 * noise(d[0] * 1.6 + seed + 9, d[2] * 1.6 + d[1] * 1.3 + seed));
      return [at[0] + d[0] * s * 1.25, at[1] + d[1] * s * 0.75, at[2] + d[2] * s];
    },
    material,
  );
}

const sun = unit([-0.72, 0.4, -0.12]);

/** A mountain lake in the afternoon, under broken cloud. */
export function lake(): Scene {
  return {
    name: 'mountain-lake',
    title: 'Mountain lake',
    mesh: build(),
    camera: { from: [0, 2.5, -7], to: [3, 13.5, 60], zoom: 1.5 },
    sun: { direction: sun, colour: [2.7, 2.3, 1.75], size: 0.012 },
    sky: cloudySky({
      zenith: [0.16, 0.29, 0.56],
      horizon: [0.62, 0.7, 0.79],
      cloud: [1.15, 1.1, 1.04],
      cloudShade: [0.5, 0.55, 0.63],
      cover: 0.55,
      seed: 3,
      sun,
      glare: [0.6, 0.5, 0.35],
    }),
    haze: { colour: [0.56, 0.65, 0.77], distance: 1150, height: 260 },
    exposure: 0.95,
    ambient: [0.16, 0.17, 0.18],
  };
}
