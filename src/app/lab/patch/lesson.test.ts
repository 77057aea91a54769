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
  expect(lessonOf(unchanged, shares(0, 0))).toBe('The estimate equals the truth, so both losses are 0.');
  const blurred = { ...unchanged, blur: 2 };
  expect(lessonOf(blurred, shares(0.2, 0.5))).toMatch(
    /content loss \(4\) is 20\u00a0% .* direction loss \(5\) is 50\u00a0%\. Direction .* 2\.5 times as heavily: blur removes/,
  );
  expect(lessonOf({ ...blurred, rotation: 5 }, shares(0.2, 0.5))).toMatch(/2\.5 times as heavily\.$/);
  expect(lessonOf(blurred, shares(0.5, 0.2))).toMatch(/Content penalizes this error 2\.5 times as heavily\.$/);
  expect(lessonOf({ ...unchanged, offset: 0.1 }, shares(0.4, 0))).toMatch(/Direction does not see this error at all/);
  expect(lessonOf(blurred, shares(0.4, 0.45))).toMatch(/about equally/);
});

it('begins no sentence with the number of an equation', () => {
  const each = [shares(0, 0), shares(0.2, 0.5), shares(0.5, 0.2), shares(0.4, 0), shares(0.4, 0.45)];
  for (const losses of each) expect(lessonOf(unchanged, losses)).not.toMatch(/(^|\. )\(\d\)/);
});
