import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { readImageHeader } from '../imageHeader.ts';
import { besideOf } from './besideImage.ts';
import { latin1 } from './byteWriting.ts';
import { readMetadata } from './copyMetadata.ts';
import { noMetadata } from './photoMetadata.ts';

const ascii = (text: string): number[] => [...latin1(text)];
const u16 = (value: number): number[] => [value >> 8, value & 255];
const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const box = (name: string, ...content: (number | number[])[]): number[] => {
  const body = content.flat();
  return [...u32(body.length + 8), ...ascii(name), ...body];
};

const exif = [...ascii('II*\0'), 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const xmp = ascii('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
const icc = Array.from({ length: 300 }, (_, i) => (i * 31) % 251);
icc.splice(16, 4, ...ascii('RGB '));
const parts = { exif: Uint8Array.from(exif), xmp: Uint8Array.from(xmp), iptc: null, icc: Uint8Array.from(icc) };

/** An image of 64 × 48 with EXIF (item 2, in two pieces) in the file, XMP (item 3) in the file or in `idat`. */
function image(brand: string, version: 0 | 1 | 2, prefix = ''): Uint8Array {
  const payload = [...u32(prefix.length), ...ascii(prefix), ...exif];
  const inData = version > 0;
  const entry = (id: number, type: string, more = ''): number[] =>
    box('infe', 2, 0, 0, 0, u16(id), u16(0), ascii(type), ascii(`name\0${more}`));
  const items = box(
    'iinf',
    u32(0),
    u16(3),
    entry(1, 'av01'),
    entry(2, 'Exif'),
    entry(3, 'mime', 'application/rdf+xml\0'),
  );
  const colour = box('colr', ascii('prof'), icc);
  const nclx = box('colr', ascii('nclx'), u16(1), u16(13), u16(6), 0x80);
  const properties = box(
    'iprp',
    box('ipco', box('ispe', u32(0), u32(64), u32(48)), nclx, colour),
    box('ipma', u32(0), u32(1), u16(1), 3, 0x81, 2, 3),
  );
  const wide = (id: number): number[] => (version === 2 ? u32(id) : u16(id));
  const place = (id: number, method: number, extents: readonly (readonly [number, number])[]): number[] => [
    ...wide(id),
    ...(version > 0 ? u16(method) : []),
    ...u16(0),
    ...u16(extents.length),
    ...extents.flatMap(([offset, length]) => [...u32(offset), ...u32(length)]),
  ];
  const build = (data: number): number[] => {
    const xmpPlace = inData ? place(3, 1, [[0, xmp.length]]) : place(3, 0, [[data + payload.length, xmp.length]]);
    const locations = box(
      'iloc',
      version,
      0,
      0,
      0,
      0x44,
      0x00,
      wide(2),
      place(2, 0, [
        [data, 7],
        [data + 7, payload.length - 7],
      ]),
      xmpPlace,
    );
    const meta = box(
      'meta',
      u32(0),
      box('pitm', u32(0), u16(1)),
      items,
      locations,
      properties,
      inData ? box('idat', xmp) : [],
    );
    return [...box('ftyp', ascii(brand), u32(0), ascii('mif1')), ...meta];
  };
  const head = build(0).length + 8;
  return Uint8Array.from([...build(head), ...box('mdat', payload, inData ? [] : xmp)]);
}

it.each([
  ['avif', 0],
  ['heic', 1],
  ['avif', 2],
] as const)('reads EXIF, XMP and the profile of %s, locations of version %i', (brand, version) => {
  for (const prefix of ['', 'Exif\0\0'])
    expect(readMetadata(image(brand, version, prefix), `image/${brand}`)).toEqual(parts);
});

it('tells what lies beside the image, and of more bits than results have', () => {
  const fixture = (name: string): Buffer =>
    readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'photos', name));
  const alpha = fixture('alpha.heic');
  expect(readMetadata(alpha, 'image/heic').features).toEqual(['transparency']);
  const named = (name: string): Buffer => {
    const file = Buffer.from(alpha);
    const at = file.indexOf('auxC') + 8;
    file.fill(0, at, at + file.subarray(at).indexOf(0)).write(name, at);
    return file;
  };
  expect(readMetadata(named('urn:mpeg:hevc:2015:auxid:2'), 'image/heic').features).toEqual(['depth map']);
  expect(besideOf(readMetadata(named('urn:x:aux:hdrgainmap'), 'image/heic'))).toEqual(['HDR gain map']);
  expect(readMetadata(fixture('ten-bit.heic'), 'image/heic').features).toEqual(['over 8 bits']);
  expect(readMetadata(fixture('phone.heic'), 'image/heic').features).toBeUndefined();
});

