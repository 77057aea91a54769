import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { MAX_PIXELS, readImageHeader } from './imageHeader.ts';
import { ImageFileError } from './imageFileError.ts';

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
const u16 = (value: number): number[] => [value >> 8, value & 255];
const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const bytes = (...parts: (number | number[])[]): Uint8Array => new Uint8Array(parts.flat());

/** A TIFF block whose only entry is the orientation. */
const exif = (orientation: number): number[] => [
  ...ascii('MM'),
  0,
  42,
  ...u32(8),
  ...u16(1),
  ...u16(0x0112),
  ...u16(3),
  ...u32(1),
  ...u16(orientation),
  0,
  0,
  ...u32(0),
];

function jpeg({ width = 7, height = 5, orientation = 0, tail = [0xff, 0xd9] as number[] } = {}): Uint8Array {
  const app1 = orientation
    ? [0xff, 0xe1, ...u16(8 + exif(orientation).length), ...ascii('Exif\0\0'), ...exif(orientation)]
    : [];
  const frame = [0xff, 0xc0, ...u16(11), 8, ...u16(height), ...u16(width), 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, ...u16(8), 1, 1, 0, 0, 63, 0];
  return bytes(0xff, 0xd8, app1, frame, scan, [1, 2, 0xff, 0x00, 3, 0xff, 0xd0, 4], tail);
}

const chunk = (name: string, data: number[]): number[] => [...u32(data.length), ...ascii(name), ...data, 0, 0, 0, 0];
function png({ width = 7, height = 5, orientation = 0, end = true } = {}): Uint8Array {
  const header = [...u32(width), ...u32(height), 8, 2, 0, 0, 0];
  return bytes(
    [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a],
    chunk('IHDR', header),
    orientation ? chunk('eXIf', exif(orientation)) : [],
    chunk('IDAT', [1, 2, 3]),
    end ? chunk('IEND', []) : [],
  );
}

const box = (name: string, ...content: (number | number[])[]): number[] => {
  const body = content.flat();
  return [...u32(body.length + 8), ...ascii(name), ...body];
};
const ispe = (width: number, height: number): number[] => box('ispe', u32(0), u32(width), u32(height));

/** An image of 640 × 480 built from tiles of 64 × 64, rotated by `quarters`. */
function isoMedia(brand: string, quarters: number): Uint8Array {
  const ipco = box('ipco', ispe(64, 64), ispe(640, 480), box('irot', quarters));
  const ipma = box('ipma', u32(0), u32(2), [...u16(1), 1, 0x81], [...u16(9), 2, 0x82, 0x03]);
  const meta = box('meta', u32(0), box('pitm', u32(0), u16(9)), box('iprp', ipco, ipma));
  return bytes(box('ftyp', ascii(brand), u32(0), ascii('mif1')), meta, box('mdat', [1, 2, 3]));
}

function errorOf(file: Uint8Array): ImageFileError {
  try {
    readImageHeader(file);
  } catch (error) {
    if (error instanceof ImageFileError) return error;
    throw error;
  }
  throw new Error('The file was accepted.');
}

describe('readImageHeader', () => {
  it('reads the sides of JPEG, PNG and AVIF', () => {
    expect(readImageHeader(jpeg())).toEqual({ type: 'image/jpeg', width: 7, height: 5, orientation: 1 });
    expect(readImageHeader(png())).toEqual({ type: 'image/png', width: 7, height: 5, orientation: 1 });
    expect(readImageHeader(isoMedia('avif', 0))).toEqual({
      type: 'image/avif',
      width: 640,
      height: 480,
      orientation: 1,
    });
  });

  it('gives the sides as shown when the image lies on its side', () => {
    expect(readImageHeader(jpeg({ orientation: 6 }))).toMatchObject({ width: 5, height: 7, orientation: 6 });
    expect(readImageHeader(png({ orientation: 3 }))).toMatchObject({ width: 7, height: 5, orientation: 3 });
    expect(readImageHeader(isoMedia('heic', 1))).toMatchObject({
      type: 'image/heic',
      width: 480,
      height: 640,
      orientation: 8,
    });
  });

  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('agrees with an encoder of the trade on %s', async (format) => {
    const file = await sharp({ create: { width: 37, height: 21, channels: 3, background: '#268' } })
      .toFormat(format)
      .toBuffer();
    expect(readImageHeader(file)).toEqual({ type: `image/${format}`, width: 37, height: 21, orientation: 1 });
  });

  it.each([false, true])('reads WebP with an orientation, lossless: %s', async (lossless) => {
    const file = await sharp({ create: { width: 37, height: 21, channels: 3, background: '#268' } })
      .withMetadata({ orientation: 8 })
      .webp({ lossless })
      .toBuffer();
    expect(readImageHeader(file)).toMatchObject({ type: 'image/webp', width: 21, height: 37, orientation: 8 });
  });

  it('names what is wrong', async () => {
    expect(errorOf(new Uint8Array()).kind).toBe('empty');
    expect(errorOf(bytes(ascii('Dear diary, it rained.'))).kind).toBe('notAnImage');
    expect(errorOf(bytes(ascii('BMW'))).kind).toBe('notAnImage');
    expect(errorOf(bytes(ascii('GIF89a'), 1, 0, 1, 0)).kind).toBe('unsupported');
    expect(errorOf(bytes(box('ftyp', ascii('isom'), u32(0), ascii('mp42')))).reason).toContain('video');
    expect(errorOf(jpeg({ tail: [] })).kind).toBe('truncated');
    expect(errorOf(jpeg().subarray(0, 12)).kind).toBe('truncated');
    expect(errorOf(png({ end: false })).kind).toBe('truncated');
    const webp = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#268' } })
      .webp()
      .toBuffer();
    expect(errorOf(webp.subarray(0, webp.length - 4)).kind).toBe('truncated');
    expect(errorOf(isoMedia('avif', 0).subarray(0, -5)).kind).toBe('truncated');
  });

  it('refuses a small file of 256 megapixels and says the limit', () => {
    const { kind, reason } = errorOf(png({ width: 16_000, height: 16_000 }));
    expect(kind).toBe('tooLarge');
    expect(reason).toBe('The image is 16,000 × 16,000 (256 megapixels); the limit is 100 megapixels.');
    expect(readImageHeader(png({ width: 10_000, height: MAX_PIXELS / 10_000 })).width).toBe(10_000);
    expect(errorOf(png({ width: 40_000, height: 4 })).kind).toBe('tooLarge');
    expect(errorOf(png({ width: 0 })).kind).toBe('damaged');
  });

  it('accepts or refuses whatever bytes it is given, and fails in no other way', () => {
    const seeds = [jpeg({ orientation: 6 }), png({ orientation: 6 }), isoMedia('avif', 3), isoMedia('heic', 1)];
    const accepts = (file: Uint8Array): void => {
      try {
        const { width, height } = readImageHeader(file);
        expect(width * height).toBeGreaterThan(0);
        expect(width * height).toBeLessThanOrEqual(MAX_PIXELS);
      } catch (error) {
        expect(error).toBeInstanceOf(ImageFileError);
      }
    };
    const edit = fc.record({
      seed: fc.nat(seeds.length - 1),
      changes: fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }),
      cut: fc.nat(400),
    });
    fc.assert(
      fc.property(edit, ({ seed, changes, cut }) => {
        const file = seeds[seed]!.slice();
        for (const [at, value] of changes) file[at % file.length] = value;
        accepts(file.subarray(0, cut > 300 ? file.length : cut));
      }),
      { numRuns: 3000, seed: 1 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), accepts), { numRuns: 1000, seed: 2 });
  });
});
