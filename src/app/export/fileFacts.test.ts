import { describe, expect, it } from 'vitest';
import { keptWords, otherFormatWords, sameFormatWords, sizeWords } from './fileFacts.ts';

describe('what of a file is kept', () => {
  const all = ['EXIF', 'GPS location', 'XMP', 'IPTC', 'ICC profile'];

  it('is named part by part, the location too', () => {
    expect(keptWords(all, 'image/jpeg', 'image/jpeg', true)).toBe(
      'Kept: EXIF (orientation reset, thumbnail dropped), GPS location, XMP, IPTC, colour profile.',
    );
    expect(keptWords([], 'image/png', 'image/png', true)).toBe('No metadata in this file.');
  });

  it('is the colour profile alone when the rest is not wanted', () => {
    expect(keptWords(all, 'image/jpeg', 'image/jpeg', false)).toBe(
      'Kept: colour profile. Removed: EXIF, GPS location, XMP, IPTC.',
    );
    expect(keptWords(['EXIF'], 'image/jpeg', 'image/jpeg', false)).toBe('Removed: EXIF.');
  });

  it('is less where the new format has no place for it', () => {
    expect(keptWords(['XMP', 'IPTC'], 'image/jpeg', 'image/webp', true)).toBe(
      'Kept: XMP. IPTC cannot be kept in WebP.',
    );
    expect(keptWords(['XMP', 'IPTC'], 'image/jpeg', 'image/png', true)).toBe('Kept: XMP, IPTC.');
    expect(keptWords(['PNG texts'], 'image/png', 'image/jpeg', true)).toBe(
      'PNG texts cannot be kept in JPEG. JPEG has no transparency.',
    );
    expect(keptWords([], 'image/png', 'image/jpeg', true)).toBe('No metadata in this file. JPEG has no transparency.');
  });
});

it('names what no result has beside its image, and the depth that a format takes away', () => {
  const phone = ['EXIF', 'HDR gain map', 'motion video'];
  expect(keptWords(phone, 'image/jpeg', 'image/jpeg', true)).toBe(
    'Kept: EXIF (orientation reset, thumbnail dropped). Left out: HDR gain map, motion video.',
  );
  expect(keptWords(['motion video'], 'image/jpeg', 'image/jpeg', false)).toBe(
    'No metadata in this file. Left out: motion video.',
  );
  expect(keptWords(['16 bits'], 'image/png', 'image/png', true)).toBe(
    'No metadata in this file. 16 bits a channel stay.',
  );
  expect(keptWords(['16 bits'], 'image/png', 'image/jpeg', true)).toBe(
    'No metadata in this file. JPEG reduces 16 bits a channel to 8. JPEG has no transparency.',
  );
  expect(keptWords(['XMP', '16 bits'], 'image/png', 'image/webp', true)).toBe(
    'Kept: XMP. WebP reduces 16 bits a channel to 8.',
  );
});

it('says of a HEIC what its pixels lose, and nothing that it never had', () => {
  expect(keptWords([], 'image/heic', 'image/jpeg', true)).toBe('No metadata in this file.');
  expect(keptWords(['transparency', 'over 8 bits', 'HDR gain map'], 'image/heic', 'image/jpeg', true)).toBe(
    'No metadata in this file. Over 8 bits a channel are reduced to 8. Left out: HDR gain map. JPEG has no transparency.',
  );
  expect(keptWords(['transparency'], 'image/heic', 'image/png', true)).toBe('No metadata in this file.');
  expect(keptWords(['ICC profile', 'over 8 bits'], 'image/heic', 'image/png', true)).toBe(
    'Kept: colour profile. Over 8 bits a channel stay, as 16.',
  );
  expect(keptWords(['high dynamic range'], 'image/heic', 'image/png', true)).toBe(
    'No metadata in this file. Left out: high dynamic range.',
  );
});

it('says what the same format is, and why it may be another', () => {
  expect(sameFormatWords('image/jpeg', 'image/jpeg')).toBe('Same as original (JPEG)');
  expect(sameFormatWords('image/avif', 'image/png')).toBe('Same as original (as PNG)');
  expect(otherFormatWords('image/heic', 'image/jpeg')).toBe('HEIC cannot be written: it becomes JPEG.');
  expect(otherFormatWords('image/jpeg', 'image/jpeg')).toBeUndefined();
  expect(sameFormatWords('', 'image/png')).toBe('Same as original');
});

it('names the size of the file beside that of the original', () => {
  expect(sizeWords(1_900_000, 2_400_000)).toBe('1.9\u00a0MB, original 2.4\u00a0MB');
  expect(sizeWords(null, 2_400_000)).toBe('original 2.4\u00a0MB');
});
