import { existsSync, mkdtempSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { pngChunk } from '../src/browser/metadata/pngChunks.ts';
import { readMetadata } from '../src/browser/metadata/copyMetadata.ts';
import { createPixels } from '../src/core/images/pixels.ts';
import { decodePhoto } from './decodePhoto.ts';
import { gatherPhotos, readFolder } from './photos.ts';
import { encodeResult, resultFormats } from './resultFile.ts';
import type { ResultFormat, ResultFile } from './resultFile.ts';
import { targetsOf } from './targets.ts';
import { writeWhole } from './writeWhole.ts';

const FILES = join(import.meta.dirname, '..', 'src', 'fixtures', 'photos');
const file = (name: string): Promise<Buffer> => readFile(join(FILES, name));
const folder = mkdtempSync(join(tmpdir(), 'petrichor-cases-'));
afterAll(() => import('node:fs/promises').then(({ rm }) => rm(folder, { recursive: true })));

/** The file as `derain` would write it if no rain were found. */
async function through(
  bytes: Uint8Array,
  format: ResultFormat,
  metadata: 'keep' | 'strip' = 'keep',
): Promise<ResultFile> {
  const photo = await decodePhoto(bytes, { colors: 'file' });
  const rows = format === 'png' ? photo.deepRows?.() : null;
  const deep = rows ? { rows, residuals: [], strength: 0 } : null;
  return encodeResult(photo.pixels, photo, { format, quality: 95, metadata }, deep);
}

const typeOf = (format: ResultFormat): string => (format === 'jpg' ? 'image/jpeg' : `image/${format}`);
const metadataOf = (result: ResultFile, format: ResultFormat) => readMetadata(result.bytes, typeOf(format));
const text = (bytes: Uint8Array | null | undefined): string => (bytes ? Buffer.from(bytes).toString('latin1') : '');

/** The raw pixels of a result, RGBA. */
const pixelsOf = (result: ResultFile): Promise<Buffer> => sharp(result.bytes).ensureAlpha().raw().toBuffer();

/** A PNG of one grey with chunks of its own behind the header. */
async function grey(level: number, ...chunks: Uint8Array[]): Promise<Buffer> {
  const png = await sharp({
    create: { width: 8, height: 8, channels: 3, background: { r: level, g: level, b: level } },
  })
    .png()
    .toBuffer();
  return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}

describe.each(resultFormats)('as %s, the command line', (format) => {
  it('keeps EXIF of a motion photo and claims no video', async () => {
    const result = await through(await file('motion-photo.jpg'), format);
    const { exif, xmp } = metadataOf(result, format);
    expect(text(exif)).toContain('2024:10:05 12:34:56');
    expect(text(xmp)).toContain('rdf:Description');
    for (const claim of ['MotionPhoto=', 'MicroVideo', 'Container:Directory', 'video/mp4'])
      expect(text(xmp)).not.toContain(claim);
    expect(text(result.bytes)).not.toContain('ftypmp42');
  });

  it('keeps what a HEIC says, upright in the colours of its profile', async () => {
    const given = readMetadata(await file('phone.heic'), 'image/heic');
    const result = await through(await file('phone.heic'), format);
    const { exif, icc } = metadataOf(result, format);
    expect(text(exif)).toContain('A. Person');
    expect(icc).toEqual(given.icc);
    const about = await sharp(result.bytes).metadata();
    expect(about).toMatchObject({ width: 64, height: 96 });
    expect(about.orientation ?? 1).toBe(1);
    const shown = (image: Sharp): Promise<Buffer> => image.toColourspace('srgb').removeAlpha().raw().toBuffer();
    const [ours, scene] = await Promise.all([
      shown(sharp(result.bytes)),
      shown(sharp(await file('heic-scene.jpg')).rotate(90)),
    ]);
    const sum = ours.reduce((total, value, i) => total + Math.abs(value - scene[i]!), 0);
    expect(sum / ours.length).toBeLessThan(5);
    const decoded = await decodePhoto(await file('phone.heic'), { colors: 'sRGB' });
    const converted = await shown(sharp(decoded.pixels.data, { raw: { width: 64, height: 96, channels: 4 } }));
    expect(converted.reduce((total, value, i) => total + Math.abs(value - scene[i]!), 0) / scene.length).toBeLessThan(
      5,
    );
  });

  it('says what of a HEIC no result of this format has', async () => {
    const { lost } = await through(await file('ten-bit.heic'), format);
    expect(lost).toEqual(format === 'png' ? [] : ['over 8 bits a channel']);
    expect((await through(await file('alpha.heic'), format)).lost).toEqual(format === 'jpg' ? ['transparency'] : []);
  });

  it('leaves the bytes of the file that it was given as they were', async () => {
    const given = await file('sides-in-four-places.jpg');
    const before = Buffer.from(given);
    await through(given, format);
    expect(given.equals(before)).toBe(true);
  });

  it('keeps IPTC, or says that it cannot', async () => {
    const result = await through(await file('iptc-only.jpg'), format);
    const { iptc } = metadataOf(result, format);
    const given = readMetadata(await file('iptc-only.jpg'), 'image/jpeg').iptc;
    expect(given).not.toBeNull();
    if (format === 'webp') expect(result.lost).toEqual(['IPTC']);
    else expect(iptc).toEqual(given);
  });

  it('keeps 2,200 subjects of extended XMP, and names no part that is not there', async () => {
    const subjects = Array.from({ length: 2200 }, (_, i) => `<rdf:li>a subject of this photo, number ${i}</rdf:li>`);
    const xmp = Buffer.from(
      `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Rain</dc:title><dc:subject><rdf:Bag>${subjects.join('')}</rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`,
    );
    const photo = { pixels: createPixels(16, 16), metadata: { exif: null, xmp, iptc: null, icc: null } };
    const split = await encodeResult(photo.pixels, photo, { format: 'jpg', quality: 90, metadata: 'keep' });
    const result = await through(split.bytes, format);
    const kept = text(metadataOf(result, format).xmp);
    expect(kept.split('<rdf:li>').length - 1).toBe(2200);
    expect(kept).not.toContain('HasExtendedXMP');
    expect(text(result.bytes).includes('HasExtendedXMP')).toBe(format === 'jpg');
    expect(result.lost).toEqual([]);
  });

  it('keeps EXIF that ImageMagick, GIMP or darktable wrote as text', async () => {
    const { exif } = metadataOf(await through(await file('raw-profile-exif.png'), format), format);
    expect(text(exif)).toContain('A. Person');
  });

  it('keeps the texts of a PNG in a PNG, and says where it cannot', async () => {
    const author = pngChunk('tEXt', [Buffer.from('Author\0A. Person')]);
    const density = pngChunk('pHYs', [Buffer.from([0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1])]);
    const result = await through(await grey(90, author, density), format);
    if (format === 'png') expect(text(result.bytes)).toContain(text(author) + text(density));
    else expect(result.lost).toEqual(['PNG texts']);
  });

  it('tells the rotated sides in all four places', async () => {
    const result = await through(await file('sides-in-four-places.jpg'), format);
    expect(await sharp(result.bytes).metadata()).toMatchObject({ width: 64, height: 96 });
    const { exif, xmp } = metadataOf(result, format);
    expect(text(xmp)).toContain(
      'tiff:Orientation="1" tiff:ImageWidth="64" tiff:ImageLength="96" exif:PixelXDimension="64" exif:PixelYDimension="96"',
    );
    const sides = [0x0100, 0x0101, 0xa002, 0xa003].map((tag) => valueOf(Buffer.from(exif!), tag));
    expect(sides).toEqual([64, 96, 64, 96]);
  });

  it('keeps a profile of several chunks with the pixels that belong to it, or leaves all but the profile out', async () => {
    const plain = sharp(Buffer.from(Array.from({ length: 48 * 32 * 3 }, (_, i) => (i * 7) % 256)), {
      raw: { width: 48, height: 32, channels: 3 },
    });
    const camera = await plain
      .withIccProfile('p3')
      .withExif({ IFD0: { Artist: 'A. Person' }, IFD3: { GPSLatitudeRef: 'N' } })
      .jpeg({ quality: 100 })
      .toBuffer();
    const { icc } = await sharp(camera).metadata();
    const result = await through(camera, format);
    const kept = metadataOf(result, format);
    expect(Buffer.from(kept.icc!).equals(icc!)).toBe(true);
    expect(text(kept.exif)).toContain('A. Person');
    const before = await sharp(camera, { ignoreIcc: true }).ensureAlpha().raw().toBuffer();
    const after = await sharp(result.bytes, { ignoreIcc: true }).ensureAlpha().raw().toBuffer();
    const most = before.reduce((worst, value, i) => Math.max(worst, Math.abs(value - after[i]!)), 0);
    expect(most).toBeLessThanOrEqual(format === 'png' ? 0 : 60);
    const bare = metadataOf(await through(camera, format, 'strip'), format);
    expect([bare.exif, bare.xmp, bare.icc?.length]).toEqual([null, null, icc!.length]);
  });

  it('shows a gamma of 1.0 as browsers do', async () => {
    const pixels = await pixelsOf(await through(await file('gamma-1.png'), format));
    expect(Math.abs(pixels[0]! - 128)).toBeLessThanOrEqual(2);
  });

  it('keeps alpha, or lays the image on white and says so', async () => {
    const result = await through(await file('hidden-magenta.png'), format);
    const [red, green, blue, alpha] = await pixelsOf(result);
    if (format !== 'jpg') return expect(alpha).toBe(0);
    expect([red, green, blue].map((value) => Math.abs(value! - 255) <= 6)).toEqual([true, true, true]);
    expect(result.lost).toContain('transparency');
  });
});

/** A SHORT or LONG of a TIFF block's first or Exif directory. */
function valueOf(exif: Buffer, tag: number): number | null {
  const little = exif.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number): number => (little ? exif.readUInt16LE(at) : exif.readUInt16BE(at));
  const u32 = (at: number): number => (little ? exif.readUInt32LE(at) : exif.readUInt32BE(at));
  const find = (directory: number, wanted: number): number | null => {
    for (let i = 0; i < u16(directory); i++) {
      const at = directory + 2 + 12 * i;
      if (u16(at) === wanted) return u16(at + 2) === 3 ? u16(at + 8) : u32(at + 8);
    }
    return null;
  };
  const detail = find(u32(4), 0x8769);
  return find(u32(4), tag) ?? (detail === null ? null : find(detail, tag));
}

