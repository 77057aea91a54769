import { expect, it } from 'vitest';
import { halfOf } from './half.ts';

const stage = { width: 1120, height: 790 };

it('two portraits lie beside each other, two wide photos one above the other', () => {
  expect(halfOf(stage, { width: 3000, height: 4000 })).toEqual({ frame: { width: 558, height: 790 }, stacked: false });
  expect(halfOf(stage, { width: 1600, height: 1067 })).toEqual({ frame: { width: 1120, height: 393 }, stacked: true });
  expect(halfOf({ width: 360, height: 500 }, { width: 1600, height: 1067 }).stacked).toBe(true);
});

it('a stage without a photo is halved from left to right, and no half is empty', () => {
  expect(halfOf(stage, null).stacked).toBe(false);
  expect(halfOf({ width: 0, height: 0 }, null).frame.width).toBe(1);
});
