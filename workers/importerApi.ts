import type { Pixels } from '../src/core/images/pixels.ts';
import { readPhotoFile } from '../src/browser/library/catalogue.ts';
import { importFiles } from '../src/browser/library/importFiles.ts';
import type { EstimateDirection } from '../src/browser/library/prepare.ts';
import { readPhoto } from '../src/browser/photoReader.ts';
import type { ImporterApi } from '../src/protocol/library.ts';
import { createPump } from './pump.ts';

/** A rain map is shown, not kept: this many pixels are enough. */
const MAP_PIXELS = 2_000_000;

export function createImporterApi(estimateDirection: EstimateDirection): ImporterApi {
  let stop = new AbortController();
  return {
    async importFiles(files, shelf, onEvents) {
      stop = new AbortController();
      const pump = createPump(onEvents);
      for await (const event of importFiles(files, shelf, { estimateDirection, now: Date.now }, stop.signal))
        pump.push(event);
      await pump.drain();
    },
    async cancel() {
      stop.abort();
    },
    async rainMap(id, gain) {
      const options = { maxPixels: MAP_PIXELS };
      const [rainy, clean] = await Promise.all([
        readPhoto(await readPhotoFile(id, 'rainy'), options),
        readPhoto(await readPhotoFile(id, 'clean'), options),
      ]);
      return encode(difference(rainy, clean, gain));
    },
  };
}

/** The rain map rainy − clean of two pictures of one size, its colours averaged: [height · width], levels of 255. */
export function rainMapOf(rainy: Pixels, clean: Pixels): Float32Array {
  const map = new Float32Array(rainy.width * rainy.height);
  for (let i = 0, p = 0; i < map.length; i++, p += 4) {
    map[i] =
      (rainy.data[p]! -
        clean.data[p]! +
        rainy.data[p + 1]! -
        clean.data[p + 1]! +
        rainy.data[p + 2]! -
        clean.data[p + 2]!) /
      3;
  }
  return map;
}

function difference(rainy: Pixels, clean: Pixels, gain: number): ImageData {
  const map = new ImageData(rainy.width, rainy.height);
  for (let i = 0; i < map.data.length; i++) map.data[i] = i % 4 === 3 ? 255 : (rainy.data[i]! - clean.data[i]!) * gain;
  return map;
}

async function encode(picture: ImageData): Promise<Blob> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d')!.putImageData(picture, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
}
