import { describe, expect, it } from 'vitest';
import { zlibSync } from 'fflate';
import { crc32 } from 'node:zlib';
import { joined, latin1 } from './byteWriting.ts';
import { metadataOfResult, readMetadata, writeMetadata } from './copyMetadata.ts';
import { noMetadata } from './photoMetadata.ts';
import type { PhotoMetadata } from './photoMetadata.ts';
import { pngMetadataChunks } from './pngChunks.ts';

type Field = readonly [tag: number, type: number, value: number];

/** A TIFF block: IFD0 with the fields and a pointer to an Exif directory, then IFD1 with a thumbnail at the very end. */
function tiff(
  little: boolean,
  fields: readonly Field[],
  detail: readonly Field[],
  thumbnail: Uint8Array,
  tail: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const directoryBytes = (count: number): number => 2 + count * 12 + 4;
  const main = 8;
  const detailAt = main + directoryBytes(fields.length + 1);
  const second = detailAt + directoryBytes(detail.length);
  const thumbnailAt = second + directoryBytes(2);
  const bytes = new Uint8Array(thumbnailAt + thumbnail.length + tail.length);
  const view = new DataView(bytes.buffer);
  bytes.set(latin1(little ? 'II' : 'MM'));
  view.setUint16(2, 42, little);
  view.setUint32(4, main, little);
  const write = (at: number, entries: readonly Field[], next: number): void => {
    view.setUint16(at, entries.length, little);
    entries.forEach(([tag, type, value], i) => {
      const entry = at + 2 + i * 12;
      view.setUint16(entry, tag, little);
      view.setUint16(entry + 2, type, little);
      view.setUint32(entry + 4, 1, little);
      if (type === 3) view.setUint16(entry + 8, value, little);
      else view.setUint32(entry + 8, value, little);
    });
    view.setUint32(at + 2 + entries.length * 12, next, little);
  };
  write(main, [...fields, [0x8769, 4, detailAt]], second);
  write(detailAt, detail, 0);
  write(
    second,
    [
      [0x0201, 4, thumbnailAt],
      [0x0202, 4, thumbnail.length],
    ],
    0,
  );
  bytes.set(thumbnail, thumbnailAt);
  bytes.set(tail, thumbnailAt + thumbnail.length);
  return bytes;
}

const thumbnail = new Uint8Array(50).fill(0xab);
const exif = tiff(
  true,
  [
    [0x010f, 3, 77],
    [0x0112, 3, 6],
  ],
  [
    [0xa002, 3, 40],
    [0xa003, 4, 30],
  ],
  thumbnail,
);
const xmp = latin1(
  '<x:xmpmeta><rdf:Description tiff:Orientation="6" dc:title="Rain"><tiff:Orientation>8</tiff:Orientation></x:xmpmeta>',
);
const icc = new Uint8Array(70_000).map((_, i) => (i * 31) % 251);
icc.set(latin1('RGB '), 16);
icc.set(latin1('desc\0\0\0\0\0D\0i\0s\0p\0l\0a\0y\0 \0P\x003'), 200);
/** A Photoshop image resource with an odd name and data. */
const resource = (id: number, data: Uint8Array): Uint8Array =>
  joined([
    latin1('8BIM'),
    Uint8Array.of(id >> 8, id & 255, 2),
    latin1('ab\0'),
    Uint8Array.of(0, 0, data.length >> 8, data.length & 255),
    data,
    new Uint8Array(data.length & 1),
  ]);
const captions = resource(0x0404, latin1('\x1c\x02\x78\0\x05Rain!'));
const iptc = joined([
  captions,
  resource(0x03ed, new Uint8Array(60_001).fill(3)),
  resource(0x0bb7, new Uint8Array(60_000).fill(4)),
]);
const all: PhotoMetadata = { exif, xmp, iptc: null, icc };

const u32 = (value: number, little = false): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, little);
  return bytes;
};
const segment = (marker: number, body: Uint8Array): Uint8Array =>
  joined([Uint8Array.of(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255), body]);
const pngChunk = (name: string, body: Uint8Array): Uint8Array =>
  joined([u32(body.length), latin1(name), body, u32(crc32(joined([latin1(name), body])))]);
const riff = (...chunks: [string, Uint8Array][]): Uint8Array<ArrayBuffer> => {
  const body = joined([
    latin1('WEBP'),
    ...chunks.map(([name, data]) =>
      joined([latin1(name), u32(data.length, true), data, new Uint8Array(data.length & 1)]),
    ),
  ]);
  return joined([latin1('RIFF'), u32(body.length, true), body]);
};

