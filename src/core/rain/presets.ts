import type { Random } from '../random.ts';
import { directionIndex } from './direction.ts';
import { scaleRecipe } from './streaks.ts';
import type { RainLayer, RainRecipe } from './streaks.ts';
import { lightOf, varied } from './variety.ts';

/** Kinds of rain that the generator knows, in the order in which they are shown; see `sampleRecipe`. */
export const rainPresetNames = [
  'light',
  'heavy',
  'crossing',
  'nearDrops',
  'veil',
  'dense',
  'downpour',
  'driving',
] as const;
export type RainPresetName = (typeof rainPresetNames)[number];

/** What a preset's rain is like besides its kind. */
export interface RecipeOptions {
  /** Size of the rain, 1 as the preset says. No streak gets narrower, wider, shorter or longer by it than `scaledSizes` says. */
  readonly scale?: number;
  /** Adds what real rain has besides straight, sharp streaks; see `varied`. */
  readonly vary?: boolean;
}

/** Mean sizes of a layer, pixels, that scaling may reach; what is beyond them already is not scaled further that way. */
export const scaledSizes = { width: [1, 14], length: [8, 250] } as const;

/**
 * A random recipe of one kind, with the label of its strongest layer.
 *
 * light: one direction, fine streaks 15–37 px long, half of all pixels untouched, as in Rain100L. heavy: one direction,
 * most pixels brightened, some saturated. crossing: three to five layers at angles of their own, as heavy as Rain100H.
 * nearDrops: a few wide, blurred streaks before light rain. veil: faint fine streaks in a grey veil, as in real photos.
 * dense: near-parallel dashes 4–6 px wide and 40–90 px long, many overlapping, as in RainDirection. downpour: three to five
 * crossing layers as heavy as Rain100H and heavier; four pixels of five brightened, a tenth of a photo saturated. driving: two to
 * five crossing layers of very many thin, long, faint streaks, 1.2–2.6 px wide and 35–130 px long, as heavy rain looks from afar
 * and in the heavy benchmark pairs.
 */
export function sampleRecipe(
  preset: RainPresetName,
  random: Random,
  { scale = 1, vary = false }: RecipeOptions = {},
): RainRecipe {
  const angle = Math.min(124, Math.max(55, 91 + 15 * random.normal()));
  const { layers, veil, bend } = kinds[preset](angle, random);
  const strongest = layers.reduce((a, b) => (lightOf(b) > lightOf(a) ? b : a));
  const recipe: RainRecipe = {
    layers,
    veil,
    seed: random.below(2 ** 32),
    direction: directionIndex(strongest.angle),
    ...(bend && { bend }),
  };
  return scaleRecipe(vary ? varied(recipe, random.split('variety')) : recipe, withinSizes(layers, scale));
}

/** The part of a scale that keeps the layers within `scaledSizes`. */
function withinSizes(layers: readonly RainLayer[], scale: number): number {
  let factor = scale;
  for (const name of ['width', 'length'] as const) {
    const sizes = layers.map((layer) => layer[name]);
    const [low, high] = scaledSizes[name];
    factor = Math.max(factor, Math.min(1, low / Math.min(...sizes)));
    factor = Math.min(factor, Math.max(1, high / Math.max(...sizes)));
  }
  return factor;
}

const noVeil = { amount: 0, grey: 0.7 } as const;

type Kind = (angle: number, random: Random) => Pick<RainRecipe, 'layers' | 'veil' | 'bend'>;

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
  dense: (angle, random) => ({
    layers: [
      {
        angle,
        spread: random.between(0.2, 1),
        length: random.between(50, 75),
        width: random.between(4, 6),
        density: random.between(1.2, 3.2),
        strength: random.between(0.12, 0.3),
        plateau: random.between(0, 3),
        softEnds: random.between(0.3, 0.8),
      },
    ],
    veil: { amount: random.between(0, 0.06), grey: 0.7 },
    bend: { degrees: random.between(0, 1.5), towards: random.between(0, 360) },
  }),
  downpour: (angle, random) =>
    crossingRain(angle, random, {
      fewestLayers: 3,
      mostLayers: 5,
      light: [0.16, 0.27],
      length: [14, 45],
      width: [2, 4],
      strength: [0.12, 0.23],
      turn: 20,
      spread: [0.5, 2],
      plateau: [0, 0.6],
      softEnds: [0.3, 0.6],
      veil: [0, 0.12],
      grey: [0.6, 0.8],
    }),
  driving: (angle, random) =>
    crossingRain(angle, random, {
      fewestLayers: 2,
      mostLayers: 5,
      light: [0.06, 0.38],
      length: [35, 130],
      width: [1.2, 2.6],
      strength: [0.07, 0.17],
      turn: 22,
      spread: [0.5, 3],
      plateau: [0, 1],
      softEnds: [0.3, 0.8],
      veil: [0, 0.05],
      grey: [0.6, 0.9],
    }),
};

type Range = readonly [low: number, high: number];

/** Ranges that crossing rain is drawn from; sizes in pixels, angles in degrees, brightnesses 0..1. */
interface CrossingRain {
  readonly fewestLayers: number;
  readonly mostLayers: number;
  /** Added to a pixel on average by all layers, before clipping. */
  readonly light: Range;
  readonly length: Range;
  readonly width: Range;
  readonly strength: Range;
  /** Other layers than the first are turned against it by up to so much. */
  readonly turn: number;
  readonly spread: Range;
  readonly plateau: Range;
  readonly softEnds: Range;
  readonly veil: Range;
  readonly grey: Range;
}

/** Layers at angles of their own, of the density that gives the light; the first has twice the share of any other. */
function crossingRain(angle: number, random: Random, ranges: CrossingRain): ReturnType<Kind> {
  const { fewestLayers, mostLayers, turn } = ranges;
  const count = fewestLayers + random.below(mostLayers - fewestLayers + 1);
  const light = random.between(...ranges.light);
  const layers = Array.from({ length: count }, (_, i) => {
    const [length, width] = [random.between(...ranges.length), random.between(...ranges.width)];
    const strength = random.between(...ranges.strength);
    const share = (i === 0 ? 2 : 1) / (count + 1);
    return {
      angle: i === 0 ? angle : angle + random.between(-turn, turn),
      spread: random.between(...ranges.spread),
      length,
      width,
      density: (1000 * light * share) / (length * width * strength * lightOfShape),
      strength,
      plateau: random.between(...ranges.plateau),
      softEnds: random.between(...ranges.softEnds),
    };
  });
  return {
    layers,
    veil: { amount: random.between(...ranges.veil), grey: random.between(...ranges.grey) },
    bend: { degrees: random.between(0, 2), towards: random.between(0, 360) },
  };
}

/** Light of a streak in shares of length × width × peak: its Gaussian cross-section and its fading ends. */
const lightOfShape = 0.85;

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
