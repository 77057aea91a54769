import sharp from 'sharp';
import { expect, it } from 'vitest';
import { isDisplayP3 } from './iccProfile.ts';

async function profile(name: 'p3' | 'srgb'): Promise<Uint8Array> {
  const image = sharp({ create: { width: 2, height: 2, channels: 3, background: '#268' } });
  return new Uint8Array((await sharp(await image.withIccProfile(name).png().toBuffer()).metadata()).icc!);
}

it('knows Display P3 by its primaries, whatever the profile calls itself', async () => {
  expect(isDisplayP3(await profile('p3'))).toBe(true);
  expect(isDisplayP3(await profile('srgb'))).toBe(false);
});

it('takes a damaged profile for another one', async () => {
  const p3 = await profile('p3');
  for (let cut = 0; cut < 388; cut += 7) expect(isDisplayP3(p3.subarray(0, cut))).toBe(false);
  const lost = p3.slice();
  new DataView(lost.buffer).setUint32(132 + 12 * 4 + 4, 0xffff_fff0);
  expect(isDisplayP3(lost)).toBe(false);
});
