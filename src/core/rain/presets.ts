import type { Random } from '../random.ts';
import { directionIndex } from './direction.ts';
import type { RainLayer, RainRecipe } from './streaks.ts';

/** Kinds of rain that the generator knows; see `sampleRecipe`. */
export const rainPresetNames = ['light', 'heavy', 'crossing', 'nearDrops', 'veil'] as const;
export type RainPresetName = (typeof rainPresetNames)[number];

/**
 * A random recipe of one kind, with the label of its strongest layer.
 *
 * light: one direction, fine streaks 15–37 px long, half of all pixels untouched, as in Rain100L. heavy: one direction,
 * most pixels brightened, some saturated. crossing: three to five layers at angles of their own, as heavy as Rain100H.
 * nearDrops: a few wide, blurred streaks before light rain. veil: faint fine streaks in a grey veil, as in real photos.
 */
export function sampleRecipe(preset: RainPresetName, random: Random): RainRecipe {
  const angle = Math.min(124, Math.max(55, 91 + 15 * random.normal()));
  const { layers, veil } = kinds[preset](angle, random);
  const strongest = layers.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a));
  return { layers, veil, seed: random.below(2 ** 32), direction: directionIndex(strongest.angle) };
}

/** Light that a layer adds per pixel, up to a constant. */
function weightOf({ density, length, width, strength }: RainLayer): number {
  return density * length * width * strength;
}

const noVeil = { amount: 0, grey: 0.7 } as const;

type Kind = (angle: number, random: Random) => Pick<RainRecipe, 'layers' | 'veil'>;

const kinds: Readonly<Record<RainPresetName, Kind>> = {
  light: (angle, random) => ({ layers: [fine(angle, random, random.between(0.6, 1.5))], veil: noVeil }),
  heavy: (angle, random) => ({
    layers: [
      {
        angle,
        spread: random.between(0.5, 3),
        length: random.between(18, 44),
        width: random.between(2.2, 3.8),
        density: random.between(5, 10),
        strength: random.between(0.22, 0.42),
      },
      fine(angle + random.between(-4, 4), random, 1.5),
    ],
    veil: { amount: random.between(0, 0.1), grey: 0.7 },
  }),
  crossing: (angle, random) => ({
    layers: Array.from({ length: 3 + random.below(3) }, (_, i) => ({
      angle: i === 0 ? angle : angle + random.between(-20, 20),
      spread: random.between(0.5, 2),
      length: random.between(14, 45),
      width: random.between(2.2, 3.6),
      density: random.between(1.5, 3.2) * (i === 0 ? 1.8 : 1),
      strength: random.between(0.22, 0.4),
    })),
    veil: noVeil,
  }),
  nearDrops: (angle, random) => ({
    layers: [
      {
        angle,
        spread: 4,
        length: random.between(40, 110),
        width: random.between(6, 14),
        density: random.between(0.03, 0.14),
        strength: random.between(0.12, 0.35),
      },
      fine(angle + random.between(-3, 3), random, random.between(0.4, 1)),
    ],
    veil: { amount: random.between(0, 0.12), grey: random.between(0.55, 0.8) },
  }),
  veil: (angle, random) => ({
    layers: [
      {
        angle,
        spread: random.between(1, 5),
        length: random.between(10, 40),
        width: random.between(1.2, 2.4),
        density: random.between(3, 12),
        strength: random.between(0.03, 0.12),
      },
    ],
    veil: { amount: random.between(0.05, 0.35), grey: random.between(0.5, 0.85) },
  }),
};

/** The layer that `light` is made of; `amount` 1 adds about 6 of 255 levels on average. */
function fine(angle: number, random: Random, amount: number): RainLayer {
  return {
    angle,
    spread: random.between(0.3, 2),
    length: random.between(15, 37),
    width: random.between(2.2, 3.6),
    density: (amount * 64) / random.between(17, 28),
    strength: random.between(0.09, 0.16),
  };
}
