import { expect, it } from 'vitest';
import { MAX_PIXELS } from './imageHeader.ts';
import { ImageFileError } from './imageFileError.ts';
import { assertPhotoFits, mostPixels } from './photoLimits.ts';

it('takes 100 megapixels where there is memory, or nobody tells how much', () => {
  for (const memory of [undefined, 4, 8, 32]) expect(mostPixels(memory)).toBe(MAX_PIXELS);
  expect(mostPixels(2)).toBe(53e6);
});

it('refuses a photo that a small device has no room for, and says what to do', () => {
  assertPhotoFits({ width: 10_000, height: 10_000 }, undefined);
  assertPhotoFits({ width: 8000, height: 6000 }, 2);
  expect(() => assertPhotoFits({ width: 10_000, height: 10_000 }, 2)).toThrow(ImageFileError);
  expect(() => assertPhotoFits({ width: 10_000, height: 10_000 }, 2)).toThrow(
    '(100 megapixels); with the memory of this device, rain is removed from photos of up to 53. Make it smaller',
  );
});
