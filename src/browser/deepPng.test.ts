import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { deepRows } from './deepPng.ts';
import { pngChunk } from './metadata/pngChunks.ts';
import { noMetadata } from './metadata/photoMetadata.ts';
import { writePng } from './pngWriter.ts';

const [width, height] = [37, 23];

/** A PNG of 16 bits with so many channels, and its samples. */
async function deep(channels: 1 | 2 | 3 | 4): Promise<{ png: Uint8Array<ArrayBuffer>; samples: Uint16Array }> {
  const samples = Uint16Array.from(
    { length: width * height * channels },
    (_, i) => (i * 2477 + Math.round(20_000 * Math.sin(i / 50))) & 0xffff,
  );
  const raw = { width, height, channels, depth: 'ushort' as const };
  const space = channels < 3 ? 'grey16' : 'rgb16';
  const png = await sharp(samples, { raw }).toColourspace(space).png({ adaptiveFiltering: true }).toBuffer();
  return { png: new Uint8Array(png), samples };
}

async function all(png: Uint8Array<ArrayBuffer>, step: number): Promise<Uint16Array> {
  const rows = deepRows(png)!;
  const out = new Uint16Array(rows.width * rows.height * 4);
  for (let y = 0; y < rows.height; y += step)
    out.set(await rows.read(Math.min(step, rows.height - y)), y * rows.width * 4);
  return out;
}

describe('a PNG of 16 bits a channel', () => {
  it.each([1, 2, 3, 4] as const)('of %s channels is read to the last bit, in bands of any height', async (channels) => {
    const { png, samples } = await deep(channels);
    const read = await all(png, 5);
    expect(read).toEqual(await all(png, height));
    for (let i = 0; i < width * height; i++) {
      const own = samples.subarray(i * channels, (i + 1) * channels);
      const [red, green, blue] = channels < 3 ? [own[0], own[0], own[0]] : own;
      const alpha = channels % 2 === 0 ? own[channels - 1] : 65_535;
      expect([...read.subarray(4 * i, 4 * i + 4)]).toEqual([red, green, blue, alpha]);
    }
    expect(deepRows(png)!.opaque).toBe(channels % 2 === 1);
  });

  it('is written to the last bit', async () => {
    for (const channels of [3, 4] as const) {
      const { png } = await deep(channels);
      const rows = deepRows(png)!;
      const deepBands = async function* () {
        for (let y = 0; y < height; y += 6) yield await rows.read(Math.min(6, height - y));
      };
      const written = await writePng({ width, height, opaque: rows.opaque, deepBands }, noMetadata);
      const bytes = new Uint8Array(await written.arrayBuffer());
      expect(await sharp(bytes).metadata()).toMatchObject({ depth: 'ushort', channels });
      expect(await all(bytes, height)).toEqual(await all(png, height));
    }
  });

  it('becomes sRGB where its gamma says so, and keeps its key of transparency', async () => {
    const { png } = await deep(3);
    const gamma = new Uint8Array([
      ...png.subarray(0, 33),
      ...pngChunk('gAMA', [Uint8Array.of(0, 1, 0x86, 0xa0)]),
      ...png.subarray(33),
    ]);
    const [before, after] = [await all(png, height), await all(gamma, height)];
    const value = before[4]! / 65_535;
    expect(Math.abs(after[4]! / 65_535 - (1.055 * value ** (1 / 2.4) - 0.055))).toBeLessThan(1e-3);
    const first = [...before.subarray(0, 3)].flatMap((sample) => [sample >> 8, sample & 255]);
    const keyed = new Uint8Array([
      ...png.subarray(0, 33),
      ...pngChunk('tRNS', [Uint8Array.from(first)]),
      ...png.subarray(33),
    ]);
    expect(deepRows(keyed)!.opaque).toBe(false);
    expect((await all(keyed, height))[3]).toBe(0);
  });

  it('is none with 8 bits, and its data may end too early', async () => {
    const eight = await sharp(Buffer.alloc(12), { raw: { width: 2, height: 2, channels: 3 } })
      .png()
      .toBuffer();
    expect(deepRows(new Uint8Array(eight))).toBeNull();
    const { png } = await deep(3);
    const taller = png.slice();
    new DataView(taller.buffer).setUint32(20, height + 1);
    await expect(all(taller, height + 1)).rejects.toThrow('ends before its last row');
  });
});
