import { expect, it } from 'vitest';
import type { Rect } from '../../src/core/inference/tiles.ts';
import { findingOf } from './layers.ts';
import type { Finding } from './layers.ts';
import { rainiestPart } from './rainiestPart.ts';

/** A tile in which each channel loses so many levels at each pixel. */
function tile(rect: Rect, levelsAt: (x: number, y: number) => number): Finding {
  const data = new Int16Array(rect.width * rect.height * 3);
  for (let y = 0, i = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++) {
      for (let c = 0; c < 3; c++) data[i++] = -64 * levelsAt(rect.left + x, rect.top + y);
    }
  }
  return findingOf({ residual: { rect, data }, rainMap: null });
}

it('is the whole map of a small photo, put together from its tiles', () => {
  const levels = (x: number, y: number): number => (x + 2 * y) % 50;
  const tiles = [
    tile({ left: 60, top: 0, width: 40, height: 80 }, levels),
    tile({ left: 0, top: 0, width: 60, height: 80 }, levels),
  ];
  const { data, width, height } = rainiestPart(tiles, { width: 100, height: 80 });
  expect([width, height]).toEqual([100, 80]);
  const at = (x: number, y: number): number => Math.round(data[(y * width + x) * 3 + 1]! * 255);
  expect([at(0, 0), at(59, 10), at(60, 10), at(99, 79)]).toEqual([0, 79 % 50, 80 % 50, 257 % 50]);
});

it('is the part of a large photo in which most rain was found', () => {
  const rain = (x: number, y: number): number => (x >= 320 && y >= 192 ? 20 : 0);
  const whole = tile({ left: 0, top: 0, width: 500, height: 340 }, rain);
  const dry = tile({ left: 0, top: 0, width: 64, height: 64 }, () => 0);
  const { data, width, height } = rainiestPart([dry, whole], { width: 500, height: 340 }, 128);
  expect([width, height]).toEqual([128, 128]);
  expect(Math.min(...data) * 255).toBeCloseTo(20, 5);
});
