import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../imageHeader.ts';
import { av1FrameSize } from './av1.ts';
import { hevcFrameSize } from './hevc.ts';

const plain = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background: { r: 90, g: 80, b: 70, alpha: 0.5 } } })
    .avif({ effort: 0 })
    .toBuffer();

/** Sets every `ispe` of an AVIF or HEIC. */
function saying(avif: Buffer, width: number, height: number): Buffer {
  const lie = Buffer.from(avif);
  for (let at = lie.indexOf('ispe'); at >= 0; at = lie.indexOf('ispe', at + 1)) {
    lie.writeUInt32BE(width, at + 8);
    lie.writeUInt32BE(height, at + 12);
  }
  return lie;
}

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const u32 = (value: number): Buffer =>
  Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
function box(name: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(body.length + 8), Buffer.from(name), body]);
}

/** An AVIF of so many pieces, each so long, from the start of the file; it is padded to `length` bytes. */
function pieces(count: number, each: number, length: number): Buffer {
  const properties = box(
    'iprp',
    box('ipco', box('ispe', u32(0), u32(640), u32(480))),
    box('ipma', u32(0), u32(1), u16(1), Buffer.from([1, 0x81])),
  );
  const extents = Buffer.concat(Array.from({ length: count }, () => Buffer.concat([u32(0), u32(each)])));
  const location = box('iloc', u32(0), u16(0x4400), u16(1), u16(1), u16(0), u16(count), extents);
  const items = box('iinf', u32(0), u16(1), box('infe', u32(0x02000000), u16(1), u16(0), Buffer.from('av01\0')));
  const head = Buffer.concat([
    box('ftyp', Buffer.from('avif'), u32(0), Buffer.from('avifmif1')),
    box('meta', u32(0), box('pitm', u32(0), u16(1)), items, location, properties),
  ]);
  return Buffer.concat([head, box('mdat', Buffer.alloc(length - head.length - 8))]);
}

describe('an AVIF', () => {
  it('announces in its stream what its boxes say, with alpha and without', async () => {
    const avif = await plain(600, 400);
    expect(readImageHeader(avif)).toMatchObject({ type: 'image/avif', width: 600, height: 400 });
    const data = avif.subarray(avif.indexOf('mdat') + 4);
    expect(av1FrameSize(data)).toEqual({ width: 600, height: 400 });
  });

  it('that is larger than it says is refused before it is decoded', async () => {
    const avif = await plain(3000, 2000);
    expect(() => readImageHeader(saying(avif, 64, 64))).toThrow('This AVIF file is damaged.');
    expect(() => readImageHeader(saying(avif, 1000, 700))).toThrow('This AVIF file is damaged.');
    expect(readImageHeader(saying(avif, 2992, 1992)), 'cropped a little').toMatchObject({ width: 2992 });
  });

  it('whose pieces lie over each other is refused at once', () => {
    expect(() => readImageHeader(pieces(2000, 2 ** 20, 2 ** 20))).toThrow('This AVIF file is damaged.');
    expect(() => readImageHeader(pieces(3, 2 ** 19, 2 ** 20))).toThrow('This AVIF file is damaged.');
    expect(() => readImageHeader(pieces(60_000, 1, 2 ** 20))).toThrow('damaged');
    expect(() => readImageHeader(pieces(1, 2 ** 30, 2 ** 20))).toThrow('This AVIF is incomplete.');
    expect(readImageHeader(pieces(2, 2 ** 18, 2 ** 20))).toMatchObject({ width: 640, height: 480 });
  });

  it('of random damage is read, or refused by name', async () => {
    const avif = await plain(64, 48);
    for (let i = 0; i < 3000; i++) {
      const damaged = Buffer.from(avif);
      damaged[(i * 7919) % Math.min(500, avif.length)] = (i * 31) & 255;
      try {
        readImageHeader(damaged);
      } catch (error) {
        expect((error as Error).name).toBe('ImageRefusal');
      }
    }
  });
});

describe('a HEIC', () => {
  const fixture = (name: string): Buffer =>
    readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'photos', name));

  it('announces in its parameter sets what its boxes say, in blocks of eight', () => {
    const file = fixture('phone.heic');
    expect(readImageHeader(file)).toMatchObject({ type: 'image/heic', width: 64, height: 96 });
    const config = file.subarray(file.indexOf('hvcC') + 4);
    expect(hevcFrameSize(config, Buffer.alloc(0))).toEqual({ width: 96, height: 64 });
    expect(hevcFrameSize(Buffer.alloc(0), Buffer.alloc(0))).toBeNull();
  });

  it('announces them likewise in its data', () => {
    const config = fixture('phone.heic').subarray(fixture('phone.heic').indexOf('hvcC') + 4);
    const at = config.findIndex((_, i) => i > 22 && config[i] === 0x42 && config[i + 1] === 1);
    const unit = config.subarray(at, at + config.readUInt16BE(at - 2));
    const data = Buffer.concat([u32(2), Buffer.from([0x26, 1]), u32(unit.length), unit]);
    expect(hevcFrameSize(Buffer.alloc(0), data)).toEqual({ width: 96, height: 64 });
  });

  it('that is larger than it says is refused before it is decoded', () => {
    expect(() => readImageHeader(saying(fixture('phone.heic'), 16, 16))).toThrow('This HEIC file is damaged.');
    expect(() => readImageHeader(saying(fixture('ten-bit.heic'), 16, 16))).toThrow('This HEIC file is damaged.');
  });

  it('whose grid names a tile again and again, or itself, is refused at once', () => {
    const file = fixture('grid.heic');
    expect(readImageHeader(file)).toMatchObject({ width: 96, height: 80 });
    const at = file.indexOf('dimg') + 4;
    const toItself = Buffer.from(file);
    toItself.writeUInt16BE(9, at + 4);
    expect(() => readImageHeader(toItself)).toThrow('This HEIC file is damaged.');
    // 1,000 tiles in place of four; the boxes around grow with them.
    const more = Buffer.concat(Array.from({ length: 996 }, () => u16(1)));
    const long = Buffer.concat([file.subarray(0, at + 12), more, file.subarray(at + 12)]);
    long.writeUInt16BE(1000, at + 2);
    for (const name of ['dimg', 'iref', 'meta']) {
      const size = long.indexOf(name) - 4;
      long.writeUInt32BE(long.readUInt32BE(size) + more.length, size);
    }
    expect(() => readImageHeader(long)).toThrow('This HEIC file is damaged.');
  });

  it('that is a sequence without a still image is called so', () => {
    const sequence = Buffer.concat([box('ftyp', Buffer.from('hevc'), u32(0), Buffer.from('msf1')), box('moov')]);
    expect(() => readImageHeader(sequence)).toThrow('This is a HEIC sequence without a still image');
  });
});
