import type { Triple } from './mesh.ts';
import { clamp, fbm, mix, ramp } from './noise.ts';

export interface SkyColours {
  readonly zenith: Triple;
  readonly horizon: Triple;
  readonly cloud: Triple;
  readonly cloudShade: Triple;
  /** 0 clear … 1 overcast. */
  readonly cover: number;
  readonly seed: number;
  /** Towards the sun, and how much brighter the sky is about it. */
  readonly sun?: Triple;
  readonly glare?: Triple;
}

/** A sky whose clouds lie on a plane far above, so that they gather and flatten towards the horizon. */
export function cloudySky({
  zenith,
  horizon,
  cloud,
  cloudShade,
  cover,
  seed,
  sun,
  glare,
}: SkyColours): (x: number, y: number, z: number) => Triple {
  return (x, y, z) => {
    const height = Math.max(y, 0.012);
    let colour = blend(horizon, zenith, clamp(height * 1.5) ** 0.55);
    if (sun && glare) {
      const near = clamp(x * sun[0] + y * sun[1] + z * sun[2]);
      const amount = 0.25 * near ** 6 + 0.75 * near ** 60;
      colour = [colour[0] + glare[0] * amount, colour[1] + glare[1] * amount, colour[2] + glare[2] * amount];
    }
    const [u, v] = [(x / (height + 0.12)) * 0.9 + seed, (z / (height + 0.12)) * 0.9 + seed];
    const warp = 0.5 * fbm(u * 0.7 + 9, v * 0.7, 3);
    const body = fbm(u + warp, v + warp, 6);
    const amount = ramp(0.66 - 0.42 * cover, 0.84 - 0.36 * cover, body) * ramp(0, 0.07, height);
    const lit = clamp(0.5 + 3.2 * (body - fbm(u + warp + 0.14, v + warp - 0.12, 4)));
    return blend(colour, blend(cloudShade, cloud, lit), amount * mix(0.94, 0.55, ramp(0.25, 0, height)));
  };
}

export function blend(a: Triple, b: Triple, t: number): Triple {
  return [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)];
}
