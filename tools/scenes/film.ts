import { clamp, hash, mix } from './noise.ts';

/** Linear light to what a film shows: a little glow about bright places, tone curve, vignette, fine grain; sRGB-coded 0..1. */
export function develop(light: Float32Array, width: number, height: number, exposure: number): Float32Array {
  const halo = glow(light, width, height, exposure);
  const image = new Float32Array(light.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = 3 * (y * width + x);
      const vignette = 1 - 0.5 * ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2);
      const grain = (hash(x, y, 11) + hash(x, y, 21) + hash(x >> 1, y >> 1, 31) - 1.5) * 0.012;
      for (let c = 0; c < 3; c++) {
        image[i + c] = clamp(tone((light[i + c]! * exposure + halo[i + c]!) * vignette) + grain);
      }
    }
  }
  return image;
}

/** Narkowicz' fit of the ACES film curve, then sRGB coding. */
function tone(value: number): number {
  const light = value * 0.72;
  const shown = clamp((light * (2.51 * light + 0.03)) / (light * (2.43 * light + 0.59) + 0.14));
  return shown <= 0.0031308 ? 12.92 * shown : 1.055 * shown ** (1 / 2.4) - 0.055;
}

/** Light above white, spread by three box blurs along rows and columns of a quarter-size copy. */
function glow(light: Float32Array, width: number, height: number, exposure: number): Float32Array {
  const [w, h] = [Math.ceil(width / 4), Math.ceil(height / 4)];
  let small: Float32Array = new Float32Array(3 * w * h);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const j = 3 * ((y >> 2) * w + (x >> 2));
      for (let c = 0; c < 3; c++)
        small[j + c] = small[j + c]! + Math.min(4, Math.max(0, light[3 * (y * width + x) + c]! * exposure - 1)) / 16;
    }
  }
  const radius = Math.max(1, Math.round(width / 320));
  for (let pass = 0; pass < 3; pass++) small = blur(blur(small, w, h, radius, 3, 3 * w), h, w, radius, 3 * w, 3);
  const out = new Float32Array(light.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fx = clamp((x - 1.5) / 4, 0, w - 1.001);
      const fy = clamp((y - 1.5) / 4, 0, h - 1.001);
      const [ix, iy] = [Math.floor(fx), Math.floor(fy)];
      const at = (dx: number, dy: number, c: number): number =>
        small[3 * (Math.min(h - 1, iy + dy) * w + Math.min(w - 1, ix + dx)) + c]!;
      for (let c = 0; c < 3; c++) {
        out[3 * (y * width + x) + c] =
          0.22 * mix(mix(at(0, 0, c), at(1, 0, c), fx - ix), mix(at(0, 1, c), at(1, 1, c), fx - ix), fy - iy);
      }
    }
  }
  return out;
}

/** A box blur along one axis: `count` steps of `along`, repeated for `lines` steps of `across`. */
function blur(
  from: Float32Array,
  count: number,
  lines: number,
  radius: number,
  along: number,
  across: number,
): Float32Array {
  const out = new Float32Array(from.length);
  for (let line = 0; line < lines; line++) {
    for (let c = 0; c < 3; c++) {
      const start = line * across + c;
      const at = (k: number): number => from[start + Math.min(count - 1, Math.max(0, k)) * along]!;
      let sum = 0;
      for (let k = -radius; k <= radius; k++) sum += at(k);
      for (let k = 0; k < count; k++) {
        out[start + k * along] = sum / (2 * radius + 1);
        sum += at(k + radius + 1) - at(k - radius);
      }
    }
  }
  return out;
}
