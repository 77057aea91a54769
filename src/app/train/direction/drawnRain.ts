import { directionCount } from '../../../core/paper/directionKernels.ts';
import type { GreyImage } from '../../../core/images/grey.ts';

/**
 * A square patch of rain to explain with: dashes of one direction on black, the same for the same label. Only drawn for
 * the eye; training uses the rain generator.
 */
export function drawnRain(index: number, side: number): GreyImage {
  const theta = (index * Math.PI) / directionCount;
  const values = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [u, v] = [x - side / 2, side / 2 - y];
      const along = u * Math.cos(theta) + v * Math.sin(theta);
      const across = v * Math.cos(theta) - u * Math.sin(theta);
      values[y * side + x] = dash(along, across);
    }
  }
  return { width: side, height: side, values };
}

const laneWidth = 7;
const dashEvery = 46;

/** Brightness 0…1 of a dash, 3 pixels wide and some 20 long, in lanes that are shifted and dimmed against each other. */
function dash(along: number, across: number): number {
  const lane = Math.floor(across / laneWidth);
  const offset = across - (lane + 0.5) * laneWidth;
  const shifted = along + (lane * lane * 17 + lane * 29);
  const place = (((shifted % dashEvery) + dashEvery) % dashEvery) - dashEvery / 2;
  const strength = 0.5 + 0.5 * (((((lane * 7) % 5) + 5) % 5) / 4);
  return (strength * Math.exp(-((offset / 1.4) ** 2))) / (1 + Math.exp((Math.abs(place) - 10) / 1.5));
}
