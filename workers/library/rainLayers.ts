import { createPixels, cropPixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import { estimateDirection } from '../../src/core/rain/direction.ts';
import { makeRainyPair } from '../../src/core/rain/rainyPair.ts';
import { drawRain } from '../../src/core/rain/streaks.ts';
import type { RainRecipe } from '../../src/core/rain/streaks.ts';
import type { RainLayerShown } from '../../src/protocol/library.ts';

/** Rain maps are faint; the studio shows them this much brighter. */
const MAP_GAIN = 2;

/** A clean image in the rain, Eq. (1), or what the rain adds to it. */
export function rainLayer(clean: Pixels, recipe: RainRecipe, shown: RainLayerShown): Pixels {
  if (shown === 'clean') return clean;
  const colours = new Float32Array(clean.width * clean.height * 3);
  for (let i = 0; i < colours.length; i++) colours[i] = clean.data[i + ((i / 3) | 0)]! / 255;
  const pair = makeRainyPair(colours, drawRain(recipe, clean.width, clean.height), recipe.veil);
  const [values, gain] = shown === 'rainy' ? [pair.rainy, 255] : [pair.rainMap, 255 * MAP_GAIN];
  const image = createPixels(clean.width, clean.height);
  for (let i = 0; i < values.length; i++) image.data[i + ((i / 3) | 0)] = values[i]! * gain;
  return image;
}

/** The middle of an image, at most maxWidth × maxHeight. */
export function middleOf(image: Pixels, maxWidth: number, maxHeight: number): Pixels {
  const [width, height] = [Math.min(image.width, maxWidth), Math.min(image.height, maxHeight)];
  return cropPixels(image, (image.width - width) >> 1, (image.height - height) >> 1, width, height);
}

/** The rain map rainy − clean of two images of one size as an image; below 0 is black. */
export function differenceOf(rainy: Pixels, clean: Pixels, gain: number): Pixels {
  const map = createPixels(rainy.width, rainy.height);
  for (let i = 0; i < map.data.length; i++) if (i % 4 < 3) map.data[i] = (rainy.data[i]! - clean.data[i]!) * gain;
  return map;
}

/** Label 0…17 of the rain in a rainy image whose clean half, of the same size, is known. */
export function directionOf(rainy: Pixels, clean: Pixels): number {
  const map = new Float32Array(rainy.width * rainy.height);
  for (let i = 0, p = 0; i < map.length; i++, p += 4) {
    let sum = 0;
    for (let k = p; k < p + 3; k++) sum += rainy.data[k]! - clean.data[k]!;
    map[i] = sum / 3;
  }
  return estimateDirection(map, rainy.width, rainy.height, 1).index;
}
