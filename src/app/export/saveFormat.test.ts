import { describe, expect, it } from 'vitest';
import { outputFormat } from './saveFormat.ts';
import type { SaveFormat } from './saveFormat.ts';

const save = { format: 'original', quality: 92, keepMetadata: true, writesWebp: true } as const;

describe('outputFormat', () => {
  const output = (format: SaveFormat, type: string | null, writesWebp = true): string =>
    outputFormat({ ...save, format, writesWebp }, { file: new Blob(), type });

  it('is the kind of file that the photo came as; where that cannot be written PNG, and JPEG for a HEIC', () => {
    const given = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/heic', null];
    expect(given.map((type) => output('original', type))).toEqual([
      'image/jpeg',
      'image/png',
      'image/webp',
      'image/png',
      'image/jpeg',
      'image/png',
    ]);
    expect(output('original', 'image/webp', false)).toBe('image/png');
  });

  it('is what was chosen, whatever came', () => {
    expect(output('image/jpeg', 'image/png')).toBe('image/jpeg');
    expect(output('image/webp', 'image/jpeg')).toBe('image/webp');
  });

  it('goes by the bytes of a file, and by its name until they are read', () => {
    const named = { type: null, file: new Blob([], { type: 'image/jpeg' }) };
    expect(outputFormat(save, named)).toBe('image/jpeg');
    expect(outputFormat(save, { ...named, type: 'image/webp' })).toBe('image/webp');
  });
});
