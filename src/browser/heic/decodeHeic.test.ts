import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Pixels } from '../../core/images/pixels.ts';
import { ImageFileError } from '../imageFileError.ts';
import { readImageHeader } from '../imageHeader.ts';
import { readMetadata } from '../metadata/copyMetadata.ts';
import { noMetadata } from '../metadata/photoMetadata.ts';
import { writePng } from '../pngWriter.ts';
import { decodeDeepHeic, decodeHeic, isDeepHeic } from './decodeHeic.ts';
import { instantiate } from './libheif.ts';
import type { Libheif } from './libheif.ts';
import type { DeepPixels } from './decodeHeic.ts';

const [WIDTH, HEIGHT] = [96, 64];
let load: () => Libheif;

beforeAll(async () => {
  const { default: factory } = await import('libheif-js/libheif-wasm/libheif.js');
  const binary = createRequire(import.meta.url).resolve('libheif-js/libheif-wasm/libheif.wasm');
  const module = await WebAssembly.compile(readFileSync(binary));
  load = () => instantiate(factory, module);
});

const fixture = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'photos', name));

function read(file: Uint8Array): Pixels {
  const header = readImageHeader(file);
  return decodeHeic(load, file, header, readMetadata(file, header.type).icc !== null);
}

const isDeep = (file: Uint8Array): boolean => isDeepHeic(file, readMetadata(file, 'image/heic'));

/** What most fixtures show, in the colours of the file: red and green ramps, a wave of blue, a red square in one corner. */
function drawn(x: number, y: number): [number, number, number] {
  if (x < 16 && y < 16) return [255, 0, 0];
  const blue = 255 * (0.5 + 0.35 * Math.sin(x / 17) * Math.cos(y / 13));
  return [(255 * x) / (WIDTH - 1), (255 * y) / (HEIGHT - 1), blue];
}

type Expected = (x: number, y: number) => readonly number[];

/** Greatest mean difference of a channel from what is expected. */
function difference({ width, data }: Pixels, expected: Expected): number {
  const sums = [0, 0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    const wanted = expected((i >> 2) % width, Math.floor((i >> 2) / width))[i & 3];
    if (wanted !== undefined) sums[i & 3]! += Math.abs(data[i]! - wanted);
  }
  return Math.max(...sums) / (data.length / 4);
}

