import { expect, it } from 'vitest';
import { unchanged } from '../../../core/patch/estimate.ts';
import type { PatchLosses } from '../../../core/patch/patchLosses.ts';
import { lessonOf } from './lesson.ts';

const shares = (content: number, direction: number): PatchLosses => ({
  content,
  direction,
  parallel: direction,
  perpendicular: direction,
});

it('says which loss minds an estimate more, and why where one change made it', () => {
  expect(lessonOf(unchanged, shares(0, 0))).toBe('The estimate is the truth: both losses are 0.');
  const blurred = { ...unchanged, blur: 2 };
  expect(lessonOf(blurred, shares(0.2, 0.5))).toMatch(
    /20\u00a0%.*50\u00a0%\. \(5\) penalizes it 2\.5 times as much: blur removes/,
  );
  expect(lessonOf({ ...blurred, rotation: 5 }, shares(0.2, 0.5))).toMatch(/2\.5 times as much\.$/);
  expect(lessonOf(blurred, shares(0.5, 0.2))).toMatch(/\(4\) penalizes it 2\.5 times as much\.$/);
  expect(lessonOf({ ...unchanged, offset: 0.1 }, shares(0.4, 0))).toMatch(/\(5\) does not see it at all/);
  expect(lessonOf(blurred, shares(0.4, 0.45))).toMatch(/about equally/);
});
