import type { Mesh, Triple } from './mesh.ts';
import { mix } from './noise.ts';

/** Materials of a car: paint, glass, rubber, front lamps, rear lamps, chrome. */
export interface CarPaint {
  readonly body: number;
  readonly pane: number;
  readonly tyre: number;
  readonly front: number;
  readonly rear: number;
  readonly chrome: number;
}

/** A saloon about 4.3 m long whose nose points along `heading` (1: away, −1: towards the camera). */
export function car(mesh: Mesh, x: number, y: number, z: number, heading: number, paint: CarPaint): void {
  // Half width and height of the body along its length, tail to nose: [length, lower, waist, roof, half width].
  const body: readonly (readonly [number, number, number])[] = [
    [-2.12, 0.6, 0.62],
    [-2.05, 0.86, 0.78],
    [-1.6, 0.93, 0.84],
    [-0.5, 0.92, 0.87],
    [0.75, 0.9, 0.87],
    [1.5, 0.84, 0.84],
    [2.0, 0.72, 0.76],
    [2.14, 0.52, 0.6],
  ];
  const cabin: readonly (readonly [number, number, number])[] = [
    [-1.72, 0.93, 0.74],
    [-1.05, 1.36, 0.62],
    [-0.2, 1.45, 0.62],
    [0.35, 1.4, 0.62],
    [1.12, 0.9, 0.74],
  ];
  const shell = (profile: typeof body, foot: number, material: number, round: number): void => {
    mesh.grid(
      profile.length * 3 - 2,
      13,
      (i, j) => {
        const k = Math.min(profile.length - 2, Math.floor(i / 3));
        const t = i / 3 - k;
        const [a, b] = [profile[k]!, profile[k + 1]!];
        const [l, top, wide] = [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)];
        const angle = Math.PI * (j / 12);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const px = wide * Math.sign(c) * Math.abs(c) ** round;
        const py = foot + (top - foot) * s ** round;
        return [x - heading * px, y + py, z + heading * l];
      },
      material,
    );
  };
  shell(body, 0.28, paint.body, 0.42);
  shell(cabin, 0.8, paint.pane, 0.55);
  mesh.grid(
    4,
    7,
    (i, j) => {
      const a = Math.PI * mix(0.16, 0.84, j / 6);
      const l = mix(-1.08, 0.38, i / 3);
      return [
        x - heading * 0.6 * Math.sign(Math.cos(a)) * Math.abs(Math.cos(a)) ** 0.6,
        y + 0.86 + 0.6 * Math.sin(a) ** 0.5,
        z + heading * l,
      ];
    },
    paint.body,
  );
  for (const [dx, dz] of [
    [-0.78, -1.3],
    [0.78, -1.3],
    [-0.78, 1.35],
    [0.78, 1.35],
  ] as const) {
    mesh.ball(x + dx, y + 0.31, z + heading * dz, 0.12, 0.31, 0.31, paint.tyre);
    mesh.ball(x + dx * 1.1, y + 0.31, z + heading * dz, 0.08, 0.17, 0.17, paint.chrome);
  }
  for (const side of [-1, 1]) {
    mesh.ball(x + side * 0.58, y + 0.62, z + heading * 2.05, 0.17, 0.08, 0.07, paint.front);
    mesh.ball(x + side * 0.64, y + 0.72, z - heading * 2.06, 0.15, 0.08, 0.06, paint.rear);
  }
  mesh.box(x, y + 0.36, z - heading * 2.12, 1.3, 0.12, 0.06, paint.tyre);
  mesh.box(x, y + 0.5, z - heading * 2.13, 0.5, 0.11, 0.03, paint.chrome);
}

/** What a figure wears: coat, legs, skin, and an umbrella if any. */
export interface Dress {
  readonly coat: number;
  readonly legs: number;
  readonly skin: number;
  readonly hair: number;
  readonly umbrella?: number;
}

