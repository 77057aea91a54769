import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { buildBvh, intersect } from './bvh.ts';
import type { Bvh, Hit } from './bvh.ts';
import { smoothLight } from './denoise.ts';
import { develop } from './film.ts';
import { cross, unit } from './mesh.ts';
import type { Mesh, Surface, Triple } from './mesh.ts';
import { clamp, mix } from './noise.ts';

/** A lamp: a small ball of light that fades with the square of the distance. */
export interface Lamp {
  readonly at: Triple;
  readonly colour: Triple;
}

/** Triangles, lights and a camera. */
export interface Scene {
  readonly name: string;
  readonly title: string;
  readonly mesh: Mesh;
  readonly camera: {
    readonly from: Triple;
    readonly to: Triple;
    /** Focal length over half the image's height. */ readonly zoom: number;
  };
  /** `size` is the radius of the sun's disc as seen, radians: large for a soft shadow. */
  readonly sun: { readonly direction: Triple; readonly colour: Triple; readonly size: number };
  readonly sky: (x: number, y: number, z: number) => Triple;
  readonly lamps?: readonly Lamp[];
  /** Colour of haze, the distance by which it hides 63 %, and the height over which it thins to a third. */
  readonly haze: { readonly colour: Triple; readonly distance: number; readonly height: number };
  readonly exposure: number;
  /** Light that reaches a surface after more than one bounce. */
  readonly ambient: Triple;
}

const far = 5000;

/**
 * Renders a scene by path tracing: sun and lamps with shadows, sky and one bounce of scattered light, one mirrored ray.
 * `samples` paths a pixel. Returns [height · width · 3] in 0..1, sRGB-coded, as film shows it. Repeatable.
 */
export function render(scene: Scene, width: number, height: number, samples: number): Float32Array {
  const tracer = new Tracer(scene);
  const n = width * height;
  const sharp = new Float32Array(3 * n); // light that is known without noise
  const albedo = new Float32Array(3 * n);
  const scattered = new Float32Array(3 * n); // noisy, to be smoothed
  const guide = new Float32Array(4 * n); // normal and distance
  const view = viewOf(scene);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      for (let s = 0; s < samples; s++) {
        // A lattice of points whose every prefix is even.
        const jx = (0.5 + 0.7548776662 * s) % 1;
        const jy = (0.5 + 0.569840291 * s) % 1;
        tracer.primary(
          scene.camera.from,
          view((x + jx - width / 2) / (height / 2), (height / 2 - y - jy) / (height / 2)),
          s,
        );
        for (let c = 0; c < 3; c++) {
          sharp[3 * i + c] = sharp[3 * i + c]! + Math.min(12, tracer.sharp[c]!) / samples;
          albedo[3 * i + c] = albedo[3 * i + c]! + tracer.albedo[c]! / samples;
          scattered[3 * i + c] = scattered[3 * i + c]! + Math.min(8, tracer.scattered[c]!) / samples;
        }
        for (let c = 0; c < 4; c++) guide[4 * i + c] = guide[4 * i + c]! + tracer.guide[c]! / samples;
      }
    }
  }
  const light = smoothLight(scattered, guide, width, height);
  for (let i = 0; i < 3 * n; i++) sharp[i] = sharp[i]! + albedo[i]! * light[i]!;
  return develop(sharp, width, height, scene.exposure);
}

