import { createPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';

/** The rain map as an image: rainy − x per colour, 0 where x is the brighter one, as rain only adds light. Throws RangeError when sizes differ. */
export function rainMapImage(rainy: Pixels, x: Pixels): Pixels {
  if (rainy.width !== x.width || rainy.height !== x.height) {
    throw new RangeError(
      `A rain map needs images of equal size, not ${rainy.width} × ${rainy.height} and ${x.width} × ${x.height}.`,
    );
  }
  const map = createPixels(x.width, x.height);
  for (let i = 0; i < map.data.length; i++) if (i % 4 !== 3) map.data[i] = rainy.data[i]! - x.data[i]!;
  return map;
}
