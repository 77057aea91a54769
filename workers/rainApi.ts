import { transfer } from 'comlink';
import { readPhotoFile, readRecords } from '../src/browser/library/catalogue.ts';
import { holdForImport } from '../src/browser/library/locks.ts';
import type { PreparedPair } from '../src/browser/library/prepare.ts';
import { THUMBNAIL_SIDE, describeFile } from '../src/browser/library/prepare.ts';
import type { StoredPhoto } from '../src/browser/library/records.ts';
import type { Outcome } from '../src/browser/library/shelving.ts';
import { refusedFor, shelveAll } from '../src/browser/library/shelving.ts';
import { ImageRefusal } from '../src/browser/imageRefusal.ts';
import { readPhoto, thumbnailOf } from '../src/browser/photoReader.ts';
import type { Pixels } from '../src/core/images/pixels.ts';
import { cropPixels } from '../src/core/images/pixels.ts';
import { makeRainyPair } from '../src/core/rain/rainyPair.ts';
import type { RainRecipe } from '../src/core/rain/streaks.ts';
import { drawRain } from '../src/core/rain/streaks.ts';
import type { PairJob, RainApi, RainLayerShown } from '../src/protocol/library.ts';
import { createPump } from './pump.ts';

/** Pairs are made from copies of at most this many pixels: crops are small, and both halves are stored without loss. */
const PAIR_PIXELS = 600_000;
/** Rain maps are faint; they are shown this much brighter. */
const MAP_GAIN = 2;

export function createRainApi(): RainApi {
  let stop = new AbortController();
  let last: { readonly id: string; readonly pixels: Promise<Pixels> } | null = null;
  /** The picture in hand is kept decoded: sliders ask for it many times over. */
  const open = (id: string): Promise<Pixels> => {
    if (last?.id !== id)
      last = { id, pixels: readPhotoFile(id, 'photo').then((file) => readPhoto(file, { maxPixels: PAIR_PIXELS })) };
    return last.pixels;
  };
  return {
    async preview(picture, recipe, shown, width, height) {
      const bitmap = await createImageBitmap(laidOver(middle(await open(picture), width, height), recipe, shown));
      return transfer(bitmap, [bitmap]);
    },
    async makePairs(jobs, onEvents) {
      stop = new AbortController();
      const pump = createPump(onEvents);
      const release = await holdForImport();
      try {
        pump.push({ type: 'started', total: jobs.length });
        const outcomes = eachPair(jobs, open, stop.signal);
        for await (const event of shelveAll(outcomes, { total: jobs.length, refused: 0, addedAt: Date.now() }))
          pump.push(event);
      } finally {
        release();
      }
      await pump.drain();
    },
    async cancel() {
      stop.abort();
    },
  };
}

async function* eachPair(
  jobs: readonly PairJob[],
  open: (id: string) => Promise<Pixels>,
  stop: AbortSignal,
): AsyncGenerator<Outcome> {
  for (const job of jobs) {
    if (stop.aborted) return;
    const path = `${job.name}.png`;
    try {
      yield { prepared: await makePair(job, await open(job.picture)), path };
    } catch (error) {
      const gone = new ImageRefusal(
        'damaged',
        'Its clean picture could not be read.',
        'It may have been deleted; choose another.',
      );
      yield refusedFor(path, error instanceof ImageRefusal ? error : gone);
    }
  }
}

/** Both halves without loss, so that rainy − clean is exactly the rain. A clean picture that was not shrunk stays the file it is. */
async function makePair({ picture, recipe, name }: PairJob, clean: Pixels): Promise<PreparedPair> {
  const rainyData = laidOver(clean, recipe, 'rainy');
  const rainyFile = await encode(rainyData);
  const original = await readRecords([picture]);
  const photo = original[0]?.shelf === 'pairs' ? undefined : original[0]?.photo;
  const kept = photo && photo.width === clean.width && photo.height === clean.height;
  const cleanFile = kept ? await readPhotoFile(picture, 'photo') : await encode(imageData(clean));
  const stored: StoredPhoto = kept ? photo : await describeFile(`${name}-clean.png`, cleanFile, clean, 'image/png');
  const bitmap = await createImageBitmap(rainyData);
  try {
    return {
      shelf: 'pairs',
      name,
      rainy: await describeFile(`${name}.png`, rainyFile, rainyData, 'image/png'),
      clean: stored,
      direction: { index: recipe.direction, source: 'label' },
      ...(photo && { madeFrom: photo.hash }),
      thumbnail: await thumbnailOf(bitmap, THUMBNAIL_SIDE),
      files: [
        ['rainy', rainyFile],
        ['clean', cleanFile],
      ],
    };
  } finally {
    bitmap.close();
  }
}

/** The picture in the rain, Eq. (1), or what the rain adds to it. */
function laidOver(clean: Pixels, recipe: RainRecipe, shown: RainLayerShown): ImageData {
  if (shown === 'clean') return imageData(clean);
  const colours = new Float32Array(clean.width * clean.height * 3);
  for (let i = 0; i < colours.length; i++) colours[i] = clean.data[i + ((i / 3) | 0)]! / 255;
  const pair = makeRainyPair(colours, drawRain(recipe, clean.width, clean.height), recipe.veil);
  const [values, gain] = shown === 'rainy' ? [pair.rainy, 255] : [pair.rainMap, 255 * MAP_GAIN];
  const picture = new ImageData(clean.width, clean.height);
  picture.data.fill(255);
  for (let i = 0; i < values.length; i++) picture.data[i + ((i / 3) | 0)] = values[i]! * gain;
  return picture;
}

function middle(picture: Pixels, maxWidth: number, maxHeight: number): Pixels {
  const [width, height] = [Math.min(picture.width, maxWidth), Math.min(picture.height, maxHeight)];
  return cropPixels(picture, (picture.width - width) >> 1, (picture.height - height) >> 1, width, height);
}

function imageData(pixels: Pixels): ImageData {
  return new ImageData(new Uint8ClampedArray(pixels.data), pixels.width, pixels.height);
}

async function encode(picture: ImageData): Promise<Blob> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d')!.putImageData(picture, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
