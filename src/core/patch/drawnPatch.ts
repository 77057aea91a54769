import type { GreyImage } from '../images/grey.ts';
import { randomFromSeed } from '../random.ts';
import { sampleRecipe } from '../rain/presets.ts';
import type { RainPresetName } from '../rain/presets.ts';
import { drawRain } from '../rain/streaks.ts';

/**
 * A square patch of generated rain, 0…1: a kind of rain with its strongest layer turned to `angle` degrees (label round(angle / 10)
 * mod 18). The same arguments give the same patch.
 */
export function drawnPatch(kind: RainPresetName, angle: number, seed: number, side: number): GreyImage {
  const recipe = sampleRecipe(kind, randomFromSeed(seed));
  const light = ({ density, length, width, strength }: (typeof recipe.layers)[number]): number =>
    density * length * width * strength;
  const strongest = recipe.layers.reduce((a, b) => (light(b) > light(a) ? b : a));
  const layers = recipe.layers.map((layer) => ({ ...layer, angle: layer.angle + angle - strongest.angle }));
  const values = drawRain({ ...recipe, layers }, side, side).map((value) => Math.min(1, value));
  return { width: side, height: side, values };
}
