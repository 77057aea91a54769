import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { PhotoWriteError } from '../../src/browser/photoWriter.ts';
import { createPixels } from '../../src/core/images/pixels.ts';
import type { Pixels } from '../../src/core/images/pixels.ts';
import type { FileKind } from '../../src/protocol/derainer.ts';
import { fileOf, nodeImaging } from '../testing/nodeImaging.ts';
import { findingOf } from './layers.ts';
import { Photo } from './photoStore.ts';
import { saveLayer, scoreResult, transcode } from './results.ts';

const kind: FileKind = { format: 'image/png', quality: 0.9, metadata: 'keep' };
const request = { photo: 'a', model: 'student', layer: { kind: 'derained', strength: 1 }, ...kind } as const;
const [width, height] = [12, 12];

let photo: Photo;

/** A grey image. */
function grey(level: number): Pixels {
  const image = createPixels(width, height);
  for (let i = 0; i < image.data.length; i++) if (i % 4 < 3) image.data[i] = level;
  return image;
}

beforeAll(async () => {
  photo = new Photo(await nodeImaging.decode(await fileOf(grey(100), 'png')));
  // Eight levels darker in the upper part; nothing was found below it.
  const rect = { left: 0, top: 0, width, height: 6 };
  const data = new Int16Array(width * 6 * 3).fill(-8 * 64);
  photo.beginFindings('student').push(findingOf({ residual: { rect, data }, rainMap: null }));
});

describe('a saved layer', () => {
  it('is the photo with what was found taken away', async () => {
    const file = await saveLayer(nodeImaging, photo, request);
    const { data } = await nodeImaging.readPixels(file as Blob);
    expect([data[0], data[(width * height - 1) * 4]]).toEqual([92, 100]);
  });

  it('leaves what is protected bit for bit as it was, softly to its edge', async () => {
    const protection = [{ erases: false, radius: 5, points: [0, 0] }];
    const file = await saveLayer(nodeImaging, photo, { ...request, layer: { ...request.layer, protection } });
    const { data } = await nodeImaging.readPixels(file as Blob);
    const row = Array.from({ length: width }, (_, x) => data[x * 4]!);
    expect(row.slice(0, 2)).toEqual([100, 100]);
    expect(row.slice(5), 'rain goes elsewhere').toEqual(Array(width - 5).fill(92));
    expect(row).toEqual(row.toSorted((a, b) => b - a));
    const half = { ...request.layer, strength: 0.5, protection };
    const weaker = (await saveLayer(nodeImaging, photo, { ...request, layer: half })) as Blob;
    const { data: halved } = await nodeImaging.readPixels(weaker);
    expect([halved[0], halved[4], halved[4 * (width - 1)]]).toEqual([100, 100, 96]);
  });

  it('is refused without a result, or where the host cannot write it', async () => {
    expect(await saveLayer(nodeImaging, undefined, request)).toMatchObject({ refused: true });
    expect(await saveLayer(nodeImaging, photo, { ...request, model: 'another' })).toMatchObject({ refused: true });
    const full = { ...nodeImaging, encode: async () => Promise.reject(new PhotoWriteError('No room.')) };
    expect(await saveLayer(full, photo, request)).toMatchObject({ refused: true, reason: 'No room.' });
    const broken = { ...nodeImaging, encode: async () => Promise.reject(new TypeError('a bug')) };
    await expect(saveLayer(broken, photo, request)).rejects.toThrow('a bug');
  });
});

describe('a transcoded result', () => {
  it('has its own pixels and the metadata of its original, kept or stripped', async () => {
    const [result, original] = [await fileOf(grey(92)), await fileOf(grey(100), 'jpeg')];
    const kept = (await transcode(nodeImaging, { result, original, ...kind })) as Blob;
    expect((await nodeImaging.readPixels(kept)).data[0]).toBe(92);
    expect((await nodeImaging.readHead(kept)).metadata.exif).not.toBeNull();
    const stripped = (await transcode(nodeImaging, { result, original, ...kind, metadata: 'strip' })) as Blob;
    expect((await nodeImaging.readHead(stripped)).metadata.exif).toBeNull();
  });

  it('is refused when either file cannot be read', async () => {
    const [good, bad] = [await fileOf(grey(92)), new Blob(['no image'])];
    expect(await transcode(nodeImaging, { result: bad, original: good, ...kind })).toMatchObject({ refused: true });
    expect(await transcode(nodeImaging, { result: good, original: bad, ...kind })).toMatchObject({ refused: true });
  });
});

describe('scores', () => {
  it('measure the photo and its result against the truth', async () => {
    const truth = await fileOf(grey(92));
    const scores = await scoreResult(nodeImaging, photo, { model: 'student', layer: request.layer, truth });
    if (scores.refused) throw new Error(scores.reason);
    expect(scores.rows.length).toBeGreaterThan(0);
    const psnr = scores.rows.find(({ name }) => name.startsWith('psnr'))!;
    expect(psnr.derained).toBeGreaterThan(psnr.rainy!);
  });

  it('compare a photo with a profile in sRGB: against itself it is exact, against its colours as sRGB too', async () => {
    const raw = sharp(Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 251)), {
      raw: { width, height, channels: 3 },
    });
    const wide = new Blob([new Uint8Array(await raw.clone().withIccProfile('p3').png().toBuffer())]);
    const plain = await fileOf(await nodeImaging.readPixels(wide));
    const opened = new Photo(await nodeImaging.decode(wide));
    const stored = await opened.decoded.image.read({ left: 0, top: 0, width, height });
    expect(stored.data, 'its own numbers are others').not.toEqual((await nodeImaging.readPixels(wide)).data);
    opened.beginFindings('student');
    for (const truth of [wide, plain]) {
      const scores = await scoreResult(nodeImaging, opened, { model: 'student', layer: request.layer, truth });
      if (scores.refused) throw new Error(scores.reason);
      const psnr = scores.rows.find(({ name }) => name.startsWith('psnr'))!;
      expect([psnr.rainy, psnr.derained]).toEqual([Infinity, Infinity]);
    }
  });

  it('are refused without a result, with a truth of another size, or one that is no image', async () => {
    const ask = { model: 'student', layer: request.layer, truth: new Blob(['no image']) };
    expect(await scoreResult(nodeImaging, photo, { ...ask, model: 'none' })).toMatchObject({ refused: true });
    expect(await scoreResult(nodeImaging, photo, ask)).toMatchObject({ refused: true });
    const small = await fileOf(createPixels(3, 3));
    expect(await scoreResult(nodeImaging, photo, { ...ask, truth: small })).toMatchObject({
      reason: 'The rain-free image is 3 × 3, the photo 12 × 12.',
    });
  });
});
