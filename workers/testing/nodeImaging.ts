import sharp from 'sharp';
import { readImageHeader } from '../../src/browser/imageHeader.ts';
import { readMetadata } from '../../src/browser/metadata/copyMetadata.ts';
import { deepRowsOf } from '../../src/browser/photoImaging.ts';
import type { Imaging, PhotoHead } from '../../src/browser/photoImaging.ts';
import { writePhoto } from '../../src/browser/photoWriter.ts';
import { cropPixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';

/** A bitmap as pixels, so that a test can look at it. */
export interface ToyBitmap extends Pixels {
  isClosed: boolean;
  close(): void;
}

/** The pixels of a bitmap that `nodeImaging` made. */
export function pixelsOf(bitmap: ImageBitmap): ToyBitmap {
  return bitmap as unknown as ToyBitmap;
}

/** Decodes by sharp, encodes PNG by our own writer; the colour space is that of the file's profile name. */
export const nodeImaging: Imaging = {
  readHead,

  async decode(file) {
    const head = await readHead(file);
    const pixels = await read(file, head.metadata.icc !== null);
    return {
      ...head,
      bitmap: bitmapOf(pixels),
      image: {
        width: pixels.width,
        height: pixels.height,
        read: (rect) => cropPixels(pixels, rect.left, rect.top, rect.width, rect.height),
      },
      colorSpace: head.metadata.icc ? 'display-p3' : 'srgb',
      convert: null,
      deepRows: deepRowsOf(file, readImageHeader(new Uint8Array(await file.arrayBuffer()))),
    };
  },

  readPixels: (file) => read(file),
  bitmapOf: async (pixels) => bitmapOf(pixels),
  shrink: ({ image }, maxSide) => {
    const scale = Math.min(1, maxSide / Math.max(image.width, image.height));
    const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
    return bitmapOf({ width, height, data: new Uint8ClampedArray(0) });
  },

  async copy({ bitmap }, yieldToEventLoop) {
    await yieldToEventLoop?.();
    const { isClosed, width, height, data } = pixelsOf(bitmap);
    if (isClosed) throw new DOMException('The bitmap is closed.', 'InvalidStateError');
    return bitmapOf({ width, height, data: data.slice() });
  },

  encode: writePhoto,
};

/** Pixels as a file. */
export async function fileOf({ width, height, data }: Pixels, type: 'png' | 'jpeg' = 'png'): Promise<Blob> {
  const image = sharp(data, { raw: { width, height, channels: 4 } });
  const bytes = type === 'png' ? image.png() : image.withExif({ IFD0: { Copyright: 'Petrichor' } }).jpeg();
  return new Blob([new Uint8Array(await bytes.toBuffer())]);
}

async function readHead(file: Blob): Promise<PhotoHead> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { type } = readImageHeader(bytes);
  return { type, metadata: readMetadata(bytes, type) };
}

/** In sRGB, or in the numbers that the file stores. */
async function read(file: Blob, ignoreIcc = false): Promise<Pixels> {
  readImageHeader(new Uint8Array(await file.arrayBuffer()));
  const image = sharp(await file.arrayBuffer(), { ignoreIcc })
    .ensureAlpha()
    .raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
}

function bitmapOf({ width, height, data }: Pixels): ImageBitmap {
  const bitmap: ToyBitmap = {
    width,
    height,
    data,
    isClosed: false,
    close() {
      bitmap.isClosed = true;
    },
  };
  return bitmap as unknown as ImageBitmap;
}
