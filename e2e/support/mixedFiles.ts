import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { blackPng, photo, plainFile } from './libraryFiles.ts';
import type { TestFile } from './libraryFiles.ts';
import { expect } from './test.ts';

export interface Mixed {
  readonly files: readonly TestFile[];
  readonly good: readonly TestFile[];
  /** Name of a broken file → what is said of it. */
  readonly broken: Readonly<Record<string, string>>;
}

/** `count` images in three formats and sizes that differ, those from `largeFrom` on larger, with five files among them that are none. */
export async function mixedFiles(count: number, largeFrom = Infinity): Promise<Mixed> {
  const good = await Promise.all(Array.from({ length: count }, (_, i) => image(i, i >= largeFrom ? 3 : 1)));
  const cut = await photo('cut.jpg', 30);
  const mislabelled = await photo('base.png', 60);
  const bad = [
    { ...cut, buffer: cut.buffer.subarray(0, cut.buffer.length / 2) },
    {
      name: 'wrong.png',
      mimeType: 'image/png',
      buffer: Buffer.concat([Buffer.from('RIFX'), mislabelled.buffer.subarray(4)]),
    },
    { name: 'empty.webp', mimeType: 'image/webp', buffer: Buffer.alloc(0) },
    plainFile('notes.txt', 'no image', 'text/plain'),
    blackPng('bomb.png', 16_000, 16_000),
  ];
  const files = [...good];
  for (const [i, file] of bad.entries()) files.splice(1 + i * 3, 0, file);
  const none = 'This is not an image.';
  return {
    files,
    good,
    broken: {
      'cut.jpg': 'is incomplete',
      'wrong.png': none,
      'empty.webp': 'empty',
      'notes.txt': none,
      'bomb.png': '256 megapixels',
    },
  };
}

/** The image of a number: each in one of three formats and a size of its own, `scale` times that. */
export async function image(i: number, scale = 1): Promise<TestFile> {
  const format = (['jpg', 'png', 'webp'] as const)[i % 3]!;
  const size = { width: scale * (80 + 3 * i), height: scale * (60 + 2 * (i % 7)) };
  const name = `photo-${String(i + 1).padStart(2, '0')}.${format}`;
  const made = await photo(format === 'webp' ? 'base.png' : name, i * 12, size);
  if (format !== 'webp') return made;
  return { name, mimeType: 'image/webp', buffer: await sharp(made.buffer).webp().toBuffer() };
}

/** What the result of a file is called: it keeps the format. */
export function resultName(name: string): string {
  return name.replace(/(\.\w+)$/, '-derained$1');
}

/** Every image is in the zip under its name, in its size, and decodes to what the student makes of it. */
export async function checkZip(bytes: Buffer, good: readonly TestFile[], levels: number | null): Promise<void> {
  const entries = unzipSync(bytes);
  expect(Object.keys(entries).sort()).toEqual(good.map(({ name }) => resultName(name)).sort());
  for (const { name, buffer } of good) {
    const result = sharp(Buffer.from(entries[resultName(name)]!)).removeAlpha();
    const given = sharp(buffer).removeAlpha();
    const { width, height } = await given.metadata();
    const { data, info } = await result.raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels], name).toEqual([width, height, 3]);
    // Other decoders differ from the browser's by a level in lossy formats.
    if (levels !== null && name.endsWith('.png')) {
      expect(
        data.equals((await given.raw().toBuffer()).map((value) => Math.max(0, value - levels)) as Buffer),
        name,
      ).toBe(true);
    }
  }
}
