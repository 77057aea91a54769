import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { deepRows } from '../../src/browser/deepPng.ts';
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
function grey(level: number, size = { width, height }): Pixels {
  const image = createPixels(size.width, size.height);
  for (let i = 0; i < image.data.length; i++) if (i % 4 < 3) image.data[i] = level;
  return image;
}

type DeepSize = { readonly width: number; readonly height: number; readonly alpha?: number };

/** A grey PNG of 16 bits a channel. */
async function deepFile(level: number, { alpha = 65_535, ...size }: DeepSize = { width, height }): Promise<Blob> {
  const pixels = Uint16Array.from({ length: size.width * size.height * 4 }, (_, i) => (i % 4 < 3 ? level : alpha));
  const raw = sharp(pixels, { raw: { ...size, channels: 4 } });
  return new Blob([new Uint8Array(await raw.toColourspace('rgb16').png().toBuffer())]);
}

/** The pixels of a PNG of 16 bits a channel, RGBA of 0…65,535. */
async function deepPixels(file: Blob): Promise<Uint16Array> {
  const rows = deepRows(new Uint8Array(await file.arrayBuffer()));
  if (!rows) throw new Error('The file has no 16 bits a channel.');
  return rows.read(rows.height);
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

  it('of rain shows what was found, and of a teacher its own estimate of the rain', async () => {
    const taught = new Photo(await nodeImaging.decode(await fileOf(grey(100))));
    const rect = { left: 0, top: 0, width, height };
    const found = (levels: number): Int16Array => new Int16Array(width * height * 3).fill(levels * 64);
    const residual = { rect, data: found(-8) };
    taught.beginFindings('student').push(findingOf({ residual, rainMap: null }));
    taught.beginFindings('teacher').push(findingOf({ residual, rainMap: { rect, data: found(-10) } }));
    const levelOf = async (model: string): Promise<number> => {
      const layer = { kind: 'rainMap', gain: 2 } as const;
      const file = (await saveLayer(nodeImaging, taught, { ...request, model, layer })) as Blob;
      return (await nodeImaging.readPixels(file)).data[0]!;
    };
    expect([await levelOf('student'), await levelOf('teacher')]).toEqual([16, 20]);
  });

  it('of tiles beside and above each other takes each one’s rain where it was found', async () => {
    const opened = new Photo(await nodeImaging.decode(await fileOf(grey(100))));
    const found = opened.beginFindings('student');
    for (const [left, top, levels] of [
      [6, 6, 4],
      [0, 0, 1],
      [6, 0, 2],
      [0, 6, 3],
    ] as const) {
      const rect = { left, top, width: 6, height: 6 };
      found.push(findingOf({ residual: { rect, data: new Int16Array(108).fill(-levels * 64) }, rainMap: null }));
    }
    const { data } = await nodeImaging.readPixels((await saveLayer(nodeImaging, opened, request)) as Blob);
    const at = (x: number, y: number): number => data[(y * width + x) * 4]!;
    expect([at(0, 0), at(11, 0), at(0, 11), at(11, 11)]).toEqual([99, 98, 97, 96]);
    expect([at(5, 5), at(6, 5), at(5, 6), at(6, 6)]).toEqual([99, 98, 97, 96]);
  });

  it('keeps the 16 bits of its photo as PNG, tile by tile, and what is protected bit for bit', async () => {
    const opened = new Photo(await nodeImaging.decode(await deepFile(25_001)));
    const found = opened.beginFindings('student');
    for (const top of [0, 6]) {
      const rect = { left: 0, top, width, height: 6 };
      const data = new Int16Array(width * 6 * 3).fill(top === 0 ? -8 * 64 : 0);
      found.push(findingOf({ residual: { rect, data }, rainMap: null }));
    }
    const whole = await deepPixels((await saveLayer(nodeImaging, opened, request)) as Blob);
    expect([whole[0], whole[(width * height - 1) * 4]]).toEqual([25_001 - 8 * 257, 25_001]);
    const protection = [{ erases: false, radius: 5, points: [0, 0] }];
    const layer = { ...request.layer, protection };
    const guarded = await deepPixels((await saveLayer(nodeImaging, opened, { ...request, layer })) as Blob);
    expect([guarded[0], guarded[(width - 1) * 4]]).toEqual([25_001, 25_001 - 8 * 257]);
    const small = await saveLayer(nodeImaging, opened, { ...request, layer: { kind: 'rainMap', gain: 1 } });
    await expect(deepPixels(small as Blob), 'a rain map needs no more than 8').rejects.toThrow('no 16 bits');
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

  it('keeps every row of an image longer than what is read at once, at 8 bits and at 16', async () => {
    const long = { width: 3, height: 600 };
    const original = await fileOf(grey(100));
    const image = grey(92, long);
    image.data[(599 * 3 + 2) * 4] = 7;
    const eight = (await transcode(nodeImaging, { result: await fileOf(image), original, ...kind })) as Blob;
    expect(await nodeImaging.readPixels(eight)).toEqual(image);
    const deep = await deepFile(25_001, { ...long, alpha: 40_000 });
    const sixteen = await deepPixels((await transcode(nodeImaging, { result: deep, original, ...kind })) as Blob);
    expect(sixteen).toEqual(await deepPixels(deep));
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
