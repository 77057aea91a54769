import { createPixels } from '../../images/pixels.ts';
import type { Pixels } from '../../images/pixels.ts';
import { randomFromSeed } from '../../random.ts';
import type { ImageSource } from '../imageSource.ts';

/** Opaque noise of middle brightness, the same for the same seed. */
export function noiseImage(seed: number, width: number, height: number): Pixels {
  const random = randomFromSeed(seed);
  const pixels = createPixels(width, height);
  for (let i = 0; i < pixels.data.length; i++) pixels.data[i] = i % 4 === 3 ? 255 : 60 + random.below(120);
  return pixels;
}

/** Three clean images of noise, for tests: all that a short run needs. */
export function noiseSource(width: number, height: number): ImageSource {
  return {
    clean: ['0', '1', '2'],
    rainy: [],
    pairs: [],
    readClean: async (id) => noiseImage(Number(id), width, height),
    readRainy: async (id) => Promise.reject(new Error(`no ${id}`)),
    readPair: async (id) => Promise.reject(new Error(`no ${id}`)),
  };
}
