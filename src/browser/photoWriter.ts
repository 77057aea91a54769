import { metadataOfResult, writeMetadata } from './metadata/copyMetadata.ts';
import type { PhotoMetadata } from './metadata/photoMetadata.ts';
import { writePng } from './pngWriter.ts';
import type { PictureBands } from './pngWriter.ts';

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
 * A picture as a file. A PNG is written band by band; JPEG and WebP take a canvas of the whole picture, four bytes a pixel.
 * JPEG has no alpha, so there transparent parts turn black. Rejects with PhotoWriteError.
 */
export async function writePhoto(picture: PictureBands, { type, quality, metadata }: WriteOptions): Promise<Blob> {
  const kept = metadataOfResult(metadata, picture);
  try {
    if (type === 'image/png') return await writePng(picture, kept);
    return await writeByCanvas(picture, type, quality, kept);
  } catch (error) {
    if (error instanceof PhotoWriteError) throw error;
    throw new PhotoWriteError(
      `There is not enough memory to write a picture of ${picture.width} × ${picture.height}.`,
      { cause: error },
    );
  }
}

async function writeByCanvas(
  picture: PictureBands,
  type: WritableType,
  quality: number,
  metadata: PhotoMetadata,
): Promise<Blob> {
  if (type === 'image/webp' && Math.max(picture.width, picture.height) > WEBP_SIDE) {
    throw new PhotoWriteError(
      `A WebP has at most 16,383 pixels a side; this picture has ${Math.max(picture.width, picture.height).toLocaleString('en')}.`,
    );
  }
  const encoded = await encode(picture, type, quality);
  if (encoded.type !== type)
    throw new PhotoWriteError(`This browser does not write ${type.slice(6).toUpperCase()} files.`);
  if (Object.values(metadata).every((part) => part === null)) return encoded;
  return new Blob([writeMetadata(new Uint8Array(await encoded.arrayBuffer()), type, metadata)], { type });
}

async function encode(picture: PictureBands, type: WritableType, quality: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  try {
    const context = canvas.getContext('2d', { alpha: type !== 'image/jpeg', willReadFrequently: true });
    if (!context) throw new Error('There is no 2-D canvas.');
    let top = 0;
    for await (const { width, height, data } of picture.bands()) {
      // Bytes go in and out as they are: their colour space, if it is another, is told by the profile that is put in.
      context.putImageData(new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height), 0, top);
      top += height;
    }
    return await canvas.convertToBlob({ type, quality });
  } finally {
    canvas.width = canvas.height = 0; // gives its memory back at once
  }
}
