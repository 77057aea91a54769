import { expect, test } from 'vitest';
import { createPixels } from '../images/pixels.ts';
import type { Pixels } from '../images/pixels.ts';
import { directionKernel, kernelPair } from '../paper/directionKernels.ts';
import { greyMagnitude, greyOf, greyPixels } from '../images/grey.ts';
import { filtered, quietestDirection, responsesByDirection } from './responses.ts';

/** White parallel lines in the direction of a label, on black. */
function streaks(index: number): Pixels {
  const pixels = createPixels(64, 64);
  const theta = (index * Math.PI) / 18;
  for (let y = 0; y < 64; y++) {
    for (let x = 0; x < 64; x++) {
      const across = x * Math.sin(theta) + y * Math.cos(theta);
      const shade = 127.5 * (1 + Math.sin(across / 2));
      pixels.data.set([shade, shade, shade], (y * 64 + x) * 4);
    }
  }
  return pixels;
}

test.each(Array.from({ length: 18 }, (_, index) => index))(
  'streaks of label %i respond least along and most across, to a label',
  (index) => {
    const z = greyOf(streaks(index), 64);
    const responses = responsesByDirection(z, 5);
    expect(quietestDirection(responses)).toBe(index);
    // To a label's width: on the pixel grid the kernels of neighbouring directions are not equally strong.
    const strongest = responses.indexOf(Math.max(...responses));
    expect(Math.abs(((strongest - index + 18) % 18) - 9)).toBeLessThanOrEqual(1);
  },
);

test('the response of a step edge to the plain gradients, by hand', () => {
  const pixels = createPixels(5, 5);
  for (let y = 0; y < 5; y++) for (let x = 3; x < 5; x++) pixels.data.set([255, 255, 255], (y * 5 + x) * 4);
  const { parallel, perpendicular } = kernelPair(9, 3);
  const z = greyOf(pixels, 5);
  expect([...filtered(z, parallel).values]).toEqual([0, 1, 0, 0, 1, 0, 0, 1, 0]);
  expect(greyMagnitude(filtered(z, perpendicular))).toBe(0);
});

test('only the centre is read, and its white is white', () => {
  const pixels = createPixels(6, 4);
  pixels.data.set([255, 255, 255], (1 * 6 + 2) * 4);
  const grey = greyOf(pixels, 2);
  expect([...grey.values]).toEqual([1, 0, 0, 0]);
  expect(Array.from(greyPixels(grey, 1).data).slice(0, 8)).toEqual([255, 255, 255, 255, 0, 0, 0, 255]);
});

test.each([5, 7] as const)('steering two responses gives the same means as filtering 18 times, size %i', (size) => {
  const z = greyOf(streaks(4), 64);
  const each = Array.from({ length: 18 }, (_, k) => greyMagnitude(filtered(z, directionKernel(k, size))));
  const steered = responsesByDirection(z, size);
  steered.forEach((mean, k) => expect(mean).toBeCloseTo(each[k]!, 6));
});
