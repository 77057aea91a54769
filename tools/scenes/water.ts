import type { Mesh, Triple } from './mesh.ts';
import { fbm, noise } from './noise.ts';
import { colour } from './plants.ts';

/** A sheet of rippled water between two corners; ripples shrink with distance, as they do to the eye. */
export function water(
  mesh: Mesh,
  tint: Triple,
  level: number,
  [[x0, z0], [x1, z1]]: readonly [readonly [number, number], readonly [number, number]],
  height: number,
  size: number,
): void {
  const material = mesh.paint((out, x, _y, z, _nx, _ny, _nz, _tag, distance) => {
    colour(out, ...tint);
    out.mirror = 0.03;
    out.rough = 0;
    const fade = 1 / (1 + distance * 0.012);
    const [u, v] = [x / size, z / size];
    const calm = 0.35 + fbm(u * 0.035, v * 0.09, 3);
    const wave = (p: number, q: number): number =>
      noise(p * 0.8, q * 1.7) + 0.55 * noise(p * 1.9 + 7, q * 3.9) + 0.3 * noise(p * 5, q * 9);
    const here = wave(u, v);
    out.tiltX = height * calm * fade * 2 * (wave(u + 0.15, v) - here);
    out.tiltZ = height * calm * fade * 5 * (wave(u, v + 0.08) - here);
  });
  mesh.quad([x0, level, z0], [x0, level, z1], [x1, level, z1], [x1, level, z0], material);
}