describe('colours of a PNG without a profile', () => {
  const chunk = (name: string, ...values: number[]): Uint8Array => {
    const body = Buffer.alloc(4 * values.length);
    values.forEach((value, i) => body.writeUInt32BE(value, 4 * i));
    return pngChunk(name, [body]);
  };
  const first = async (png: Buffer): Promise<number[]> => [
    ...(await decodePhoto(png, { colors: 'file' })).pixels.data.subarray(0, 3),
  ];
  const srgb = chunk('cHRM', 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000);

  it('follow gAMA, unless sRGB says otherwise; cICP comes before both', async () => {
    const linear = chunk('gAMA', 100_000);
    expect(await first(await grey(55, linear))).toEqual([128, 128, 128]);
    expect(await first(await grey(55, linear, srgb))).toEqual([128, 128, 128]);
    expect(await first(await grey(55, pngChunk('sRGB', [Buffer.from([0])]), linear))).toEqual([55, 55, 55]);
    expect(await first(await grey(55, pngChunk('cICP', [Buffer.from([1, 8, 0, 1])])))).toEqual([128, 128, 128]);
    expect(await first(await grey(55, pngChunk('cICP', [Buffer.from([1, 13, 0, 1])]), linear))).toEqual([55, 55, 55]);
    expect(await first(await grey(55))).toEqual([55, 55, 55]);
  });

  it('follow the primaries: Display P3 becomes what sharp makes of its profile', async () => {
    const raw = Buffer.from([200, 40, 60]);
    const create = { raw: { width: 1, height: 1, channels: 3 as const } };
    const profiled = await sharp(raw, create).withIccProfile('p3', { attach: true }).png().toBuffer();
    const stored = await sharp(profiled, { ignoreIcc: true }).raw().toBuffer();
    const bare = await sharp(Buffer.from(stored), create).png().toBuffer();
    const coded = Buffer.concat([
      bare.subarray(0, 33),
      pngChunk('cICP', [Buffer.from([12, 13, 0, 1])]),
      bare.subarray(33),
    ]);
    const [red, green, blue] = await first(coded);
    for (const [got, wanted] of [
      [red, 200],
      [green, 40],
      [blue, 60],
    ])
      expect(Math.abs(got! - wanted!)).toBeLessThanOrEqual(3);
  });

  it('are refused where they are of high dynamic range', async () => {
    await expect(first(await grey(55, pngChunk('cICP', [Buffer.from([9, 16, 0, 1])])))).rejects.toThrow(
      'high dynamic range',
    );
  });
});

