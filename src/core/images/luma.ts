import type { Pixels } from './pixels.ts';

/** One channel of an image as numbers on the byte scale (0…255), row by row from the top left. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** width × height. */
  readonly data: Float32Array;
}

/** Which planes a figure is taken on: luma alone, or red, green and blue. Always printed beside the figure. */
export type Channels = 'y' | 'rgb';

/**
 * Luma as MATLAB's `rgb2ycbcr` has it (ITU-R BT.601, studio swing):  Y = 16 + (65.481 R + 128.553 G + 24.966 B) / 255.
 * R, G, B in 0…255; Y in 16…235, not rounded. Alpha is ignored.
 */
export function luma(image: Pixels): Plane {
  const { width, height, data } = image;
  const y = new Float32Array(width * height);
  for (let i = 0, p = 0; i < y.length; i++, p += 4) {
    y[i] = 16 + (65.481 * data[p]! + 128.553 * data[p + 1]! + 24.966 * data[p + 2]!) / 255;
  }
  return { width, height, data: y };
}

/** Red (0), green (1) or blue (2) as a plane, 0…255. */
export function colourPlane(image: Pixels, channel: 0 | 1 | 2): Plane {
  const { width, height, data } = image;
  const plane = new Float32Array(width * height);
  for (let i = 0, p = channel; i < plane.length; i++, p += 4) plane[i] = data[p]!;
  return { width, height, data: plane };
}

/** The planes that `channels` names: [Y], or [R, G, B]. */
export function planesOf(image: Pixels, channels: Channels): Plane[] {
  return channels === 'y' ? [luma(image)] : [colourPlane(image, 0), colourPlane(image, 1), colourPlane(image, 2)];
}
