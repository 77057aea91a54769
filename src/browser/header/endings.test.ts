import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../imageHeader.ts';

const FILES = join(import.meta.dirname, '..', '..', 'fixtures', 'photos');
const file = (name: string): Buffer => readFileSync(join(FILES, name));

/** A textured image, so that its data is long; not a multiple of blocks. */
const raw = sharp(
  Buffer.from(
    Array.from({ length: 203 * 117 * 3 }, (_, i) => (128 + 90 * Math.sin(i * i * 0.001) + ((i * 37) % 31)) & 255),
  ),
  { raw: { width: 203, height: 117, channels: 3 } },
);
const kinds: Readonly<Record<string, () => Promise<Buffer>>> = {
  'baseline 4:2:0': () => raw.jpeg({ quality: 85 }).toBuffer(),
  'baseline 4:4:4': () => raw.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
  progressive: () => raw.jpeg({ quality: 85, progressive: true }).toBuffer(),
  'optimized scans': () => raw.jpeg({ quality: 85, mozjpeg: true }).toBuffer(),
  grey: () => raw.clone().greyscale().jpeg({ progressive: true }).toBuffer(),
};

describe.each(Object.entries(kinds))('a JPEG, %s', (_, make) => {
  it('that lacks its end marker opens; cut anywhere before, it is incomplete', async () => {
    const jpeg = await make();
    expect(readImageHeader(jpeg).ending).toBeUndefined();
    for (const missing of [2, 1]) {
      const { ending, width, height } = readImageHeader(jpeg.subarray(0, -missing));
      expect([ending?.length, width, height]).toEqual([2, 203, 117]);
      const completed = Buffer.concat([jpeg.subarray(0, -missing), ending!]);
      expect((await sharp(completed).raw().toBuffer()).equals(await sharp(jpeg).raw().toBuffer())).toBe(true);
    }
    for (const share of [0.3, 0.5, 0.7, 0.9, 0.97])
      expect(() => readImageHeader(jpeg.subarray(0, Math.floor(jpeg.length * share))), `${share}`).toThrow(
        'This JPEG is incomplete.',
      );
    expect(() => readImageHeader(jpeg.subarray(0, -8))).toThrow('This JPEG is incomplete.');
  });
});

it('a JPEG with restart markers, and one with bytes behind its end, are read to their end', async () => {
  const trailing = Buffer.concat([file('reference.jpg'), Buffer.from('anything')]);
  expect(readImageHeader(trailing)).toMatchObject({ width: 96, height: 64 });
  expect(readImageHeader(file('no-end-marker.jpg')).ending).toHaveLength(2);
  expect(() => readImageHeader(file('cut-in-half.jpg'))).toThrow('This JPEG is incomplete.');
});

it('a PNG that lacks IEND opens; one whose rows are cut does not', async () => {
  const png = await raw.png().toBuffer();
  for (const missing of [12, 8, 4, 1]) {
    const { ending } = readImageHeader(png.subarray(0, -missing));
    expect(Buffer.concat([png.subarray(0, -missing), ending!]).equals(png)).toBe(true);
  }
  expect(() => readImageHeader(png.subarray(0, -13))).toThrow('This PNG is incomplete.');
  const header = png.subarray(0, 33);
  const cut = Buffer.from(png.subarray(33, png.length / 2));
  cut.writeUInt32BE(cut.length - 12, 0);
  expect(() => readImageHeader(Buffer.concat([header, cut]))).toThrow('This PNG is incomplete.');
});

it('tells within two seconds that five megabytes are cut', () => {
  const jpeg = file('reference.jpg');
  const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  const large = Buffer.concat([jpeg.subarray(0, scan + 14), Buffer.alloc(5_000_000, 0x55)]);
  large.writeUInt16BE(9_000, frame + 5);
  large.writeUInt16BE(9_000, frame + 7);
  const started = performance.now();
  expect(() => readImageHeader(large)).toThrow('This JPEG is incomplete.');
  expect(performance.now() - started).toBeLessThan(2_000);
});