describe('a PNG of 16 bits a channel', () => {
  it('keeps them, and loses the rain that was found', async () => {
    const photo = await decodePhoto(await file('ramp16.png'), { colors: 'file' });
    const { width, height } = photo.pixels;
    const rect = { left: 0, top: 0, width, height };
    const residuals = [{ rect, data: new Int16Array(width * height * 3).fill(-2 * 64) }];
    const choice = { format: 'png', quality: 95, metadata: 'keep' } as const;
    const written = (strength: number) =>
      encodeResult(photo.pixels, photo, choice, { rows: photo.deepRows!()!, residuals, strength });
    const deep = async (bytes: Uint8Array): Promise<Uint16Array> => {
      const data = await sharp(bytes).toColourspace('rgb16').removeAlpha().raw({ depth: 'ushort' }).toBuffer();
      return new Uint16Array(Uint8Array.from(data).buffer);
    };
    const original = await deep(await file('ramp16.png'));
    expect(new Set(original).size).toBeGreaterThan(200);
    expect(await deep((await written(0)).bytes)).toEqual(original);
    const [less] = await deep((await written(1)).bytes);
    expect(less).toBe(original[0]! - 2 * 257);
  });
});

describe('a HEIC of 10 bits a channel', () => {
  /** Red 0…1023 along the rows of 32, green the other way, blue in steps of 7; 10 bits on the scale of 16. */
  const ramp = Array.from({ length: 1024 }, (_, v) => [v, 1023 - v, (v * 7) % 1024]).flat();
  const onScale = (level: number): number => (level * 65_535) / 1023;

  it('keeps them with its profile in a PNG of 16, and loses the rain that was found', async () => {
    const bytes = await file('ten-bit-ramp.heic');
    const photo = await decodePhoto(bytes, { colors: 'file' });
    const rect = { left: 0, top: 16, width: 32, height: 16 };
    const residuals = [{ rect, data: new Int16Array(32 * 16 * 3).fill(-2 * 64) }];
    const deep = { rows: photo.deepRows!()!, residuals, strength: 1 };
    const choice = { format: 'png', quality: 95, metadata: 'keep' } as const;
    const result = await encodeResult(photo.pixels, photo, choice, deep);
    const about = await sharp(result.bytes).metadata();
    expect(about).toMatchObject({ format: 'png', depth: 'ushort', width: 32, height: 32, channels: 3 });
    expect(metadataOf(result, 'png').icc).toEqual(readMetadata(bytes, 'image/heic').icc);
    const raw = sharp(result.bytes, { ignoreIcc: true }).toColourspace('rgb16').raw({ depth: 'ushort' });
    const samples = new Uint16Array(Uint8Array.from(await raw.toBuffer()).buffer);
    // The file was coded without loss, by way of YCbCr: within a level of 10 bits, a quarter of one of 8.
    for (const [i, level] of ramp.entries()) {
      const expected = Math.max(0, onScale(level) - (i < 16 * 32 * 3 ? 0 : 2 * 257));
      expect(Math.abs(samples[i]! - expected), `sample ${i}`).toBeLessThanOrEqual(onScale(1) + 1);
    }
    const reds = new Set(samples.filter((_, i) => i % 3 === 0));
    expect(reds.size, '9 bits have 512').toBeGreaterThan(600);
  });

  it('of high dynamic range by its code points is refused as before', async () => {
    await expect(decodePhoto(await file('hdr.heic'), { colors: 'file' })).rejects.toThrow('high dynamic range');
  });
});

