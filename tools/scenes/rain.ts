import { directionIndex } from '../../src/core/rain/direction.ts';
import type { RainLayer, RainRecipe } from '../../src/core/rain/streaks.ts';

/** Rain of one wind over a scene, as a camera sees it. */
export interface FallingRain {
  /** Of the streaks, degrees: 0 to the right, counter-clockwise, 90 = vertical. */
  readonly angle: number;
  /** How much falls: 1 is plain rain that adds about five levels of 255 to an image. */
  readonly amount: number;
  /** How many drops fall close before the lens, 1 as in most photos. */
  readonly near: number;
  /** Blends the image towards grey, 0…1, as rain in the distance does. */
  readonly veil: number;
  readonly grey: number;
  /** A second gust at its own angle, with less rain. */
  readonly gust?: { readonly angle: number; readonly amount: number };
  readonly seed: number;
}

/**
 * The recipe of such rain over an image 1,600 pixels wide: long, thin streaks in three depths. At the focus they are 85 pixels long and
 * 2.4 wide; behind it shorter, fainter and more; before it twice as long, wide, soft and few. The wind turns by 3° over the image.
 */
export function fallingRain({ angle, amount, near, veil, grey, gust, seed }: FallingRain): RainRecipe {
  const layers = [...atAndBehindFocus(angle, amount), beforeFocus(angle - 1, near)];
  if (gust) layers.push(...atAndBehindFocus(gust.angle, gust.amount));
  return {
    layers,
    veil: { amount: veil, grey },
    seed,
    direction: directionIndex(angle),
    bend: { degrees: 3, towards: 0 },
  };
}

function atAndBehindFocus(angle: number, amount: number): RainLayer[] {
  return [
    { angle, spread: 1.2, length: 85, width: 2.4, density: 0.55 * amount, strength: 0.14, plateau: 0.5, softEnds: 0.7 },
    { angle: angle + 1, spread: 1, length: 40, width: 1.5, density: 3.2 * amount, strength: 0.07, softEnds: 0.8 },
  ];
}

function beforeFocus(angle: number, near: number): RainLayer {
  return { angle, spread: 2, length: 170, width: 6, density: 0.035 * near, strength: 0.11, plateau: 2, softEnds: 1 };
}
