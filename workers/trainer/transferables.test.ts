import { expect, test } from 'vitest';
import { createPixels } from '../../src/core/images/pixels.ts';
import { transferables } from './transferables.ts';

test('previews move what the networks made and copy the fixed crops', () => {
  const image = () => createPixels(2, 2);
  const sample = {
    label: 'a',
    rainy: image(),
    rainMap: image(),
    trueRainMap: image(),
    teacher: image(),
    student: image(),
    truth: image(),
    psnr: null,
  };
  const moved = transferables([
    { type: 'memory', bytes: 1, tensors: 0 },
    { type: 'previewed', step: 1, samples: [sample] },
  ]);
  expect(new Set(moved)).toEqual(
    new Set([sample.rainMap.data.buffer, sample.teacher.data.buffer, sample.student.data.buffer]),
  );
  expect(moved).not.toContain(sample.rainy.data.buffer);
});