describe('what the command line does not read', () => {
  it('moves or holds several images', async () => {
    await expect(through(await file('moving.png'), 'png')).rejects.toThrow('a moving PNG');
    const frames = await sharp(Buffer.concat([Buffer.alloc(192, 90), Buffer.alloc(192, 9)]), {
      raw: { width: 8, height: 16, channels: 3, pageHeight: 8 },
    })
      .gif({ delay: [90, 90] })
      .toBuffer();
    expect((await sharp(frames).metadata()).pages).toBe(2);
    await expect(through(frames, 'png')).rejects.toThrow('a GIF of 2 images');
  });

  it('is a JPEG of 12 bits, or one that is lossless: no browser reads them either', async () => {
    const jpeg = await sharp(Buffer.alloc(8 * 8 * 3, 90), { raw: { width: 8, height: 8, channels: 3 } })
      .jpeg()
      .toBuffer();
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    const twelve = Buffer.from(jpeg);
    twelve[frame + 4] = 12;
    await expect(through(twelve, 'jpg')).rejects.toThrow('a JPEG of 12 bits a colour');
    const lossless = Buffer.from(jpeg);
    lossless[frame + 1] = 0xc3;
    await expect(through(lossless, 'jpg')).rejects.toThrow('Browsers do not read this kind');
  });
});

describe('a file whose end was cut off', () => {
  it('opens if only the end marker is missing, and is refused if some of the image is', async () => {
    const pixels = async (name: string) => (await decodePhoto(await file(name), { colors: 'file' })).pixels.data;
    expect(await pixels('no-end-marker.jpg')).toEqual(await pixels('reference.jpg'));
    await expect(pixels('cut-in-half.jpg')).rejects.toThrow('This JPEG is incomplete.');
    const png = await file('hidden-magenta.png');
    const cut = await decodePhoto(png.subarray(0, -12), { colors: 'file' });
    expect(cut.pixels.data).toEqual(await pixels('hidden-magenta.png'));
  });
});

