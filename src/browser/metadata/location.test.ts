import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readMetadata } from './copyMetadata.ts';
import { hasLocation } from './location.ts';
import { noMetadata } from './photoMetadata.ts';

const black = () => sharp({ create: { width: 8, height: 8, channels: 3, background: 'black' } });

describe('hasLocation', () => {
  it('tells a photo that says where it was taken from one that does not', async () => {
    const gps = {
      GPSLatitudeRef: 'N',
      GPSLatitude: '52/1 31/1 12/1',
      GPSLongitudeRef: 'E',
      GPSLongitude: '13/1 24/1 0/1',
    };
    const located = await black()
      .withExif({ IFD0: { Artist: 'A' }, IFD3: gps })
      .jpeg()
      .toBuffer();
    const other = await black()
      .withExif({ IFD0: { Artist: 'A' } })
      .jpeg()
      .toBuffer();
    expect(hasLocation(readMetadata(new Uint8Array(located), 'image/jpeg'))).toBe(true);
    expect(hasLocation(readMetadata(new Uint8Array(other), 'image/jpeg'))).toBe(false);
    expect(hasLocation(noMetadata)).toBe(false);
  });

  it('finds it in XMP too', () => {
    const xmp = new TextEncoder().encode('<rdf:Description exif:GPSLatitude="52,31.2N"/>');
    expect(hasLocation({ exif: null, xmp })).toBe(true);
    expect(hasLocation({ exif: null, xmp: new TextEncoder().encode('<x/>') })).toBe(false);
  });

  it('takes a damaged block for none', () => {
    for (const length of [0, 3, 9, 20])
      expect(
        hasLocation({ exif: Uint8Array.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, 9, 0]).subarray(0, length), xmp: null }),
      ).toBe(false);
  });
});