const scan = joined([segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)), Uint8Array.of(0x12, 0xff, 0, 0x34, 0xff, 0xd9)]);
const jfif = segment(0xe0, latin1('JFIF\0\x01\x01\0\0\x01\0\x01\0\0'));
const plain = {
  'image/jpeg': joined([Uint8Array.of(0xff, 0xd8), jfif, segment(0xdb, new Uint8Array(65)), scan]),
  'image/png': joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', joined([u32(3), u32(2), Uint8Array.of(8, 2, 0, 0, 0)])),
    pngChunk('IDAT', zlibSync(new Uint8Array(20))),
    pngChunk('IEND', new Uint8Array(0)),
  ]),
  'image/webp': riff(['VP8L', Uint8Array.of(0x2f, 2, 0x40, 0, 0x10, 7, 7)]), // 3 × 2, with alpha
};
const types = Object.keys(plain) as (keyof typeof plain)[];
const IHDR_END = 33;

/** The plain file with metadata, as each format gets it. */
function withMetadata(type: keyof typeof plain, metadata: PhotoMetadata): Uint8Array<ArrayBuffer> {
  if (type !== 'image/png') return writeMetadata(plain[type], type, metadata);
  return joined([plain[type].subarray(0, IHDR_END), ...pngMetadataChunks(metadata), plain[type].subarray(IHDR_END)]);
}

