import { MAX_PIXELS } from './imageHeader.ts';
import type { ImageHeader } from './imageHeader.ts';
import { ImageFileError } from './imageFileError.ts';

/** What deraining a photo takes at its peak, bytes a pixel: pixels, findings, two images on screen, a canvas to encode. */
const PEAK_BYTES = 24;
/** A tab should leave this share of the machine's memory to everything else. */
const SHARE_LEFT = 0.4;

/** Pixels of the largest photo that is derained on a device with so much memory (gibibytes, as browsers tell it; many do not). */
export function mostPixels(deviceMemory: number | undefined): number {
  if (deviceMemory === undefined) return MAX_PIXELS;
  return Math.min(MAX_PIXELS, Math.floor((deviceMemory * 2 ** 30 * (1 - SHARE_LEFT)) / PEAK_BYTES / 1e6) * 1e6);
}

/** Throws ImageRefusal, before anything is decoded, for a photo that the device has no room for. */
export function assertPhotoFits(
  { width, height }: Pick<ImageHeader, 'width' | 'height'>,
  deviceMemory: number | undefined,
): void {
  const most = mostPixels(deviceMemory);
  if (width * height <= most) return;
  throw new ImageFileError(
    'tooLarge',
    `The photo is ${width} × ${height} (${Math.round((width * height) / 1e6)} megapixels); with the memory of this device, rain is removed from photos of up to ${most / 1e6}.`,
    'Make it smaller in another program first, or open it on a device with more memory.',
  );
}