function viewOf({ camera: { from, to, zoom } }: Scene): (x: number, y: number) => Triple {
  const forward = unit([to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
  const right = unit([forward[2], 0, -forward[0]]);
  const up = cross(forward, right);
  return (x, y) =>
    unit([
      forward[0] * zoom + right[0] * x + up[0] * y,
      forward[1] * zoom + right[1] * x + up[1] * y,
      forward[2] * zoom + right[2] * x + up[2] * y,
    ]);
}

/** What lies at the end of a ray. */
interface Point {
  x: number;
  y: number;
  z: number;
  nx: number;
  ny: number;
  nz: number;
  t: number;
}

class Tracer {
  readonly sharp = new Float64Array(3);
  readonly albedo = new Float64Array(3);
  readonly scattered = new Float64Array(3);
  readonly guide = new Float64Array(4);
  private readonly scene: Scene;
  private readonly bvh: Bvh;
  private readonly random: Random = randomFromSeed(1);
  private readonly hit: Hit = { triangle: -1, t: 0, u: 0, v: 0 };
  private readonly shade: Hit = { triangle: -1, t: 0, u: 0, v: 0 };
  private readonly first: Point = { x: 0, y: 0, z: 0, nx: 0, ny: 0, nz: 0, t: 0 };
  private readonly second: Point = { x: 0, y: 0, z: 0, nx: 0, ny: 0, nz: 0, t: 0 };
  private readonly surface = blank();
  private readonly surface2 = blank();
  private readonly found = new Float64Array(3);
  private readonly sun = new Float64Array(3);
  private readonly dome: Float32Array;

  constructor(scene: Scene) {
    this.scene = scene;
    this.bvh = buildBvh(scene.mesh);
    this.dome = domeOf(scene);
  }

  /** Follows one path from the eye; leaves its parts in `sharp`, `albedo`, `scattered` and `guide`. */
  primary(from: Triple, ray: Triple, sample: number): void {
    const { scene, sharp, albedo, scattered, guide, first, surface, sun, found } = this;
    albedo.fill(0);
    scattered.fill(0);
    sharp.fill(0);
    guide.fill(0);
    if (!this.cast(from[0], from[1], from[2], ray[0], ray[1], ray[2], 0, first, surface)) {
      sharp.set(scene.sky(ray[0], ray[1], ray[2]));
      guide[3] = far;
      return;
    }
    guide.set([first.nx, first.ny, first.nz, first.t]);
    const { haze } = scene;
    const clear = Math.exp(
      -((first.t / haze.distance) ** 1.3) * Math.exp(-Math.max(0, (first.y + from[1]) / 2) / haze.height),
    );
    const facing = -(first.nx * ray[0] + first.ny * ray[1] + first.nz * ray[2]);
    const share = surface.mirror > 0 ? mix(surface.mirror, 1 - surface.rough, clamp(1 - facing) ** 5) : 0;
    const matt = clear * (1 - share);
    albedo.set([surface.r * matt, surface.g * matt, surface.b * matt]);
    this.direct(first, surface, sample);
    for (let c = 0; c < 3; c++) {
      sharp[c] = albedo[c]! * sun[c]! + haze.colour[c]! * (1 - clear);
    }
    sharp[0] = sharp[0]! + surface.glowR * clear;
    sharp[1] = sharp[1]! + surface.glowG * clear;
    sharp[2] = sharp[2]! + surface.glowB * clear;
    this.lamps(first, scattered);
    const through = this.random.uniform() < surface.through * 0.5;
    this.scatter(first, through ? -1 : 1);
    for (let c = 0; c < 3; c++) scattered[c] = scattered[c]! + found[c]!;
    if (share > 0.01) {
      const spread = surface.rough * 0.5;
      const [a, b, d] = [
        this.random.between(-spread, spread),
        this.random.between(-spread, spread),
        this.random.between(-spread, spread),
      ];
      const [rx, ry, rz] = [
        ray[0] + 2 * facing * first.nx + a,
        ray[1] + 2 * facing * first.ny + b,
        ray[2] + 2 * facing * first.nz + d,
      ];
      this.gather(first, ...unit([rx, first.ny > 0.8 ? Math.max(ry, 0.01) : ry, rz]));
      const most = surface.rough > 0.03 ? 2.5 : 40; // a rough mirror's rare bright finds would be specks
      for (let c = 0; c < 3; c++) sharp[c] = sharp[c]! + Math.min(most, found[c]!) * share * clear;
    }
  }

  /** Into `found`: light from one random direction of the half-space on a side of a point, weighted by its cosine. */
  private scatter(at: Point, side: number): void {
    const z = 2 * this.random.uniform() - 1;
    const turn = 2 * Math.PI * this.random.uniform();
    const r = Math.sqrt(Math.max(0, 1 - z * z));
    const [x, y, w] = [side * at.nx + r * Math.cos(turn), side * at.ny + r * Math.sin(turn), side * at.nz + z];
    const length = Math.hypot(x, y, w);
    if (length < 1e-4) this.found.fill(0);
    else this.gather(at, x / length, y / length, w / length);
  }

  /** Into `found`: the light that comes to a point along a ray, from the sky or from a surface lit by sun, lamps and sky. */
  private gather(at: Point, dx: number, dy: number, dz: number): void {
    const { scene, found, second, surface2, sun } = this;
    if (!this.cast(at.x, at.y, at.z, dx, dy, dz, at.t, second, surface2)) {
      this.fromDome(dx, dy, dz);
      return;
    }
    this.direct(second, surface2, 1);
    const open = 0.5 + 0.5 * second.ny;
    const light = [0, 0, 0];
    this.lamps(second, light);
    const own = [surface2.r, surface2.g, surface2.b];
    const glow = [surface2.glowR, surface2.glowG, surface2.glowB];
    const { haze } = scene;
    const clear = Math.exp(
      -((second.t / haze.distance) ** 1.3) * Math.exp(-Math.max(0, (second.y + at.y) / 2) / haze.height),
    );
    for (let c = 0; c < 3; c++) {
      const out = own[c]! * (sun[c]! + scene.ambient[c]! * (0.35 + 0.65 * open) + Math.min(4, light[c]!)) + glow[c]!;
      found[c] = mix(haze.colour[c]!, out, clear);
    }
  }

  /** Nearest surface along a ray, painted, its normal turned towards the eye and bumped. */
  private cast(
    ox: number,
    oy: number,
    oz: number,
    dx: number,
    dy: number,
    dz: number,
    before: number,
    at: Point,
    surface: Surface,
  ): boolean {
    const { hit } = this;
    const { mesh } = this.scene;
    const lift = 2e-4 + 2e-5 * before;
    if (!intersect(this.bvh, ox + dx * lift, oy + dy * lift, oz + dz * lift, dx, dy, dz, far, false, hit)) return false;
    const { normals } = mesh;
    const k = 9 * hit.triangle;
    const w = 1 - hit.u - hit.v;
    let nx = normals[k]! * w + normals[k + 3]! * hit.u + normals[k + 6]! * hit.v;
    let ny = normals[k + 1]! * w + normals[k + 4]! * hit.u + normals[k + 7]! * hit.v;
    let nz = normals[k + 2]! * w + normals[k + 5]! * hit.u + normals[k + 8]! * hit.v;
    const towards = nx * dx + ny * dy + nz * dz > 0 ? -1 : 1;
    at.x = ox + dx * hit.t;
    at.y = oy + dy * hit.t;
    at.z = oz + dz * hit.t;
    at.t = hit.t;
    clear(surface);
    const material = mesh.palette[mesh.materials[hit.triangle]!]!;
    material(
      surface,
      at.x,
      at.y,
      at.z,
      nx * towards,
      ny * towards,
      nz * towards,
      mesh.tags[hit.triangle]!,
      before + hit.t,
    );
    nx = nx * towards + surface.tiltX;
    ny = ny * towards + surface.tiltY;
    nz = nz * towards + surface.tiltZ;
    const length = Math.hypot(nx, ny, nz) || 1;
    at.nx = nx / length;
    at.ny = ny / length;
    at.nz = nz / length;
    return true;
  }

  /** Into `sun`: sunlight on a point, with a soft shadow. */
  private direct(at: Point, surface: Surface, sample: number): void {
    const { sun, scene } = this;
    const { direction, colour, size } = scene.sun;
    sun.fill(0);
    if (colour[0] <= 0) return;
    const facing = at.nx * direction[0] + at.ny * direction[1] + at.nz * direction[2];
    const strength = facing > 0 ? facing : -facing * surface.through;
    if (strength <= 0) return;
    const turn = 2 * Math.PI * ((0.618 * sample + this.random.uniform()) % 1);
    const r = size * Math.sqrt(this.random.uniform());
    const [x, y, z] = unit([
      direction[0] + r * Math.cos(turn),
      direction[1] + r * Math.sin(turn) * 0.6,
      direction[2] + r * Math.sin(turn + 1),
    ]);
    if (this.blocked(at, x, y, z, far)) return;
    for (let c = 0; c < 3; c++) sun[c] = colour[c]! * strength;
  }

  /** Adds the light of one lamp, chosen by how much it would give. */
  private lamps(at: Point, light: Float64Array | number[]): void {
    const { lamps } = this.scene;
    if (!lamps) return;
    let total = 0;
    let chosen = -1;
    let weight = 0;
    for (let i = 0; i < lamps.length; i++) {
      const p = lamps[i]!.at;
      const [x, y, z] = [p[0] - at.x, p[1] - at.y, p[2] - at.z];
      const square = x * x + y * y + z * z + 0.02;
      const amount = Math.max(0, at.nx * x + at.ny * y + at.nz * z) / (square * Math.sqrt(square));
      if (amount <= 0) continue;
      total += amount;
      if (this.random.uniform() * total < amount) [chosen, weight] = [i, amount];
    }
    if (chosen < 0 || weight < 1e-6) return;
    const lamp = lamps[chosen]!;
    const [x, y, z] = [lamp.at[0] - at.x, lamp.at[1] - at.y, lamp.at[2] - at.z];
    const distance = Math.hypot(x, y, z);
    if (this.blocked(at, x / distance, y / distance, z / distance, distance - 0.3)) return;
    for (let c = 0; c < 3; c++) light[c] = light[c]! + lamp.colour[c]! * total;
  }

  private blocked(at: Point, dx: number, dy: number, dz: number, reach: number): boolean {
    const lift = 6e-4 + 3e-5 * at.t;
    const side = at.nx * dx + at.ny * dy + at.nz * dz > 0 ? lift : -lift;
    return intersect(
      this.bvh,
      at.x + at.nx * side,
      at.y + at.ny * side,
      at.z + at.nz * side,
      dx,
      dy,
      dz,
      reach,
      true,
      this.shade,
    );
  }

  private fromDome(x: number, y: number, z: number): void {
    const row = Math.min(domeRows - 1, Math.floor((0.5 - Math.asin(clamp(y, -1, 1)) / Math.PI) * domeRows));
    const column = Math.min(2 * domeRows - 1, Math.floor((Math.atan2(x, z) / (2 * Math.PI) + 0.5) * 2 * domeRows));
    for (let c = 0; c < 3; c++) this.found[c] = this.dome[3 * (row * 2 * domeRows + column) + c]!;
  }
}

const domeRows = 160;

/** The sky as a small image all around. */
function domeOf(scene: Scene): Float32Array {
  const dome = new Float32Array(3 * 2 * domeRows * domeRows);
  for (let row = 0; row < domeRows; row++) {
    for (let column = 0; column < 2 * domeRows; column++) {
      const up = (0.5 - (row + 0.5) / domeRows) * Math.PI;
      const turn = ((column + 0.5) / (2 * domeRows) - 0.5) * 2 * Math.PI;
      dome.set(
        scene.sky(Math.cos(up) * Math.sin(turn), Math.sin(up), Math.cos(up) * Math.cos(turn)),
        3 * (row * 2 * domeRows + column),
      );
    }
  }
  return dome;
}

function blank(): Surface {
  return {
    r: 0,
    g: 0,
    b: 0,
    mirror: 0,
    rough: 0,
    glowR: 0,
    glowG: 0,
    glowB: 0,
    through: 0,
    tiltX: 0,
    tiltY: 0,
    tiltZ: 0,
  };
}

function clear(s: Surface): void {
  s.r = s.g = s.b = s.mirror = s.rough = s.glowR = s.glowG = s.glowB = s.through = s.tiltX = s.tiltY = s.tiltZ = 0;
}
