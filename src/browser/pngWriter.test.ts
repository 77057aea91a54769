import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createPixels } from '../core/images/pixels.ts';
import type { Pixels } from '../core/images/pixels.ts';
import { randomFromSeed } from '../core/random.ts';
import { latin1 } from './metadata/byteWriting.ts';
import { noMetadata } from './metadata/photoMetadata.ts';
import { writePng } from './pngWriter.ts';
import type { ImageBands } from './pngWriter.ts';

/** Slopes with some noise, so that every filter wins somewhere; alpha too unless `opaque`. */
function image(width: number, height: number, opaque: boolean): Pixels {
  const random = randomFromSeed(6);
  const pixels = createPixels(width, height);
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p += 4) {
      pixels.data[p] = x * 3 + (y % 7 === 0 ? random.below(60) : 0);
      pixels.data[p + 1] = y * 2;
      pixels.data[p + 2] = (x * y) & 255;
      if (!opaque) pixels.data[p + 3] = random.below(256);
    }
  }
  return pixels;
}

const inBands = ({ width, height, data }: Pixels, rows: number, opaque: boolean): ImageBands => ({
  width,
  height,
  opaque,
  *bands() {
    for (let top = 0; top < height; top += rows) {
      const count = Math.min(rows, height - top);
      yield { width, height: count, data: data.subarray(top * width * 4, (top + count) * width * 4) };
    }
  },
});

const bytesOf = async (file: Blob): Promise<Buffer> => Buffer.from(await file.arrayBuffer());

it.each([
  [1, 1, 1],
  [37, 23, 5],
  [300, 200, 64],
  [2000, 700, 700],
])('writes %i × %i in bands of %i rows, every byte kept', async (width, height, rows) => {
  for (const opaque of [true, false]) {
    const pixels = image(width, height, opaque);
    const file = await writePng(inBands(pixels, rows, opaque), noMetadata);
    const { data, info } = await sharp(await bytesOf(file))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(file.type).toBe('image/png');
    expect(info).toMatchObject({ width, height, channels: opaque ? 3 : 4 });
    const expected = Uint8Array.from(pixels.data.filter((_, i) => !opaque || i % 4 !== 3));
    expect(data.equals(expected)).toBe(true);
  }
});

it('packs a smooth image well', async () => {
  const pixels = createPixels(400, 300);
  for (let p = 0; p < pixels.data.length; p += 4) pixels.data.fill((p >> 5) & 255, p, p + 3);
  expect((await writePng(inBands(pixels, 50, true), noMetadata)).size).toBeLessThan(400 * 300 * 3 * 0.02);
});

it('puts metadata in', async () => {
  const { icc } = await sharp(
    await sharp({ create: { width: 4, height: 4, channels: 3, background: '#345' } })
      .withIccProfile('p3')
      .png()
      .toBuffer(),
  ).metadata();
  const xmp = latin1('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
  const file = await bytesOf(await writePng(inBands(image(5, 4, true), 2, true), { ...noMetadata, icc: icc!, xmp }));
  const kept = await sharp(file).metadata();
  expect(kept.icc!.equals(icc!)).toBe(true);
  expect(Buffer.from(xmp).equals(kept.xmp!)).toBe(true);
});

it('passes on what goes wrong while its rows are made', async () => {
  const broken: ImageBands = {
    ...inBands(image(50, 50, true), 10, true),
    *bands() {
      yield createPixels(50, 10);
      throw new Error('The photo is gone.');
    },
  };
  await expect(writePng(broken, noMetadata)).rejects.toThrow('The photo is gone.');
});
