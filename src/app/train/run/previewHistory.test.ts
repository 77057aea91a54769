import { expect, test } from 'vitest';
import { createPixels } from '../../../core/images/pixels.ts';
import type { Previewed } from '../../../core/training/events.ts';
import { keepPreview } from './previewHistory.ts';

const preview = (step: number, side = 4): Previewed => {
  const image = (shade: number) => {
    const pixels = createPixels(side, side);
    pixels.data.fill(shade);
    return pixels;
  };
  const sample = {
    label: 'fixed',
    rainy: image(1),
    rainMap: image(step % 250),
    trueRainMap: image(3),
    teacher: image(step % 249),
    student: image(step % 248),
    truth: image(5),
    psnr: null,
  };
  return { type: 'previewed', step, samples: [sample] };
};
const run = (steps: readonly number[], limits: { count: number; bytes: number }) =>
  steps.reduce<readonly Previewed[]>((kept, step) => keepPreview(kept, preview(step), limits), []);

test('keeps the first, the newest and an even spread', () => {
  const kept = run(
    Array.from({ length: 200 }, (_, i) => (i + 1) * 25),
    { count: 12, bytes: 1e9 },
  );
  const steps = kept.map(({ step }) => step);
  expect(steps).toHaveLength(12);
  expect(steps[0]).toBe(25);
  expect(steps.at(-1)).toBe(5000);
  const gaps = steps.slice(1).map((step, i) => step - steps[i]!);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(1000);
});

test('stays within its bytes, counting a fixed crop once', () => {
  const bytes = 4 * 4 * 4; // one image
  const kept = run([1, 2, 3, 4, 5, 6], { count: 100, bytes: bytes * (3 + 3 * 4) });
  expect(kept.map(({ step }) => step)).toHaveLength(4);
  expect(kept[0]!.samples[0]!.rainy).toBe(kept[3]!.samples[0]!.rainy);
  expect(kept[0]!.samples[0]!.student).not.toBe(kept[3]!.samples[0]!.student);
});

test('a crop that changed is not replaced by the earlier one', () => {
  const first = keepPreview([], preview(1));
  const changed = preview(2);
  changed.samples[0]!.rainy.data[5] = 200;
  expect(keepPreview(first, changed)[1]!.samples[0]!.rainy.data[5]).toBe(200);
});

test('going back replaces the previews that lay ahead', () => {
  expect(run([10, 20, 30, 20], { count: 60, bytes: 1e9 }).map(({ step }) => step)).toEqual([10, 20]);
});
