import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { readPhoto } from './photos.ts';

const folder = mkdtempSync(join(tmpdir(), 'petrichor-photos-'));
const put = (name: string, bytes: Buffer | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

it('refuses a drawing, whatever its name says: it could show other files of the disk', async () => {
  put(
    'secret.png',
    await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  );
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="secret.png"/></svg>';
  await expect(readPhoto(put('holiday.jpg', drawing))).rejects.toThrow(/holiday\.jpg: .*it is SVG, which is no photo/);
});

it('refuses 256 megapixels in 32 kilobytes by its header, before anything is decoded', async () => {
  const small = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const bomb = Buffer.from(small);
  bomb.writeUInt32BE(16_000, 16);
  bomb.writeUInt32BE(16_000, 20);
  bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
  const started = performance.now();
  await expect(readPhoto(put('bomb.png', bomb))).rejects.toThrow(
    '16,000 × 16,000 (256 megapixels); the limit is 100 megapixels',
  );
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(await readPhoto(put('sound.png', small))).toMatchObject({ width: 8, height: 8 });
});
