import { expect, it } from 'vitest';
import { gridColumns, tallestImage } from './gridColumns.ts';

const space = { gap: 8, caption: 60 };
const wide = { width: 1200, height: 800 };
const tall = { width: 800, height: 1200 };

it('shows images as large as the room allows', () => {
  const room = { width: 1100, height: 700 };
  expect([1, 2, 4, 6].map((count) => gridColumns(count, wide, room, space))).toEqual([1, 2, 2, 3]);
  expect(gridColumns(4, tall, room, space)).toBe(4);
  expect(gridColumns(5, wide, { width: 340, height: 2000 }, space)).toBe(1);
});

it('has an answer where there is no room at all', () => {
  expect(gridColumns(6, wide, { width: 0, height: 0 }, space)).toBeGreaterThanOrEqual(1);
});

it('lets an image be as tall as its column is wide for it', () => {
  const room = { width: 1208, height: 700 };
  expect(tallestImage(2, wide, room, 8)).toBe(400);
  expect(tallestImage(1, tall, room, 8)).toBe(1812);
});
