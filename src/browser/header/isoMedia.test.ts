import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../imageHeader.ts';
import { av1FrameSize } from './av1.ts';

const plain = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background: { r: 90, g: 80, b: 70, alpha: 0.5 } } })
    .avif({ effort: 0 })
    .toBuffer();

/** Sets every `ispe` of the file. */
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
