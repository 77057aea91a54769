import { expect, it } from 'vitest';
import type { Derainer } from '../../src/core/inference/derainer.ts';
import { estimatePhotoSeconds } from './measureSpeed.ts';

const network = (octaves: number, radius = 8): Derainer => ({
  radius,
  multiple: 1,
  alive: 64,
  octaves: () => octaves,
  derain: () => expect.unreachable('Nothing runs for an estimate.'),
  dispose: () => undefined,
});

it('estimates 12 megapixels by the pixels that the network is given, at every octave', () => {
  const seconds = (octaves: number): number =>
    estimatePhotoSeconds({ network: network(octaves), msPerPixel: 0.001, tile: null }, 400e6, 600)!;
  expect(seconds(1), 'halos come on top of twelve seconds').toBeGreaterThan(12);
  expect(seconds(1)).toBeLessThan(16);
  expect(seconds(3) / seconds(1)).toBeCloseTo(1 + 1 / 4 + 1 / 16);
});

it('promises nothing of a network that needs the whole image at once', () => {
  expect(estimatePhotoSeconds({ network: network(1, Infinity), msPerPixel: 0.001, tile: null }, 400e6, 600)).toBeNull();
});