it('agrees with an encoder of the trade', async () => {
  const made = sharp({ create: { width: 32, height: 24, channels: 3, background: '#268' } })
    .withIccProfile('p3')
    .withExif({ IFD0: { Artist: 'Someone' } });
  const file = await made.avif({ effort: 0 }).toBuffer();
  expect(readImageHeader(file)).toMatchObject({ type: 'image/avif', width: 32, height: 24 });
  const found = readMetadata(file, 'image/avif');
  const { exif: theirs, icc: profile } = await sharp(file).metadata();
  expect(Buffer.from(found.icc!).equals(profile!)).toBe(true);
  expect(theirs!.subarray(-found.exif!.length).equals(found.exif!)).toBe(true);
  expect(latin1(Buffer.from(found.exif!).toString('latin1')).length).toBeGreaterThan(20);
});

it.each([
  ['two thousand pieces of the whole file', 2_000, 1_000_000],
  ['a hundred thousand empty pieces', 65_535, 0],
])('finds nothing where an item lies in %s, and takes no time or memory over it', (_, pieces, length) => {
  const items = box('iinf', u32(0), u16(1), box('infe', 2, 0, 0, 0, u16(2), u16(0), ascii('Exif'), ascii('name\0')));
  const extents = length ? Array.from({ length: pieces }, () => [...u32(0), ...u32(length)]).flat() : [];
  const place = (id: number): number[] => [...u16(id), ...u16(0), ...u16(pieces), ...extents];
  const places = length ? [place(2)] : Array.from({ length: 2_000 }, (__, id) => place(id));
  const location = box('iloc', 0, 0, 0, 0, length ? 0x44 : 0, 0, u16(places.length), ...places);
  const meta = box('meta', u32(0), box('pitm', u32(0), u16(1)), items, location);
  const head = [...box('ftyp', ascii('avif'), u32(0), ascii('mif1')), ...meta];
  const file = new Uint8Array(1_100_000);
  file.set(head);
  file.set([...u32(file.length - head.length), ...ascii('mdat')], head.length);
  const before = process.memoryUsage().arrayBuffers;
  const started = performance.now();
  expect(readMetadata(file, 'image/avif')).toEqual(noMetadata);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6);
  expect(performance.now() - started).toBeLessThan(2_000);
});

it('finds nothing, and fails in no way, in a file that lies about its parts', () => {
  const seeds = [image('avif', 0), image('heic', 1), image('avif', 2)];
  expect(readMetadata(seeds[0]!.subarray(0, 60), 'image/avif')).toEqual(noMetadata);
  const edits = fc.record({
    seed: fc.nat(2),
    changes: fc.array(fc.tuple(fc.nat(900), fc.nat(255)), { maxLength: 6 }),
    cut: fc.nat(1500),
  });
  fc.assert(
    fc.property(edits, ({ seed, changes, cut }) => {
      const file = seeds[seed]!.slice();
      for (const [at, value] of changes) file[at % file.length] = value;
      expect(() => readMetadata(file.subarray(0, cut > 900 ? file.length : cut), 'image/heic')).not.toThrow();
    }),
    { numRuns: 500, seed: 1 },
  );
});