describe('a HEIC', () => {
  it('of a phone is turned once, by its own transformation, in the colours of its profile', async () => {
    const file = fixture('phone.heic');
    const pixels = read(file);
    expect(pixels).toMatchObject({ width: HEIGHT, height: WIDTH });
    const { icc, exif } = readMetadata(file, 'image/heic');
    const { width, height, data } = pixels;
    const image = { width, height, opaque: true, bands: () => [pixels] };
    const png = await (await writePng(image, { ...noMetadata, icc })).arrayBuffer();
    const shown = await sharp(png).toColourspace('srgb').ensureAlpha().raw().toBuffer();
    // A quarter clockwise: the column of the original is the row, from the top.
    const upright: Expected = (x, y) => [...drawn(y, HEIGHT - 1 - x), 255];
    expect(difference({ width, height, data: new Uint8ClampedArray(shown) }, upright)).toBeLessThan(6);
    expect(difference(pixels, upright), 'Display P3 has smaller numbers').toBeGreaterThan(6);
    expect([...data.subarray((width - 4) * 4 + 4 * 4 * width, (width - 4) * 4 + 4 * 4 * width + 3)]).toEqual(
      [234, 51, 35].map((value) => expect.closeTo(value, -1)),
    );
    expect(Buffer.from(exif!).toString('latin1')).toContain('A. Person');
  });

  it('that is mirrored, of a grid of tiles, or of ten bits comes out as it shows', () => {
    expect(difference(read(fixture('mirrored.heic')), (x, y) => [...drawn(WIDTH - 1 - x, y), 255])).toBeLessThan(3);
    const grid = read(fixture('grid.heic'));
    expect(grid).toMatchObject({ width: 96, height: 80 });
    expect(difference(grid, (x, y) => [2 * x, 2 * y, 20 + 60 * ((x >> 6) + 2 * (y >> 6)), 255])).toBeLessThan(3);
    expect(difference(read(fixture('ten-bit.heic')), (x, y) => [...drawn(x, y), 255])).toBeLessThan(3);
  });

  it('of ten bits has them on the scale of 16, in the colours of the 8', async () => {
    for (const name of ['ten-bit.heic', 'ten-bit-ramp.heic']) {
      const file = fixture(name);
      const metadata = readMetadata(file, 'image/heic');
      expect(isDeepHeic(file, metadata)).toBe(true);
      const { data, opaque, ...size } = decodeDeepHeic(load, file, readImageHeader(file), metadata.icc !== null);
      const shallow = read(file);
      expect([size, opaque]).toEqual([{ width: shallow.width, height: shallow.height }, true]);
      const furthest = data.reduce((most, value, i) => Math.max(most, Math.abs(value / 257 - shallow.data[i]!)), 0);
      expect(furthest, name).toBeLessThan(1.5);
      expect(new Set(data).size, name).toBeGreaterThan(256);
    }
    expect(['phone.heic', 'hdr.heic'].map((name) => isDeep(fixture(name)))).toEqual([false, false]);
  });

  it('keeps its alpha at 16 bits', () => {
    const wide = ({ width, height, data }: DeepPixels): Pixels => ({
      width,
      height,
      data: Uint8ClampedArray.from(data, (value) => value / 257),
    });
    const alpha = (name: string): Pixels => {
      const file = fixture(name);
      const deep = decodeDeepHeic(load, file, readImageHeader(file), readMetadata(file, 'image/heic').icc !== null);
      expect(deep.opaque).toBe(false);
      return wide(deep);
    };
    for (const name of ['alpha.heic', 'premultiplied.heic']) {
      const eight = read(fixture(name));
      const expected: Expected = (x, y) => [...eight.data.subarray((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4)];
      expect(difference(alpha(name), expected), name).toBeLessThan(0.5);
    }
  });

  it('keeps its alpha', () => {
    const alpha: Expected = (x, y) => [...drawn(x, y), (255 * x) / (WIDTH - 1)];
    expect(difference(read(fixture('alpha.heic')), alpha)).toBeLessThan(3);
    const multiplied: Expected = (x, y) =>
      x < 24 ? [] : [...drawn(x, y).map((value) => Math.min(255, (value * (WIDTH - 1)) / x)), (255 * x) / (WIDTH - 1)];
    expect(difference(read(fixture('premultiplied.heic')), multiplied)).toBeLessThan(3);
  });

  it('without a profile is sRGB, by the code points of its colours', () => {
    const { data, width } = read(fixture('p3-nclx.heic'));
    const at = (x: number, y: number): number[] => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)];
    // Linear Display P3 to linear sRGB; outside of sRGB it is cut.
    const light = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const curve = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);
    const points = [
      [85, 30],
      [20, 55],
      [60, 40],
    ] as const;
    for (const [x, y] of points) {
      const [r, g, b] = drawn(x, y).map((value) => light(value / 255)) as [number, number, number];
      const linear = [1.2249 * r - 0.2247 * g, -0.042 * r + 1.0419 * g, -0.0196 * r - 0.0786 * g + 1.0979 * b];
      for (const [i, value] of at(x, y).entries())
        expect(Math.abs(value - 255 * curve(Math.min(1, Math.max(0, linear[i]!))))).toBeLessThan(6);
    }
  });

  it('of high dynamic range is refused by name', () => {
    expect(() => read(fixture('hdr.heic'))).toThrow('This is a HEIC of high dynamic range, which is not read here.');
  });

  it('that was cut, or is damaged, is refused by name', () => {
    const file = fixture('phone.heic');
    expect(() => read(file.subarray(0, -400))).toThrow('This HEIC is incomplete.');
    for (let i = 0; i < 12; i++) {
      const changed = Buffer.from(file);
      for (let k = 0; k < 8; k++) changed[(i * 7919 + k * 3571) % file.length] = (i * 31 + k) & 255;
      try {
        expect(read(changed).data.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(ImageFileError);
      }
    }
  });
});
