import { createPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';

/**
 * The image that `reference.py` calls `image`: smooth waves that differ by colour, plus `noise` times a grain of
 * −8…8 from integer arithmetic. Metrics are tested on it against values computed there.
 */
export function drawTestImage(width: number, height: number, noise: number): Pixels {
  const image = createPixels(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const grain = ((x * x * 7 + y * y * 13 + x * y * 5 + c * 29) % 17) - 8;
        const waves = 125 + 60 * Math.sin(x / 9 + c) + 40 * Math.cos(y / 7 + x / 23);
        image.data[(y * width + x) * 4 + c] = Math.floor(waves + noise * grain);
      }
    }
  }
  return image;
}
