import * as tf from '@tensorflow/tfjs';
import { randomCrop, scaledRgb } from '../data/crops.ts';
import type { Pixels } from '../images/pixels.ts';
import { tensorOfSquares } from '../images/tensors.ts';
import type { Network } from '../paper/networks.ts';
import type { RainEstimate } from '../rain/estimateRain.ts';
import { makeRainyPair } from '../rain/rainyPair.ts';
import { drawRain } from '../rain/streaks.ts';
import type { RainLayer, RainRecipe } from '../rain/streaks.ts';
import type { Random } from '../random.ts';
import { estimateOf } from './foundRain.ts';

/** The rain found is corrected so often, by at most this factor each time, on so many squares. */
const CALIBRATIONS = 3;
const MOST_CORRECTION = 1.8;
const CALIBRATION_SQUARES = 4;
/** Below this confidence no direction prevails: its layers cross at up to so many degrees. */
const UNDIRECTED = 0.35;
const WIDEST_FAN = 24;
/**
 * Density of the rain in which the student would find what it found, over that of what it found. Measured with Broad: 0.60 to 1.7
 * in nine photos under rain, 0.30 at most in nine rain-free ones that the bounds above let through.
 */
const LEAST_AGREEMENT = 0.4;
/** Share of the light of such rain that a student finds which knows it. Measured: Broad 0.80 and more and Swift 0.77 and more in nine photos, Quick 0.68 at most.
 */
const KNOWS_RAIN = 0.72;

/** Rain to draw over clean images: an estimate, and how far crossing layers lie from its direction, degrees; 0 is one layer. */
export interface RainKind extends Omit<RainEstimate, 'mean'> {
  readonly fan: number;
}

/** A recipe of such rain, a little lighter or heavier, shorter or longer. With a fan, half of its light is in two layers that cross. */
export function recipeLike(rain: RainKind, random: Random): RainRecipe {
  const { fan } = rain;
  const layer = (turn: number, share: number): RainLayer => ({
    angle: rain.angle + turn + random.between(-4, 4),
    spread: random.between(0.5, 2.5),
    length: Math.max(4, rain.length * random.between(0.7, 1.4)),
    width: Math.max(1, rain.width * random.between(0.8, 1.25)),
    density: rain.density * random.between(0.7, 1.35) * share,
    strength: rain.strength * random.between(0.8, 1.25),
    softEnds: random.between(0.3, 0.8),
  });
  const turns = fan > 0 ? [random.between(-fan, fan), random.between(-fan, fan)] : [];
  return {
    layers: [layer(0, fan > 0 ? 0.5 : 1), ...turns.map((turn) => layer(turn, 0.25))],
    veil: { amount: 0, grey: 0.7 },
    seed: random.below(2 ** 32),
    direction: rain.direction,
  };
}

/** A clean square in such rain. */
export function inRainLike(rain: RainKind, yGt: Float32Array, side: number, random: Random): Float32Array {
  const recipe = recipeLike(rain, random);
  return makeRainyPair(yGt, drawRain(recipe, side, side), recipe.veil).rainy;
}

/**
 * Whether what was found behaves as rain does: drawn over clean images it is found again about as dense. Edges of a photo that a
 * student takes for rain are not: their estimate, drawn as streaks, is found so well that the calibration thins it out.
 */
export function isFoundAgain(found: Pick<RainEstimate, 'density'>, kind: Pick<RainKind, 'density'>): boolean {
  return kind.density >= LEAST_AGREEMENT * found.density;
}

/**
 * The rain in which the student would find what it found in the photo. It finds only part of what is there, merges streaks that
 * lie close, and so on: rain like the estimate is drawn over clean images, the student looks for it, and the estimate is
 * corrected by what it finds there, a few times. The squares have so many pixels a `side`. Returns also the share of the light of
 * rain like the estimate that the student finds.
 */
export async function calibrateRain(
  found: RainEstimate,
  network: Pick<Network, 'apply'>,
  clean: readonly Pixels[],
  side: number,
  random: Random,
): Promise<{ readonly kind: RainKind; readonly share: number }> {
  let share = 0;
  let kind: RainKind = { ...found, fan: found.confidence < UNDIRECTED ? WIDEST_FAN : 0 };
  for (let round = 0; round < CALIBRATIONS; round++) {
    const { seen, share: shareOfRound } = await estimateIn(kind, network, clean, side, random.split(round));
    if (round === 0) share = shareOfRound;
    if (seen.strength === 0 || seen.density === 0) return { kind, share };
    const corrected = (name: 'length' | 'width' | 'density' | 'strength'): number =>
      kind[name] * Math.min(MOST_CORRECTION, Math.max(1 / MOST_CORRECTION, found[name] / seen[name]));
    const isTooEven = seen.confidence > found.confidence + 0.03;
    kind = {
      ...kind,
      length: corrected('length'),
      width: Math.max(1, corrected('width')),
      density: corrected('density'),
      strength: corrected('strength'),
      fan: isTooEven ? Math.min(WIDEST_FAN, kind.fan + WIDEST_FAN / 2) : kind.fan,
    };
  }
  return { kind, share };
}

/** Whether a student knows the rain of a photo, so that what it found there is better than what the calibration makes of it. */
export function knowsRain({ share }: { readonly share: number }): boolean {
  return share >= KNOWS_RAIN;
}

/** Mean estimate of what the student finds in rain of a kind over squares of clean images, and the share of its light. */
async function estimateIn(
  kind: RainKind,
  network: Pick<Network, 'apply'>,
  clean: readonly Pixels[],
  side: number,
  random: Random,
): Promise<{ readonly seen: RainEstimate; readonly share: number }> {
  const size = side * side * 3;
  let drawn = 0;
  const rainy = Array.from({ length: CALIBRATION_SQUARES }, (_, i) => {
    const one = random.split(i);
    const image = clean[one.below(clean.length)]!;
    const yGt = scaledRgb(image, randomCrop(image, side, one), side);
    const x = inRainLike(kind, yGt, side, one);
    drawn += x.reduce((sum, value, j) => sum + value - yGt[j]!, 0);
    return x;
  });
  const rain = tf.tidy(() => {
    const x = tensorOfSquares(rainy, side);
    return tf.sub(x, network.apply(x));
  });
  const data = (await rain.data()) as Float32Array;
  rain.dispose();
  const estimates = rainy.map((_, i) =>
    estimateOf({ data: data.subarray(i * size, (i + 1) * size), width: side, height: side }),
  );
  const mean = (name: 'length' | 'width' | 'density' | 'strength' | 'confidence'): number =>
    estimates.reduce((sum, estimate) => sum + estimate[name], 0) / estimates.length;
  const seen = {
    ...estimates[0]!,
    length: mean('length'),
    width: mean('width'),
    density: mean('density'),
    strength: mean('strength'),
    confidence: mean('confidence'),
  };
  return { seen, share: drawn > 0 ? data.reduce((sum, value) => sum + value, 0) / drawn : 0 };
}
