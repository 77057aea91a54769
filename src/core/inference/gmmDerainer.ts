import * as tf from '@tensorflow/tfjs';
import { gmm, mixtureOf } from '../architectures/gmm.ts';
import type { GmmShape } from '../architectures/gmm.ts';
import { createLayerPriors, lumaOf } from '../gmm/removeRain.ts';
import { rgbOf } from '../images/tensors.ts';
import type { Images } from '../paper/notation.ts';
import type { WeightArrays } from '../weights/modelFile.ts';
import type { Pixels } from '../images/pixels.ts';
import { ImageTooLargeError } from './tileSize.ts';
import type { Rect, Size } from './tiles.ts';

/** Choice: a megapixel takes one to two minutes of one core. */
const MOST_PIXELS = 4e6;

/**
 * GMM as a derainer: it looks at the whole image for the rain's mixture first, then works tile by tile. It computes in plain numbers
 * whatever the backend. `prepare` rejects with an ImageTooLargeError for more than four megapixels.
 */
export function createGmmDerainer(shape: GmmShape, arrays: WeightArrays) {
  const priors = createLayerPriors(mixtureOf(arrays, shape));
  return {
    radius: gmm.radius(shape),
    multiple: 1,
    alive: gmm.footprint(shape).alive,
    octaves: () => 1,
    prepare: async (image: Size & { read(rect: Rect): Pixels | Promise<Pixels> }): Promise<void> => {
      const { width, height } = image;
      if (width * height > MOST_PIXELS)
        throw new ImageTooLargeError(
          'GMM takes a minute or two for each megapixel, so it is given images of up to 4 megapixels only.',
        );
      const pixels = await image.read({ left: 0, top: 0, width, height });
      priors.look(lumaOf({ data: rgbOf(pixels), width, height }));
    },
    derain: (x: Images) => derained(x, (data, width, height) => priors.removeRain({ data, width, height })),
    dispose: () => undefined,
  };
}

function derained(
  x: Images,
  removeRain: (
    data: Float32Array,
    width: number,
    height: number,
  ) => { readonly y: Float32Array; readonly z: Float32Array },
): { readonly y: Images; readonly z: Images } {
  const [count, height, width] = x.shape;
  const values = x.dataSync() as Float32Array;
  const size = height * width * 3;
  const [y, z] = [new Float32Array(values.length), new Float32Array(values.length)];
  for (let n = 0; n < count; n++) {
    const layers = removeRain(values.slice(n * size, (n + 1) * size), width, height);
    y.set(layers.y, n * size);
    z.set(layers.z, n * size);
  }
  return { y: tf.tensor4d(y, x.shape), z: tf.tensor4d(z, x.shape) };
}
