import { expect, test } from 'vitest';
import { createPixels } from '../../../core/images/pixels.ts';
import type { Previewed, PreviewSample } from '../../../core/training/events.ts';
import { shownIndex, shownSample } from './shownPreview.ts';

const image = createPixels(1, 1);
const sample = (label: string, isKnown: boolean): PreviewSample => ({
  label,
  rainy: image,
  rainMap: image,
  trueRainMap: isKnown ? image : null,
  teacher: image,
  student: image,
  truth: isKnown ? image : null,
  psnr: null,
});
const previews = [0, 10, 20].map((step): Previewed => ({ type: 'previewed', step, samples: [] }));

test('the latest preview is shown until an earlier one is looked at, and again once that is gone', () => {
  expect(shownIndex(previews, null)).toBe(2);
  expect(shownIndex(previews, 10)).toBe(1);
  expect(shownIndex(previews, 5)).toBe(1);
  expect(shownIndex(previews, 30)).toBe(2);
  expect(shownIndex([], null)).toBe(-1);
});

test('the crop asked for is shown, else the first whose rain is known, else the first', () => {
  const samples = [sample('photo', false), sample('pair', true), sample('other', true)];
  expect(shownSample(samples, 'other')!.label).toBe('other');
  expect(shownSample(samples, 'gone')!.label).toBe('pair');
  expect(shownSample(samples.slice(0, 1), null)!.label).toBe('photo');
  expect(shownSample([], null)).toBeUndefined();
});
