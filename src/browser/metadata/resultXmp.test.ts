import { describe, expect, it } from 'vitest';
import { joinXmp, splitXmp, extendedGuid } from './extendedXmp.ts';
import { xmpOfResult } from './resultXmp.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (packet: Uint8Array): string => new TextDecoder().decode(packet);
const size = { width: 64, height: 96 };

const packet = (description: string, attributes = ''): Uint8Array =>
  bytes(
    `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"${attributes}>${description}</rdf:Description></rdf:RDF></x:xmpmeta>${' '.repeat(2000)}<?xpacket end="w"?>`,
  );

describe('XMP of a result', () => {
  it('claims no video, gain map or further image, whatever the prefixes are called', () => {
    const before = packet(
      '<dc:title>Regen</dc:title><c:Directory><rdf:Seq><rdf:li><c:Item i:Mime="video/mp4"/></rdf:li></rdf:Seq></c:Directory><g:GainMapMax>2</g:GainMapMax><xap:Thumbnails><rdf:Alt/></xap:Thumbnails>',
      ' xmlns:cam="http://ns.google.com/photos/1.0/camera/" cam:MotionPhoto="1" cam:MicroVideoOffset="4000" cam:HdrPlusMakernote="x" xmlns:c="http://ns.google.com/photos/1.0/container/" xmlns:i="http://ns.google.com/photos/1.0/container/item/" xmlns:g="http://ns.adobe.com/hdr-gain-map/1.0/" g:Version="1.0" xmlns:xap="http://ns.adobe.com/xap/1.0/" xap:Rating="4"',
    );
    const after = text(xmpOfResult(before, size));
    for (const claim of [
      'MotionPhoto',
      'MicroVideo',
      'Directory',
      'video/mp4',
      'GainMapMax',
      'g:Version',
      'Thumbnails',
    ])
      expect(after).not.toContain(claim);
    for (const kept of ['<dc:title>Regen</dc:title>', 'cam:HdrPlusMakernote="x"', 'xap:Rating="4"'])
      expect(after).toContain(kept);
  });

  it('tells the sides as they are stored, as attributes and as elements', () => {
    const spaces = ' xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"';
    const before = packet(
      '<tiff:ImageWidth>96</tiff:ImageWidth><tiff:ImageLength>64</tiff:ImageLength><tiff:Orientation>6</tiff:Orientation>',
      `${spaces} exif:PixelXDimension="96" exif:PixelYDimension='64'`,
    );
    const expected = packet(
      '<tiff:ImageWidth>64</tiff:ImageWidth><tiff:ImageLength>96</tiff:ImageLength><tiff:Orientation>1</tiff:Orientation>',
      `${spaces} exif:PixelXDimension="64" exif:PixelYDimension='96'`,
    );
    expect(text(xmpOfResult(before, size))).toBe(text(expected));
  });

  it('stays as it is where nothing depends on the pixels', () => {
    const plain = packet('<dc:creator>Ä. 雨</dc:creator>');
    expect(xmpOfResult(plain, size)).toEqual(plain);
    const noText = Uint8Array.of(0xff, 0xfe, 0x3c, 0x00);
    expect(xmpOfResult(noText, size)).toEqual(noText);
  });
});

describe('extended XMP', () => {
  const subjects = Array.from({ length: 2200 }, (_, i) => `<rdf:li>subject number ${i} of this photo</rdf:li>`).join(
    '',
  );
  const large = packet(`<dc:title>Regen</dc:title><dc:subject><rdf:Bag>${subjects}</rdf:Bag></dc:subject>`);
  const count = (xmp: Uint8Array): number => text(xmp).split('<rdf:li>').length - 1;

  it('splits a packet that is too large, small properties first, and joins it again', () => {
    expect(large.length).toBeGreaterThan(65_000);
    const split = splitXmp(large, 65_000)!;
    expect(split.main.length).toBeLessThanOrEqual(65_000);
    expect(text(split.main)).toContain('<dc:title>Regen</dc:title>');
    expect(extendedGuid(split.main)).toBe(split.extended!.guid);
    const joined = joinXmp(split.main, split.extended!.bytes);
    expect(count(joined)).toBe(2200);
    expect(extendedGuid(joined)).toBeNull();
    expect(splitXmp(joined, 65_000)).not.toBeNull();
  });

  it('leaves no name of a part behind that is missing', () => {
    const { main } = splitXmp(large, 65_000)!;
    const alone = joinXmp(main, null);
    expect(extendedGuid(alone)).toBeNull();
    expect(text(alone)).toContain('Regen');
    expect(extendedGuid(joinXmp(main, bytes('<broken')))).toBeNull();
  });

  it('spends padding before it splits, and gives up on what it cannot take apart', () => {
    const padded = packet('<dc:title>Regen</dc:title>');
    expect(splitXmp(padded, padded.length - 500)).toMatchObject({ extended: null });
    expect(splitXmp(bytes(`<x>${'y'.repeat(70_000)}</x>`), 65_000)).toBeNull();
    expect(splitXmp(new Uint8Array(70_000).fill(0xff), 65_000)).toBeNull();
  });
});
