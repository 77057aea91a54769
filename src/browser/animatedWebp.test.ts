import sharp from 'sharp';
import type { WebpOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { animatedWebp } from './animatedWebp.ts';

const [width, height] = [33, 20];

async function still(colour: string, options: WebpOptions = {}): Promise<Uint8Array> {
  const image = sharp({ create: { width, height, channels: 3, background: colour } });
  return new Uint8Array(await image.webp(options).toBuffer());
}

describe('an animated WebP', () => {
  it('is read by another program as its frames, each as long as it was meant', async () => {
    const frames = [
      { file: await still('#ff0000', { lossless: true }), ms: 700 },
      { file: await still('#0000ff', { lossless: true }), ms: 1300 },
    ];
    const file = animatedWebp(frames, width, height);
    expect(await sharp(file, { pages: -1 }).metadata()).toMatchObject({
      format: 'webp',
      pages: 2,
      delay: [700, 1300],
      loop: 0,
      width,
      pageHeight: height,
    });
    const pixels = await sharp(file, { pages: -1 }).removeAlpha().raw().toBuffer();
    expect([...pixels.subarray(0, 3)]).toEqual([255, 0, 0]);
    expect([...pixels.subarray(-3)]).toEqual([0, 0, 255]);
  });

  it('takes frames of the lossy kind too', async () => {
    const frames = [
      { file: await still('#808080', { quality: 90 }), ms: 500 },
      { file: await still('#202020', { quality: 90 }), ms: 500 },
    ];
    expect(await sharp(animatedWebp(frames, width, height), { pages: -1 }).metadata()).toMatchObject({ pages: 2 });
  });

  it('refuses what is no still WebP', async () => {
    const good = await still('#808080');
    expect(() => animatedWebp([], width, height)).toThrow(RangeError);
    expect(() => animatedWebp([{ file: new Uint8Array(40), ms: 1 }], width, height)).toThrow('no WebP');
    const cut = good.subarray(0, good.length - 4);
    expect(() => animatedWebp([{ file: cut, ms: 1 }], width, height)).toThrow('beyond the file');
    expect(() => animatedWebp([{ file: good.subarray(0, 12), ms: 1 }], width, height)).toThrow('no still image');
  });
});
