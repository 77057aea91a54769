import { readPhotoFile, readRecords } from '../../src/browser/library/catalogue.ts';
import { importFiles } from '../../src/browser/library/importFiles.ts';
import { holdForImport } from '../../src/browser/library/locks.ts';
import { THUMBNAIL_SIDE } from '../../src/browser/library/prepare.ts';
import { storeImports } from '../../src/browser/library/storeImports.ts';
import { readPhoto, thumbnailOf } from '../../src/browser/photoReader.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import type { LibraryHost } from './libraryHost.ts';

/** JPEG quality of what is shown and not kept. */
const QUALITY = 0.92;

/** The library worker's host in a browser. */
export const browserHost: LibraryHost = {
  importFiles: (files, collection, estimateDirection, stop) =>
    importFiles(files, collection, { estimateDirection, now: Date.now }, stop),
  async *store(outcomes, batch) {
    const release = await holdForImport();
    try {
      yield* storeImports(outcomes, batch);
    } finally {
      release();
    }
  },
  readRecord: async (id) => (await readRecords([id]))[0],
  readFile: readPhotoFile,
  decode: (file, maxPixels) => readPhoto(file, { maxPixels }),
  async encode(image, type) {
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext('2d')!.putImageData(imageData(image), 0, 0);
    return canvas.convertToBlob({ type, quality: QUALITY });
  },
  async thumbnail(image) {
    const bitmap = await createImageBitmap(imageData(image));
    const thumbnail = await thumbnailOf(bitmap, THUMBNAIL_SIDE);
    bitmap.close();
    return thumbnail;
  },
  bitmapOf: (image) => createImageBitmap(imageData(image)),
  now: () => Date.now(),
};

function imageData({ data, width, height }: Pixels): ImageData {
  return new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height);
}
