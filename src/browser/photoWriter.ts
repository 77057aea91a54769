import { flattenedOnWhite } from '../core/images/pixels.ts';
import { metadataOfResult, writeMetadata } from './metadata/copyMetadata.ts';
import type { PhotoMetadata } from './metadata/photoMetadata.ts';
import { writePng } from './pngWriter.ts';
import type { DeepBands, ImageBands } from './pngWriter.ts';

export type WritableType = 'image/png' | 'image/jpeg' | 'image/webp';

export interface WriteOptions {
  readonly type: WritableType;
  /** 0…1, for JPEG and WebP. */
  readonly quality: number;
  /** Of the original file; orientation and thumbnail are put right here. */
  readonly metadata: PhotoMetadata;
}

/** The browser could not make the file: no memory, or a type it does not write. */
export class PhotoWriteError extends Error {
  override readonly name = 'PhotoWriteError';
}

/** Longest side of a WebP (RFC 9649), pixels. */
const WEBP_SIDE = 16_383;

/**
 * An image as a file; of 16 bits a channel a PNG, whatever was asked for. A PNG is written band by band; JPEG and WebP take a canvas of the whole image, four bytes a pixel.
 * JPEG has no alpha, so there transparent parts lie on white. Rejects with PhotoWriteError.
 */
export async function writePhoto(
  image: ImageBands | DeepBands,
  { type, quality, metadata }: WriteOptions,
): Promise<Blob> {
  const kept = metadataOfResult(metadata, image);
  try {
    if (type === 'image/png' || 'deepBands' in image) return await writePng(image, kept);
    return await writeByCanvas(image, type, quality, kept);
  } catch (error) {
    if (error instanceof PhotoWriteError) throw error;
    throw new PhotoWriteError(`There is not enough memory to write an image of ${image.width} × ${image.height}.`, {
      cause: error,
    });
  }
}

async function writeByCanvas(
  image: ImageBands,
  type: WritableType,
  quality: number,
  metadata: PhotoMetadata,
): Promise<Blob> {
  if (type === 'image/webp' && Math.max(image.width, image.height) > WEBP_SIDE) {
    throw new PhotoWriteError(
      `A WebP has at most 16,383 pixels a side; this image has ${Math.max(image.width, image.height).toLocaleString('en')}.`,
    );
  }
  const encoded = await encode(image, type, quality);
  if (encoded.type !== type)
    throw new PhotoWriteError(`This browser does not write ${type.slice(6).toUpperCase()} files.`);
  if (Object.values(metadata).every((part) => part === null)) return encoded;
  return new Blob([writeMetadata(new Uint8Array(await encoded.arrayBuffer()), type, metadata)], { type });
}

async function encode(image: ImageBands, type: WritableType, quality: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(image.width, image.height);
  try {
    const context = canvas.getContext('2d', { alpha: type !== 'image/jpeg', willReadFrequently: true });
    if (!context) throw new Error('There is no 2-D canvas.');
    let top = 0;
    for await (const band of image.bands()) {
      const { width, height, data } = type === 'image/jpeg' && !image.opaque ? flattenedOnWhite(band) : band;
      // Bytes go in and out as they are: their colour space, if it is another, is told by the profile that is put in.
      context.putImageData(new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height), 0, top);
      top += height;
    }
    return await canvas.convertToBlob({ type, quality });
  } finally {
    canvas.width = canvas.height = 0; // gives its memory back at once
  }
}
