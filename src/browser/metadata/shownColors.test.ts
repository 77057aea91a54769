import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pixels } from '../../core/images/pixels.ts';
import { matrixProfile } from './iccProfile.ts';
import { shownColors } from './shownColors.ts';
import { adobeRgbProfile } from './testing/adobeRgb.ts';

const SIDE = 48;
/** sRGB colours, from grey to saturated. */
const colors = Buffer.from(
  Array.from({ length: SIDE * SIDE }, (_, i) => [(i * 37) % 256, (i * 101) % 256, (i * 211) % 256]).flat(),
);
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'petrichor-icc-'));
  writeFileSync(join(home, 'adobe.icc'), adobeRgbProfile());
});
afterAll(() => rmSync(home, { recursive: true }));

/** The colours in another profile: the pixels that its file stores, and that profile. */
async function inProfile(name: string): Promise<{ pixels: Pixels; icc: Uint8Array }> {
  const image = sharp(colors, { raw: { width: SIDE, height: SIDE, channels: 3 } });
  const file = await image.withIccProfile(name).png().toBuffer();
  const data = new Uint8ClampedArray(await sharp(file, { ignoreIcc: true }).ensureAlpha().raw().toBuffer());
  return { pixels: { width: SIDE, height: SIDE, data }, icc: new Uint8Array((await sharp(file).metadata()).icc!) };
}

/** Differences of all values of red, green and blue from the wanted ones: the mean and the largest, levels. */
function off({ data }: Pixels, wanted: Pixels): { readonly mean: number; readonly most: number } {
  const levels = [...data].map((value, i) => (i % 4 === 3 ? 0 : Math.abs(value - wanted.data[i]!)));
  return { mean: levels.reduce((sum, value) => sum + value, 0) / (3 * SIDE * SIDE), most: Math.max(...levels) };
}

describe('shown colours', () => {
  it('are those of a file without a profile, with that of sRGB, or one that cannot be read', async () => {
    const plain = { colorSpace: 'srgb', convert: null };
    expect(shownColors(null, true)).toEqual(plain);
    expect(shownColors((await inProfile('srgb')).icc, true)).toEqual(plain);
    expect(
      shownColors(
        Uint8Array.from({ length: 400 }, (_, i) => i),
        true,
      ),
    ).toEqual(plain);
  });

  it('are Display P3 as it is where canvases know it, by its primaries and curve', async () => {
    const { icc } = await inProfile('p3');
    expect(shownColors(icc, true)).toEqual({ colorSpace: 'display-p3', convert: null });
  });

  it.each(['adobe.icc', 'p3'])('are converted to sRGB where canvases know no other: %s', async (name) => {
    const { pixels, icc } = await inProfile(name === 'p3' ? name : join(home, name));
    const { pixels: wanted } = await inProfile('srgb');
    expect(off(pixels, wanted).mean).toBeGreaterThan(5);
    const { colorSpace, convert } = shownColors(icc, false);
    expect(colorSpace).toBe('srgb');
    const { mean, most } = off(convert!(pixels), wanted);
    expect(mean).toBeLessThan(0.5);
    // In deep shadows a value of the file's 8 bits is several of sRGB's.
    expect(most).toBeLessThanOrEqual(6);
  });

  it('of Adobe RGB are converted to Display P3 where canvases know it; alpha stays', async () => {
    const { pixels, icc } = await inProfile(join(home, 'adobe.icc'));
    const { pixels: wanted } = await inProfile('p3');
    pixels.data[3] = 77;
    const { colorSpace, convert } = shownColors(icc, true);
    expect(colorSpace).toBe('display-p3');
    const shown = convert!(pixels);
    expect(shown.data[3]).toBe(77);
    const { mean, most } = off(shown, wanted);
    expect(mean).toBeLessThan(0.5);
    expect(most).toBeLessThanOrEqual(6);
  });
});

describe('a matrix profile', () => {
  it('is not read where it is cut off, and never throws', () => {
    const whole = adobeRgbProfile();
    expect(matrixProfile(whole)).not.toBeNull();
    for (let cut = 0; cut < 420; cut += 7) expect(() => matrixProfile(whole.subarray(0, cut))).not.toThrow();
    for (let cut = 0; cut < 300; cut += 7) expect(matrixProfile(whole.subarray(0, cut))).toBeNull();
    const lost = whole.slice();
    new DataView(lost.buffer).setUint32(132 + 4, 0xffff_fff0);
    expect(matrixProfile(lost)).toBeNull();
  });
});
