import type { Pixels } from '../core/images/pixels.ts';
import type { PixelSource } from '../core/inference/derain.ts';
import { readImageHeader } from './imageHeader.ts';
import type { ImageHeader } from './imageHeader.ts';
import { readMetadata } from './metadata/copyMetadata.ts';
import type { PhotoMetadata } from './metadata/photoMetadata.ts';
import { shownColors } from './metadata/shownColors.ts';
import type { ShownColors } from './metadata/shownColors.ts';
import { bitmapSource, decodePhoto, pixelsOf, readPhoto } from './photoReader.ts';
import { assertPhotoFits } from './photoLimits.ts';
import { writePhoto } from './photoWriter.ts';
import type { WriteOptions } from './photoWriter.ts';
import { deepRows } from './deepPng.ts';
import { heldRows, isDeepHeic } from './heic/decodeHeic.ts';
import { decodeDeepHeicInWorker } from './heic/heicDecoder.ts';
import type { DeepRows } from './deepPng.ts';
import type { DeepBands, ImageBands } from './pngWriter.ts';

/** What a photo's file says of itself. */
export interface PhotoHead {
  /** MIME type. */
  readonly type: string;
  readonly metadata: PhotoMetadata;
}

/** A decoded photo. Its pixels lie in the bitmap alone and are read from there; its owner closes it. */
export interface DecodedPhoto extends PhotoHead, ShownColors {
  readonly bitmap: ImageBitmap;
  readonly image: PixelSource;
  /** Reads the more than 8 bits a channel of the file anew; null where it has no more, or is a PNG that lies turned. */
  readonly deepRows: (() => Promise<DeepRows | null>) | null;
}

/** Files to pixels to bitmaps and back, as the host can. */
export interface Imaging {
  /** Reads a file's header and metadata. Throws ImageRefusal when there is no room for the photo. */
  readHead(file: Blob): Promise<PhotoHead>;
  /** Decodes a file. Pixels of a file with an RGB profile stay in that profile's colour space, so that it can be kept. Throws ImageRefusal. */
  decode(file: Blob): Promise<DecodedPhoto>;
  /** A file's pixels in sRGB. Throws ImageRefusal. */
  readPixels(file: Blob): Promise<Pixels>;
  /** Pixels of a file as the page shows them. */
  bitmapOf(pixels: Pixels, colors: ShownColors): Promise<ImageBitmap>;
  /** The photo shrunk to `maxSide`, quickly. */
  shrink(photo: DecodedPhoto, maxSide: number): ImageBitmap;
  /** The photo in its size; `yieldToEventLoop` is awaited after each strip. */
  copy(photo: DecodedPhoto, yieldToEventLoop?: () => Promise<void>): Promise<ImageBitmap>;
  /** A file. Rejects with PhotoWriteError. */
  encode(image: ImageBands | DeepBands, options: WriteOptions): Promise<Blob>;
}

/** How to read a PNG's 16 bits a channel again; null for other files. */
export function deepRowsOf(file: Blob, { type, depth, orientation }: ImageHeader): DecodedPhoto['deepRows'] {
  if (type !== 'image/png' || depth !== 16 || orientation !== 1) return null;
  return async () => deepRows(new Uint8Array(await file.arrayBuffer()));
}

/**
 * How to read the more than 8 bits a channel of a HEIC again, which libheif does also where the browser gave the bitmap; null for a
 * HEIC without. Other sides than the browser's would not fit what was found, and count as none.
 */
function deepHeicRowsOf(
  file: Blob,
  { header, metadata: { icc }, isDeep }: OpenedHead,
  { width, height }: ImageBitmap,
): DecodedPhoto['deepRows'] {
  if (!isDeep) return null;
  return async () => {
    const pixels = await decodeDeepHeicInWorker({ file, header, icc });
    return pixels.width === width && pixels.height === height ? heldRows(pixels) : null;
  };
}

/** Rows that are put on a canvas at once. */
const STRIP_ROWS = 256;

/** A browser's own codecs and canvases. Valid in a worker. */
export const browserImaging: Imaging = {
  readHead: async (file) => {
    const { header, metadata } = await readHead(file);
    return { type: header.type, metadata };
  },

  async decode(file) {
    const head = await readHead(file);
    const { header, metadata } = head;
    const bitmap = await decodePhoto(file, header, metadata.icc ? { colorSpaceConversion: 'none' } : {});
    return {
      bitmap,
      image: bitmapSource(bitmap),
      type: header.type,
      metadata,
      ...shownColors(metadata.icc, showsP3()),
      deepRows: deepRowsOf(file, header) ?? deepHeicRowsOf(file, head, bitmap),
    };
  },

  readPixels: (file) => readPhoto(file),

  bitmapOf: (pixels, colors) => createImageBitmap(shownData(pixels, colors)),

  shrink({ bitmap, image, ...colors }, maxSide) {
    const scale = Math.min(1, maxSide / Math.max(image.width, image.height));
    const [width, height] = [
      Math.max(1, Math.round(image.width * scale)),
      Math.max(1, Math.round(image.height * scale)),
    ];
    const canvas = new OffscreenCanvas(width, height);
    contextOf(canvas, colors).putImageData(shownData(pixelsOf(bitmap, width, height, 'low'), colors), 0, 0);
    return canvas.transferToImageBitmap();
  },

  async copy({ bitmap, image, ...colors }, yieldToEventLoop) {
    // A bitmap decoded without regard to its profile cannot be told its colours; a canvas can.
    if (colors.colorSpace === 'srgb' && !colors.convert) return createImageBitmap(bitmap);
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height);
    const context = contextOf(canvas, colors);
    for (let top = 0; top < height; top += STRIP_ROWS) {
      const strip = await image.read({ left: 0, top, width, height: Math.min(STRIP_ROWS, height - top) });
      context.putImageData(shownData(strip, colors), 0, top);
      await yieldToEventLoop?.();
    }
    return canvas.transferToImageBitmap();
  },

  encode: writePhoto,
};

interface OpenedHead {
  readonly header: ImageHeader;
  readonly metadata: PhotoMetadata;
  /** A HEIC of more than 8 bits a channel. */
  readonly isDeep: boolean;
}

async function readHead(file: Blob): Promise<OpenedHead> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const header = readImageHeader(bytes);
  assertPhotoFits(header, (navigator as { readonly deviceMemory?: number }).deviceMemory);
  const metadata = readMetadata(bytes, header.type);
  return { header, metadata, isDeep: header.type === 'image/heic' && isDeepHeic(bytes, metadata) };
}

function contextOf(canvas: OffscreenCanvas, { colorSpace }: ShownColors): OffscreenCanvasRenderingContext2D {
  return canvas.getContext('2d', { colorSpace, willReadFrequently: true })!;
}

function shownData(pixels: Pixels, { colorSpace, convert }: ShownColors): ImageData {
  const { width, height, data } = convert ? convert(pixels) : pixels;
  return new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height, { colorSpace });
}

/** Whether canvases know Display P3. Firefox takes every canvas for sRGB, and settings only behind bytes and both sides. */
function showsP3(): boolean {
  return new ImageData(new Uint8ClampedArray(4), 1, 1, { colorSpace: 'display-p3' }).colorSpace === 'display-p3';
}
