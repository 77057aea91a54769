import type { Pixels } from '../core/images/pixels.ts';
import type { PixelSource } from '../core/inference/derain.ts';
import type { ImageHeader } from './imageHeader.ts';
import { readImageHeader } from './imageHeader.ts';
import { decodeHeicInWorker } from './heic/heicDecoder.ts';
import { readMetadata } from './metadata/copyMetadata.ts';
import { damaged, noMemory, unsupported } from './imageFileError.ts';
import type { ImageFileError } from './imageFileError.ts';

export interface ReadOptions {
  /** Shrink to at most this many pixels, keeping the proportions; without it the image keeps its size. */
  readonly maxPixels?: number;
}

/** A decoded image; `close()` the bitmap when done. */
export interface OpenPhoto {
  readonly bitmap: ImageBitmap;
  readonly header: ImageHeader;
}

/**
 * An image file as pixels, upright and in sRGB; in a tab or a worker. Throws ImageRefusal with the reason for a file that is
 * no readable image.
 */
export async function readPhoto(file: Blob, options: ReadOptions = {}): Promise<Pixels> {
  const { bitmap } = await openPhoto(file);
  try {
    const { width, height } = fitWithin(bitmap.width, bitmap.height, options.maxPixels ?? Infinity);
    return pixelsOf(bitmap, width, height);
  } finally {
    bitmap.close();
  }
}

/**
 * Checks the file's header, then decodes it. The decoder turns the image upright by itself, and into sRGB unless `decoding`
 * says otherwise. Throws ImageRefusal.
 */
export async function openPhoto(file: Blob, decoding: ImageBitmapOptions = {}): Promise<OpenPhoto> {
  const header = readImageHeader(new Uint8Array(await file.arrayBuffer()));
  return { bitmap: await decodePhoto(file, header, decoding), header };
}

/** Decodes a file whose header was read and found fit, as `openPhoto` does; a HEIC by libheif where the browser cannot. Throws ImageRefusal. */
export async function decodePhoto(
  file: Blob,
  header: ImageHeader,
  decoding: ImageBitmapOptions = {},
): Promise<ImageBitmap> {
  // A name that lies about the type must not mislead the decoder, so the bytes' own type goes with them.
  const image =
    header.ending || file.type !== header.type
      ? new Blob(header.ending ? [file, header.ending] : [file], { type: header.type })
      : file;
  const bitmap =
    (await createImageBitmap(image, decoding).catch(() => null)) ??
    (header.type === 'image/heic' ? await decodeHeic(file, header, decoding) : null);
  if (!bitmap) throw undecodable(header);
  // What room there is was judged by the header. An image may be cropped, never larger.
  if (bitmap.width * bitmap.height <= header.width * header.height) return bitmap;
  bitmap.close();
  throw damaged(header.type.slice('image/'.length).toUpperCase());
}

async function decodeHeic(file: Blob, header: ImageHeader, decoding: ImageBitmapOptions): Promise<ImageBitmap> {
  const { icc } = readMetadata(new Uint8Array(await file.arrayBuffer()), header.type);
  const colors = decoding.colorSpaceConversion === 'none' ? 'file' : 'sRGB';
  return decodeHeicInWorker({ file, header, icc, colors });
}

/**
 * A decoded image whose bytes are taken out piece by piece, so that they are held once: in the bitmap, which stays its
 * owner's. Alpha as it was; where it is below 255, colours are those that a canvas keeps.
 */
export function bitmapSource(bitmap: ImageBitmap): PixelSource {
  const canvas = new OffscreenCanvas(1, 1);
  const context = contextOf(canvas);
  return {
    width: bitmap.width,
    height: bitmap.height,
    read({ left, top, width, height }) {
      if (canvas.width < width) canvas.width = width;
      if (canvas.height < height) canvas.height = height;
      context.imageSmoothingEnabled = false; // a change of size resets it
      context.clearRect(0, 0, width, height);
      context.drawImage(bitmap, left, top, width, height, 0, 0, width, height);
      return context.getImageData(0, 0, width, height);
    },
  };
}

/** The image at the given size, shrunk as well or as quickly as the browser can. Throws ImageRefusal when there is no room for it. */
export function pixelsOf(
  bitmap: ImageBitmap,
  width: number,
  height: number,
  quality: ImageSmoothingQuality = 'high',
): Pixels {
  try {
    return drawn(bitmap, width, height, quality).context.getImageData(0, 0, width, height);
  } catch {
    throw noMemory(width, height);
  }
}

/** A small JPEG whose longer side is at most `side` pixels, for lists. */
export async function thumbnailOf(bitmap: ImageBitmap, side: number): Promise<Blob> {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const { canvas } = drawn(
    bitmap,
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  );
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
}

/** The largest size of the same proportions with at most `maxPixels`; never larger than given, never below 1 × 1. */
export function fitWithin(width: number, height: number, maxPixels: number): { width: number; height: number } {
  const scale = Math.sqrt(maxPixels / (width * height));
  if (scale >= 1) return { width, height };
  const fitted = Math.max(1, Math.min(Math.floor(width * scale), Math.floor(maxPixels)));
  return { width: fitted, height: Math.max(1, Math.min(Math.floor(height * scale), Math.floor(maxPixels / fitted))) };
}

function drawn(
  bitmap: ImageBitmap,
  width: number,
  height: number,
  quality: ImageSmoothingQuality = 'high',
): { canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D } {
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  context.imageSmoothingQuality = quality;
  context.drawImage(bitmap, 0, 0, width, height);
  return { canvas, context };
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser gives no 2-D canvas off screen.');
  return context;
}

function undecodable(header: ImageHeader): ImageFileError {
  if (header.type === 'image/avif')
    return unsupported(
      'an AVIF image',
      'It may be damaged, or this browser opens none. Save it as JPEG, or try a newer browser.',
    );
  return damaged(header.type.slice('image/'.length).toUpperCase());
}
