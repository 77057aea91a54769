import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { ImageFileError } from './imageFileError.ts';
import { decodePhoto, fitWithin } from './photoReader.ts';

it('keeps an image that is small enough', () => {
  expect(fitWithin(640, 480, 640 * 480)).toEqual({ width: 640, height: 480 });
  expect(fitWithin(640, 480, Infinity)).toEqual({ width: 640, height: 480 });
});

it('halves both sides for a quarter of the pixels', () => {
  expect(fitWithin(4000, 3000, 3_000_000)).toEqual({ width: 2000, height: 1500 });
});

it('never exceeds the limit, never loses a side', () => {
  const side = fc.integer({ min: 1, max: 30_000 });
  fc.assert(
    fc.property(side, side, fc.integer({ min: 1, max: 4_000_000 }), (width, height, maxPixels) => {
      const fitted = fitWithin(width, height, maxPixels);
      expect(fitted.width * fitted.height).toBeLessThanOrEqual(Math.max(1, maxPixels));
      expect(Math.min(fitted.width, fitted.height)).toBeGreaterThanOrEqual(1);
      expect(fitted.width).toBeLessThanOrEqual(width);
      expect(fitted.height).toBeLessThanOrEqual(height);
    }),
    { seed: 3 },
  );
});

afterEach(() => vi.unstubAllGlobals());

it('refuses an image that turns out larger than its header said, and takes one that is cropped', async () => {
  const header = { type: 'image/avif', width: 64, height: 64, orientation: 1 } as const;
  const close = vi.fn();
  const decodes = (width: number, height: number): void =>
    void vi.stubGlobal('createImageBitmap', async () => ({ width, height, close }));
  decodes(6000, 4000);
  await expect(decodePhoto(new Blob(), header)).rejects.toThrow(ImageFileError);
  expect(close, 'its memory is given back').toHaveBeenCalledOnce();
  decodes(60, 50);
  expect(await decodePhoto(new Blob(), header)).toMatchObject({ width: 60, height: 50 });
  vi.stubGlobal('createImageBitmap', async () => Promise.reject(new DOMException('', 'InvalidStateError')));
  await expect(decodePhoto(new Blob(), header)).rejects.toThrow(ImageFileError);
});