/** Someone on foot, `height` metres tall, in mid-stride. */
export function figure(mesh: Mesh, foot: Triple, height: number, turn: number, dress: Dress): void {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const h = height;
  const p = (side: number, up: number, ahead: number): Triple => [
    foot[0] + h * (side * c + ahead * s),
    foot[1] + h * up,
    foot[2] + h * (ahead * c - side * s),
  ];
  for (const side of [-1, 1]) {
    mesh.bar(p(side * 0.05, 0.5, 0), p(side * 0.055, 0.25, side * 0.05 + 0.02), 0.052 * h, 0.038 * h, dress.legs, 0, 8);
    mesh.bar(
      p(side * 0.055, 0.25, side * 0.05 + 0.02),
      p(side * 0.055, 0.03, side * 0.09 - 0.02),
      0.038 * h,
      0.026 * h,
      dress.legs,
      0,
      8,
    );
    mesh.ball(...p(side * 0.055, 0.022, side * 0.09), 0.03 * h, 0.022 * h, 0.05 * h, dress.hair, 0, 5);
    mesh.bar(p(side * 0.115, 0.79, 0), p(side * 0.14, 0.62, -side * 0.03), 0.036 * h, 0.03 * h, dress.coat, 0, 7);
    mesh.bar(
      p(side * 0.14, 0.62, -side * 0.03),
      p(side * 0.125, 0.48, -side * 0.05 + 0.03),
      0.029 * h,
      0.022 * h,
      dress.coat,
      0,
      7,
    );
    mesh.ball(...p(side * 0.125, 0.465, -side * 0.05 + 0.03), 0.02 * h, 0.026 * h, 0.02 * h, dress.skin, 0, 5);
  }
  const rings: readonly (readonly [number, number])[] = [
    [0.44, 0.105],
    [0.5, 0.1],
    [0.6, 0.088],
    [0.7, 0.105],
    [0.78, 0.118],
    [0.82, 0.09],
    [0.845, 0.035],
  ];
  mesh.grid(
    rings.length,
    13,
    (i, j) => {
      const [up, r] = rings[i]!;
      const a = -(2 * Math.PI * j) / 12;
      return p(r * Math.cos(a), up, 0.68 * r * Math.sin(a));
    },
    dress.coat,
  );
  mesh.bar(p(0, 0.83, 0), p(0, 0.88, 0), 0.03 * h, 0.028 * h, dress.skin, 0, 7);
  mesh.ball(...p(0, 0.925, 0), 0.046 * h, 0.062 * h, 0.052 * h, dress.skin);
  mesh.ball(...p(0, 0.94, -0.008), 0.05 * h, 0.058 * h, 0.054 * h, dress.hair);
  if (dress.umbrella === undefined) return;
  mesh.bar(p(0.12, 0.55, 0.1), p(0.06, 1.16, 0.06), 0.006 * h, 0.006 * h, dress.legs, 0, 5);
  mesh.grid(
    6,
    17,
    (i, j) => {
      const [a, b] = [(0.5 * Math.PI * i * 0.86) / 5, (2 * Math.PI * j) / 16];
      const r = 0.33 * Math.sin(a) * (1 - 0.05 * (1 + Math.cos(8 * b)) * (i / 5) ** 2);
      return p(0.06 + r * Math.cos(b), 0.98 + 0.19 * Math.cos(a), 0.06 + r * Math.sin(b));
    },
    dress.umbrella,
  );
}

/** A street lamp: post, arm ring and lantern; gives the place of its light. */
export function lampPost(
  mesh: Mesh,
  x: number,
  y: number,
  z: number,
  height: number,
  iron: number,
  bulb: number,
): Triple {
  mesh.bar([x, y, z], [x, y + 0.7, z], 0.1, 0.07, iron, 0, 10);
  mesh.bar([x, y + 0.7, z], [x, y + height, z], 0.055, 0.035, iron, 0, 8);
  mesh.ball(x, y + 0.72, z, 0.095, 0.07, 0.095, iron);
  mesh.ball(x, y + height, z, 0.1, 0.05, 0.1, iron);
  mesh.bar([x, y + height + 0.03, z], [x, y + height + 0.4, z], 0.1, 0.16, bulb, 0, 8);
  mesh.bar([x, y + height + 0.4, z], [x, y + height + 0.58, z], 0.21, 0.02, iron, 0, 8);
  return [x, y + height + 0.25, z];
}
