import { cropPlaces } from '../images/cropPlaces.ts';
import type { Pixels } from '../images/pixels.ts';
import type { DirectionIndex } from '../paper/notation.ts';
import { resampleRgb } from '../images/resample.ts';
import type { Random } from '../random.ts';

/** Bounds of a factor that is drawn log-uniformly; { min: 1, max: 1 } leaves everything at its size. */
export interface ScaleRange {
  readonly min: number;
  readonly max: number;
  /** Share that is scaled at all, 0…1; absent: all. The rest keeps its own size. */
  readonly share?: number;
}

export const unscaled: Required<ScaleRange> = { min: 1, max: 1, share: 1 };

/** A random factor, log-uniform within the range; 1 for what is not scaled. */
export function randomScale({ min, max, share = 1 }: ScaleRange, random: Random): number {
  if (share < 1 && random.split('share').uniform() >= share) return 1;
  return min === max ? min : Math.exp(random.between(Math.log(min), Math.log(max)));
}

/** A square cut out of an image, perhaps mirrored, and resampled to another size. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  /** Of the square in the image, pixels. */
  readonly side: number;
  readonly flipX: boolean;
  readonly flipY: boolean;
}

/**
 * Side of the square that gives a crop of `side` pixels when the image is scaled by a random factor. Where the image is too small
 * for the square it is reduced less, as far as the range allows.
 */
export function randomSide(image: Pixels, side: number, range: ScaleRange, random: Random): number {
  const wanted = Math.min(Math.round(side / randomScale(range, random)), image.width, image.height);
  return Math.max(1, wanted, Math.round(side / range.max));
}

/** A random crop with random flips. An image smaller than the crop is cut at its origin and continued by its edge pixels. */
export function randomCrop(image: Pixels, side: number, random: Random): Crop {
  const left = random.below(Math.max(1, image.width - side + 1));
  const top = random.below(Math.max(1, image.height - side + 1));
  return { left, top, side, flipX: random.uniform() < 0.5, flipY: random.uniform() < 0.5 };
}

/** The unmirrored square in the middle of an image. */
export function centralCrop(image: Pixels, side: number): Crop {
  const middle = (length: number): number => Math.max(0, Math.floor((length - side) / 2));
  return { left: middle(image.width), top: middle(image.height), side, flipX: false, flipY: false };
}

/**
 * The unmirrored square with most to see in it, among squares half a side apart: contrast of brightness, times how far it is from
 * white on the mean, since rain does not show on white.
 */
export function liveliestCrop(image: Pixels, side: number): Crop {
  let best = centralCrop(image, side);
  let most = -1;
  for (const top of cropPlaces(image.height, side)) {
    for (const left of cropPlaces(image.width, side)) {
      const liveliness = livelinessOf(image, left, top, side);
      if (liveliness > most) [best, most] = [{ ...best, left, top }, liveliness];
    }
  }
  return best;
}

function livelinessOf({ width, height, data }: Pixels, left: number, top: number, side: number): number {
  let [sum, squares, count] = [0, 0, 0];
  for (let y = top; y < Math.min(height, top + side); y++) {
    for (let x = left; x < Math.min(width, left + side); x++) {
      const p = (y * width + x) * 4;
      const brightness = (data[p]! + data[p + 1]! + data[p + 2]!) / 765;
      sum += brightness;
      squares += brightness * brightness;
      count++;
    }
  }
  const mean = sum / count;
  return Math.sqrt(Math.max(0, squares / count - mean * mean)) * (1 - mean);
}

/** The crop's colours resampled to `to` × `to` pixels, [to · to · 3] in 0..1. */
export function scaledRgb(image: Pixels, crop: Crop, to: number): Float32Array {
  const { left, top, side } = crop;
  if (side === to) return cropRgb(image, crop);
  const margin = Math.ceil(2 * Math.max(1, side / to)) + 1; // as far as the kernel reaches
  const wide = side + 2 * margin;
  const around = cropRgb(image, { ...crop, left: left - margin, top: top - margin, side: wide });
  const inner = { left: margin, top: margin, width: side, height: side };
  const rgb = resampleRgb(around, wide, wide, inner, to, to);
  for (let i = 0; i < rgb.length; i++) rgb[i] = Math.min(1, Math.max(0, rgb[i]!));
  return rgb;
}

/** The crop's colours, [side · side · 3] in 0..1. What lies outside the image continues its edge. */
export function cropRgb(image: Pixels, { left, top, side, flipX, flipY }: Crop): Float32Array {
  const { width, height, data } = image;
  const rgb = new Float32Array(side * side * 3);
  let i = 0;
  for (let row = 0; row < side; row++) {
    const y = Math.min(height - 1, Math.max(0, top + (flipY ? side - 1 - row : row)));
    for (let column = 0; column < side; column++) {
      const x = Math.min(width - 1, Math.max(0, left + (flipX ? side - 1 - column : column)));
      const p = (y * width + x) * 4;
      rgb[i++] = data[p]! / 255;
      rgb[i++] = data[p + 1]! / 255;
      rgb[i++] = data[p + 2]! / 255;
    }
  }
  return rgb;
}

/** The label of a crop's rain: either flip turns θ into 180 − θ, both leave it. */
export function croppedDirection(direction: DirectionIndex, { flipX, flipY }: Crop): DirectionIndex {
  return flipX === flipY ? direction : (18 - direction) % 18;
}