describe('a folder', () => {
  it('is read by content; what is left out is counted and named, what systems leave behind is not', async () => {
    const mixed = join(folder, 'mixed');
    await mkdir(join(mixed, 'sub'), { recursive: true });
    const jpeg = await file('reference.jpg');
    for (const name of [
      'a.jfif',
      'b.jpe',
      'c.JPG',
      'd.jpeg',
      'e',
      'f.jpg.download',
      'Thumbs.db',
      '.DS_Store',
      'Icon\r',
    ])
      await writeFile(join(mixed, name), jpeg);
    await writeFile(join(mixed, 'g.bmp'), 'BM');
    await writeFile(join(mixed, 'notes.txt'), 'Rain');
    const { photos, leftOut } = await readFolder(mixed);
    expect(photos.map(({ path }) => path.slice(mixed.length + 1))).toEqual([
      'a.jfif',
      'b.jpe',
      'c.JPG',
      'd.jpeg',
      'e',
      'f.jpg.download',
    ]);
    expect(leftOut).toEqual(['g.bmp', 'notes.txt', 'sub/']);
    const said: string[] = [];
    await gatherPhotos([mixed], (line) => void said.push(line));
    expect(said).toEqual([`${mixed}: left out 3, which are no image here: g.bmp, notes.txt, sub/.`]);
  });
});

describe('where results go', () => {
  const named = async (
    names: readonly string[],
    out: string,
    format: ResultFormat | 'same' = 'same',
  ): Promise<string[]> => {
    const photos = await Promise.all(
      names.map(async (name, i) => {
        const path = join(folder, `in-${i}`, name);
        await mkdir(join(path, '..'), { recursive: true });
        await writeFile(path, await file(/png/i.test(name) ? 'ramp16.png' : 'reference.jpg'));
        return { stem: name, path };
      }),
    );
    return (await targetsOf(photos, out, format)).map(({ target }) => target);
  };

  it('is under the photo’s name, in its format by content', async () => {
    expect(await named(['a.JPG', 'b.jpeg', 'c.png', 'd', 'e.webp'], 'out')).toEqual([
      'out/a.JPG',
      'out/b.jpeg',
      'out/c.png',
      'out/d.jpg',
      'out/e.jpg',
    ]);
    expect(await named(['a.JPG', 'b.png'], 'out', 'webp')).toEqual(['out/a.webp', 'out/b.webp']);
  });

  it('is a JPEG for a HEIC, which cannot be written, beside one of the same name', async () => {
    const [heic, jpeg] = [join(folder, 'IMG_7.heic'), join(folder, 'IMG_7.jpg')];
    await writeFile(heic, await file('phone.heic'));
    await writeFile(jpeg, await file('reference.jpg'));
    const photos = [heic, jpeg].map((path) => ({ stem: 'IMG_7', path }));
    const targets = await targetsOf(photos, 'out', 'same');
    expect(targets.map(({ target }) => target)).toEqual([join('out', 'IMG_7.jpg'), join('out', 'IMG_7 (2).jpg')]);
  });

  it('differs for names that Windows or macOS take for one', async () => {
    expect(await named(['IMG_1.jpg', 'IMG_1.png', 'img_1.JPG', 'ü.jpg', 'u\u0308.jpg'], 'out')).toEqual([
      'out/IMG_1.jpg',
      'out/IMG_1.png',
      'out/img_1 (2).JPG',
      'out/ü.jpg',
      'out/u\u0308 (2).jpg',
    ]);
  });

  it('is the file that --out names, for one photo', async () => {
    expect(await named(['a.jpg'], join(folder, 'result.png'))).toEqual([join(folder, 'result.png')]);
    await mkdir(join(folder, 'folder.png'));
    expect(await named(['a.jpg'], join(folder, 'folder.png'))).toEqual([join(folder, 'folder.png', 'a.jpg')]);
    await expect(named(['a.jpg'], 'result.png', 'jpg')).rejects.toThrow('--format says jpg');
  });

  it('may have the longest name that a disk takes', async () => {
    for (const bytes of [251, 255]) {
      const name = `${'x'.repeat(bytes - 4)}.jpg`;
      const [target] = await named([name], join(folder, 'long'), 'webp');
      await writeWhole([target!, 'result']);
      expect(existsSync(target!)).toBe(true);
      expect(Buffer.byteLength(target!.slice(join(folder, 'long').length + 1))).toBeLessThanOrEqual(255);
    }
  });
});