describe('writeMetadata and readMetadata', () => {
  it.each(types)('carry EXIF, XMP and a profile of several segments byte for byte through %s', (type) => {
    const written = withMetadata(type, all);
    expect(readMetadata(written, type)).toEqual(all);
  });

  it.each(types)('add nothing to %s when there is nothing, and find nothing in it', (type) => {
    const nothing = noMetadata;
    expect(withMetadata(type, nothing)).toEqual(plain[type]);
    expect(readMetadata(plain[type], type)).toEqual(nothing);
  });

  it('carry IPTC with its neighbours through JPEG, over as many segments as it takes, and through PNG, and leave it out of WebP', () => {
    for (const type of ['image/jpeg', 'image/png'] as const)
      expect(readMetadata(withMetadata(type, { ...all, iptc }), type)).toEqual({ ...all, iptc });
    expect(readMetadata(withMetadata('image/webp', { ...all, iptc }), 'image/webp')).toEqual(all);
  });

  it('keep the JFIF header first and the pixels as they were', () => {
    const written = writeMetadata(plain['image/jpeg'], 'image/jpeg', all);
    expect(written.subarray(2, 2 + jfif.length)).toEqual(jfif);
    expect(written.subarray(-scan.length)).toEqual(scan);
  });

  it('give a PNG chunks with sound checksums, behind its header', () => {
    const written = withMetadata('image/png', all);
    const names: string[] = [];
    const view = new DataView(written.buffer);
    for (let at = 8; at < written.length;) {
      const length = view.getUint32(at);
      names.push(String.fromCharCode(...written.subarray(at + 4, at + 8)));
      expect(view.getUint32(at + 8 + length)).toBe(crc32(written.subarray(at + 4, at + 8 + length)));
      at += 12 + length;
    }
    expect(names).toEqual(['IHDR', 'iCCP', 'eXIf', 'iTXt', 'IDAT', 'IEND']);
  });

  it('give a simple WebP the extended header with its size, its alpha and the flags', () => {
    const written = writeMetadata(plain['image/webp'], 'image/webp', { ...noMetadata, exif });
    expect(written.subarray(12, 30)).toEqual(
      joined([latin1('VP8X'), u32(10, true), Uint8Array.of(0x18, 0, 0, 0, 2, 0, 0, 1, 0, 0)]),
    );
    expect(new DataView(written.buffer).getUint32(4, true)).toBe(written.length - 8);
  });

  it('read a compressed XMP packet, and no bomb', () => {
    const text = (data: Uint8Array): Uint8Array =>
      joined([
        plain['image/png'].subarray(0, 33),
        pngChunk('iTXt', joined([latin1('XML:com.adobe.xmp\0\x01\0\0\0'), zlibSync(data)])),
        plain['image/png'].subarray(33),
      ]);
    expect(readMetadata(text(xmp), 'image/png').xmp).toEqual(xmp);
    expect(readMetadata(text(new Uint8Array(40 * 2 ** 20)), 'image/png').xmp).toBeNull();
  });

  it('unpack no second chunk of a kind: forty bombs cost what one costs', () => {
    const bomb = zlibSync(new Uint8Array(17 * 2 ** 20));
    const profile = pngChunk('iCCP', joined([latin1('p\0\0'), bomb]));
    const timeOf = (count: number): number => {
      const bombs = Array.from({ length: count }, () => profile);
      const file = joined([plain['image/png'].subarray(0, 33), ...bombs, plain['image/png'].subarray(33)]);
      const started = performance.now();
      expect(readMetadata(file, 'image/png')).toEqual(noMetadata);
      return performance.now() - started;
    };
    const one = Math.max(timeOf(1), timeOf(1));
    expect(timeOf(40)).toBeLessThan(10 * one);
  });

  it('leave out XMP of forty megabytes, and turn fifteen upright at once', () => {
    const text = (size: number): Uint8Array => {
      const body = new Uint8Array(size + 22).fill(0x20);
      body.set(latin1('XML:com.adobe.xmp\0\0\0\0\0'));
      body.set(latin1('tiff:Orientation="6"'), size);
      return joined([plain['image/png'].subarray(0, 33), pngChunk('iTXt', body), plain['image/png'].subarray(33)]);
    };
    expect(readMetadata(text(40 * 2 ** 20), 'image/png').xmp).toBeNull();
    const large = readMetadata(text(15 * 2 ** 20), 'image/png');
    const started = performance.now();
    const { xmp: upright } = metadataOfResult(large, { width: 3, height: 2 });
    expect(new TextDecoder().decode(upright!.subarray(-22)).trim()).toBe('tiff:Orientation="1"');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('leave out a profile of another colour space, and everything when a file lies about its parts', () => {
    const grey = icc.slice();
    grey.set(latin1('GRAY'), 16);
    expect(
      readMetadata(writeMetadata(plain['image/jpeg'], 'image/jpeg', { ...all, icc: grey }), 'image/jpeg').icc,
    ).toBeNull();
    for (const type of types) {
      const written = withMetadata(type, all);
      for (let cut = 0; cut < 400; cut += 7) expect(() => readMetadata(written.subarray(0, cut), type)).not.toThrow();
    }
  });

  it('leave out what a JPEG segment cannot hold', () => {
    const written = writeMetadata(plain['image/jpeg'], 'image/jpeg', {
      ...noMetadata,
      exif: new Uint8Array(70_000).fill(1),
      xmp,
    });
    expect(readMetadata(written, 'image/jpeg')).toEqual({ ...noMetadata, xmp });
  });
});

describe('metadataOfResult', () => {
  const size = { width: 30, height: 40 };

  it.each([true, false])(
    'sets the orientation upright and the sides, and drops the thumbnail (little-endian: %s)',
    (little) => {
      const fields = (orientation: number): Field[] => [
        [0x010f, 3, 77],
        [0x0112, 3, orientation],
      ];
      const before = tiff(
        little,
        fields(6),
        [
          [0xa002, 4, 40],
          [0xa003, 4, 30],
        ],
        thumbnail,
      );
      const after = metadataOfResult({ ...all, exif: before }, size).exif!;
      const expected = tiff(
        little,
        fields(1),
        [
          [0xa002, 4, 30],
          [0xa003, 4, 40],
        ],
        thumbnail,
      ).slice(0, -thumbnail.length);
      new DataView(expected.buffer).setUint32(8 + 2 + 3 * 12, 0, little); // no second directory
      expect(after).toEqual(expected);
    },
  );

  it('keeps what lies behind the thumbnail in its place', () => {
    const tail = latin1('maker note');
    const before = tiff(true, [], [], thumbnail, tail);
    const after = metadataOfResult({ ...all, exif: before }, size).exif!;
    expect(after.length).toBe(before.length);
    expect(after.subarray(-tail.length)).toEqual(tail);
    expect(after.includes(0xab)).toBe(false);
  });

  it('sets the orientation in XMP, and not one byte more', () => {
    const after = metadataOfResult(all, size).xmp!;
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    expect(text(after)).toBe(text(xmp).replace('"6"', '"1"').replace('>8<', '>1<'));
  });

  it('drops the thumbnail among Photoshop’s resources, and nothing else of them', () => {
    const small = resource(0x040c, thumbnail);
    expect(metadataOfResult({ ...all, iptc: joined([captions, small, captions]) }, size).iptc).toEqual(
      joined([captions, captions]),
    );
    expect(metadataOfResult({ ...all, iptc: small }, size).iptc).toBeNull();
    expect(metadataOfResult({ ...all, iptc: captions.subarray(0, -3) }, size).iptc).toBeNull();
  });

  it('keeps the profile, and drops an EXIF block that cannot be read', () => {
    expect(metadataOfResult(all, size).icc).toBe(icc);
    expect(metadataOfResult({ ...all, exif: latin1('not TIFF at all') }, size).exif).toBeNull();
    for (let cut = 0; cut < exif.length; cut++)
      expect(() => metadataOfResult({ ...all, exif: exif.subarray(0, cut) }, size)).not.toThrow();
  });
});
