import { randomFromSeed } from '../../core/random.ts';
import { directionIndex } from '../../core/rain/direction.ts';
import type { RainPresetName } from '../../core/rain/presets.ts';
import { sampleRecipe } from '../../core/rain/presets.ts';
import type { RainLayer, RainRecipe } from '../../core/rain/streaks.ts';
import type { PairJob } from '../../protocol/library.ts';

/** Streaks per 1000 pixels of area that the slider goes up to. */
export const MAX_DENSITY = 40;

/** The rain studio's sliders. Lengths in pixels, angles in degrees as on screen, strength and veil 0…1. */
export interface RainSettings {
  readonly angle: number;
  readonly length: number;
  readonly width: number;
  /** Streaks per 1000 pixels of area, all layers together. */
  readonly density: number;
  readonly strength: number;
  readonly layers: number;
  readonly veil: number;
  readonly seed: number;
}

/** A kind of rain as the sliders can say it: all streaks like those of its strongest layer, as many as add the same light. */
export function settingsOfKind(kind: RainPresetName, seed: number): RainSettings {
  const { layers, veil, direction } = sampleRecipe(kind, randomFromSeed(seed));
  const main = layers.find((layer) => directionIndex(layer.angle) === direction)!;
  const light = layers.reduce((sum, layer) => sum + lightOf(layer), 0);
  return {
    angle: Math.round(main.angle),
    length: Math.round(main.length),
    width: rounded(main.width),
    density: Math.min(MAX_DENSITY, rounded((main.density * light) / lightOf(main))),
    strength: rounded(main.strength, 100),
    layers: layers.length,
    veil: Math.round(veil.amount * 100) / 100,
    seed,
  };
}

/**
 * The generator's recipe for these sliders. The first layer has the angle given and twice the streaks of any other, so that it
 * gives the label; each other layer crosses it by up to 20°.
 */
export function recipeOf({ angle, length, width, density, strength, layers, veil, seed }: RainSettings): RainRecipe {
  const random = randomFromSeed(seed).split('layers');
  const share = density / (layers + 1);
  const main: RainLayer = { angle, spread: 1, length, width, density: 2 * share, strength };
  const others = Array.from({ length: layers - 1 }, (): RainLayer => ({
    ...main,
    angle: angle + random.between(-20, 20),
    density: share,
  }));
  return { layers: [main, ...others], veil: { amount: veil, grey: 0.7 }, seed, direction: directionIndex(angle) };
}

/**
 * `count` pairs in this rain. Each has rain of its own, at an angle up to `vary` degrees to either side. The images are used in a
 * shuffled order, again and again until there are enough. The same arguments give the same pairs.
 */
export function pairJobs(
  settings: RainSettings,
  count: number,
  vary: number,
  images: readonly { readonly id: string; readonly name: string }[],
): PairJob[] {
  const random = randomFromSeed(settings.seed).split('pairs');
  const order = images.map((image) => ({ image, key: random.uniform() })).sort((a, b) => a.key - b.key);
  return Array.from({ length: count }, (_, index) => {
    const { image } = order[index % order.length]!;
    const angle = settings.angle + random.between(-vary, vary);
    const seed = random.below(2 ** 32);
    return {
      image: image.id,
      recipe: recipeOf({ ...settings, angle, seed }),
      name: `${image.name}-rain-${seed.toString(36)}`,
    };
  });
}

/** Light that a layer adds, up to a constant. */
function lightOf({ density, length, width, strength }: RainLayer): number {
  return density * length * width * strength;
}

function rounded(value: number, parts = 10): number {
  return Math.max(1 / parts, Math.round(value * parts) / parts);
}
