import type { Pixels } from '../core/images/pixels.ts';
import { metadataOfResult, writeMetadata } from './metadata/copyMetadata.ts';
import type { PhotoMetadata } from './metadata/photoMetadata.ts';

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

/** A picture as a file. JPEG has no alpha, so there transparent parts turn black. Rejects with PhotoWriteError. */
export async function writePhoto(picture: Pixels, { type, quality, metadata }: WriteOptions): Promise<Blob> {
  const encoded = await encode(picture, type, quality);
  if (encoded.type !== type) throw new PhotoWriteError(`This browser does not write ${type.slice(6).toUpperCase()} files.`);
  if (!metadata.exif && !metadata.xmp && !metadata.icc) return encoded;
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  return new Blob([writeMetadata(bytes, type, metadataOfResult(metadata, picture))], { type });
}

async function encode(picture: Pixels, type: WritableType, quality: number): Promise<Blob> {
  const { width, height, data } = picture;
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { alpha: type !== 'image/jpeg', willReadFrequently: true });
    if (!context) throw new Error('There is no 2-D canvas.');
    // Bytes go in and out as they are: their colour space, if it is another, is told by the profile that is put in.
    context.putImageData(new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height), 0, 0);
    return await canvas.convertToBlob({ type, quality });
  } catch (error) {
    throw new PhotoWriteError(`There is not enough memory to write a picture of ${width} × ${height}.`, { cause: error });
  }
}
