import type { Pixels } from '../images/pixels.ts';
import type { DirectionIndex } from '../paper/notation.ts';
import type { Random } from '../random.ts';

/** A square cut out of a picture, perhaps mirrored. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly side: number;
  readonly flipX: boolean;
  readonly flipY: boolean;
}

/** A random crop with random flips. A picture smaller than the crop is cut at its origin and continued by its edge pixels. */
export function randomCrop(picture: Pixels, side: number, random: Random): Crop {
  const left = random.below(Math.max(1, picture.width - side + 1));
  const top = random.below(Math.max(1, picture.height - side + 1));
  return { left, top, side, flipX: random.uniform() < 0.5, flipY: random.uniform() < 0.5 };
}

/** The unmirrored square in the middle of a picture. */
export function centralCrop(picture: Pixels, side: number): Crop {
  const middle = (length: number): number => Math.max(0, Math.floor((length - side) / 2));
  return { left: middle(picture.width), top: middle(picture.height), side, flipX: false, flipY: false };
}

/** The crop's colours, [side · side · 3] in 0..1. */
export function cropRgb(picture: Pixels, { left, top, side, flipX, flipY }: Crop): Float32Array {
  const { width, height, data } = picture;
  const rgb = new Float32Array(side * side * 3);
  let i = 0;
  for (let row = 0; row < side; row++) {
    const y = Math.min(height - 1, top + (flipY ? side - 1 - row : row));
    for (let column = 0; column < side; column++) {
      const x = Math.min(width - 1, left + (flipX ? side - 1 - column : column));
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
