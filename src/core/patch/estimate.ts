import { greyCentre, greyMean } from '../images/grey.ts';
import type { GreyImage } from '../images/grey.ts';
import { randomFromSeed } from '../random.ts';

/** How an estimate of a rain map differs from the truth. All zero (contrast 1): the truth itself. */
export interface EstimateChanges {
  /** Standard deviation of a Gaussian blur, pixels. */
  readonly blur: number;
  /** Degrees, counter-clockwise as seen on screen. */
  readonly rotation: number;
  /** Pixels to the right. */
  readonly shift: number;
  /** Factor on the differences from the mean. */
  readonly contrast: number;
  /** Added everywhere. */
  readonly offset: number;
  /** Standard deviation of smooth noise without a direction, as texture of the scene leaves it. */
  readonly texture: number;
  /** Share of the light whose streaks are left out, 0…1. */
  readonly missing: number;
}

export const unchanged: EstimateChanges = {
  blur: 0,
  rotation: 0,
  shift: 0,
  contrast: 1,
  offset: 0,
  texture: 0,
  missing: 0,
};

/** Pixels around the evaluated square that a source includes, so that rotation and blur have something to draw on. */
export const patchSide = 64;
export const sourceSide = 96;

/**
 * An estimate of the central `patchSide` square of a larger source: streaks left out, rotated and shifted, blurred, contrast, texture,
 * offset, in this order. Not clipped, like the rain map of a network.
 */
export function makeEstimate(source: GreyImage, changes: EstimateChanges): GreyImage {
  const { blur, rotation, shift, contrast, offset, texture, missing } = changes;
  const kept = missing > 0 ? withoutStreaks(source, missing) : source;
  const moved = rotation !== 0 || shift !== 0 ? rotated(kept, rotation, shift) : kept;
  const blurred = greyCentre(blurredBy(moved, blur), patchSide);
  const mean = greyMean(blurred);
  const noise = texture > 0 ? textureOf(patchSide) : null;
  const values = blurred.values.map(
    (value, i) => mean + contrast * (value - mean) + offset + (noise ? texture * noise[i]! : 0),
  );
  return { ...blurred, values };
}

/** Separable Gaussian blur of standard deviation σ pixels; the border is continued by its edge. */
export function blurredBy(image: GreyImage, sigma: number): GreyImage {
  if (sigma <= 0) return image;
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const weights = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const { width, height } = image;
  const normalized = weights.map((weight) => weight / total);
  const rows = blurLines(image.values, normalized, width, 1, height, width);
  return { width, height, values: blurLines(rows, normalized, height, width, width, 1) };
}

/** Every line of `length` values that lie `step` apart, filtered; lines begin `stride` apart. */
function blurLines(
  from: Float32Array,
  weights: Float32Array,
  length: number,
  step: number,
  lines: number,
  stride: number,
): Float32Array {
  const radius = (weights.length - 1) / 2;
  const to = new Float32Array(from.length);
  const padded = new Float32Array(length + 2 * radius);
  for (let line = 0; line < lines; line++) {
    const start = line * stride;
    for (let i = 0; i < padded.length; i++) {
      padded[i] = from[start + Math.min(length - 1, Math.max(0, i - radius)) * step]!;
    }
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * padded[i + k]!;
      to[start + i * step] = sum;
    }
  }
  return to;
}

/** The image rotated about its middle by `degrees` counter-clockwise and then shifted to the right; bilinear, edges continued. */
function rotated(image: GreyImage, degrees: number, shift: number): GreyImage {
  const { width, height, values: from } = image;
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const values = new Float32Array(from.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [right, down] = [x - shift - middleX, y - middleY];
      const u = Math.min(width - 1, Math.max(0, middleX + cos * right - sin * down));
      const v = Math.min(height - 1, Math.max(0, middleY + sin * right + cos * down));
      const left = Math.min(width - 2, Math.floor(u));
      const top = Math.min(height - 2, Math.floor(v));
      const p = top * width + left;
      const [a, b] = [u - left, v - top];
      values[y * width + x] =
        (1 - b) * ((1 - a) * from[p]! + a * from[p + 1]!) + b * ((1 - a) * from[p + width]! + a * from[p + width + 1]!);
    }
  }
  return { width, height, values };
}

/** Smooth noise of standard deviation 1 without a direction; always the same. */
function textureOf(side: number): Float32Array {
  const random = randomFromSeed(7);
  const noise = {
    width: side,
    height: side,
    values: Float32Array.from({ length: side * side }, () => random.normal()),
  };
  const { values } = blurredBy(noise, 1.5);
  const deviation = Math.hypot(...values) / side;
  return values.map((value) => value / deviation);
}

/**
 * Streaks taken out, one hill of brightness after the other in a random order, until `share` of the light is gone. A hill is every pixel
 * from which going uphill leads to the same top, so the cuts lie in the valleys between streaks.
 */
function withoutStreaks(image: GreyImage, share: number): GreyImage {
  const top = storedHillTops(image);
  const light = new Map<number, number>();
  top.forEach((at, i) => light.set(at, (light.get(at) ?? 0) + Math.max(0, image.values[i]!)));
  let left = share * [...light.values()].reduce((sum, value) => sum + value, 0);
  const random = randomFromSeed(3);
  const order = [...light.keys()].map((at) => ({ at, key: random.uniform() })).sort((a, b) => a.key - b.key);
  const keep = new Map<number, number>();
  for (const { at } of order) {
    const hill = light.get(at)!;
    const taken = Math.min(hill, left);
    left -= taken;
    keep.set(at, hill > 0 ? 1 - taken / hill : 1);
  }
  return { ...image, values: image.values.map((value, i) => value * keep.get(top[i]!)!) };
}

const hillTopsOf = new WeakMap<GreyImage, Int32Array>();

/** As `hillTops`, found once for an image. */
function storedHillTops(image: GreyImage): Int32Array {
  const top = hillTopsOf.get(image) ?? hillTops(image);
  hillTopsOf.set(image, top);
  return top;
}

/** For every pixel the index of the pixel at which the way uphill ends, on a slightly blurred image. */
function hillTops(image: GreyImage): Int32Array {
  const { width, height, values } = blurredBy(image, 1.5);
  const top = new Int32Array(values.length).fill(-1);
  const uphill = (p: number): number => {
    const [x, y] = [p % width, Math.floor(p / width)];
    let best = p;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const inside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
        const q = p + dy * width + dx;
        if (inside && values[q]! > values[best]!) best = q;
      }
    }
    return best;
  };
  for (let p = 0; p < top.length; p++) {
    const way: number[] = [];
    let at = p;
    for (let next = uphill(at); top[at] === -1 && next !== at; next = uphill(at)) {
      way.push(at);
      at = next;
    }
    const end = top[at] === -1 ? at : top[at]!;
    top[at] = end;
    for (const q of way) top[q] = end;
  }
  return top;
}
