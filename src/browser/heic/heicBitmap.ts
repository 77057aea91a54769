import type { Pixels } from '../../core/images/pixels.ts';
import { isOpaque } from '../../core/images/pixels.ts';
import { noMetadata } from '../metadata/photoMetadata.ts';
import { shownColors } from '../metadata/shownColors.ts';
import { writePng } from '../pngWriter.ts';

/**
 * Pixels in the colours of a profile as a bitmap: 'file' leaves their numbers as they are, 'sRGB' lets the browser show them as it
 * shows a file with that profile. Without a profile they are sRGB.
 */
export async function bitmapOf(pixels: Pixels, icc: Uint8Array | null, colors: 'file' | 'sRGB'): Promise<ImageBitmap> {
  const { width, height, data } = pixels;
  const imageData = (colorSpace: PredefinedColorSpace): ImageData =>
    new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height, { colorSpace });
  if (icc === null || colors === 'file') return createImageBitmap(imageData('srgb'));
  const { colorSpace, convert } = shownColors(icc, true);
  if (colorSpace === 'display-p3' && convert === null) return createImageBitmap(imageData('display-p3'));
  // A browser knows profiles only in files.
  const image = { width, height, opaque: isOpaque(pixels), bands: () => [pixels] };
  return createImageBitmap(await writePng(image, { ...noMetadata, icc }));
}
