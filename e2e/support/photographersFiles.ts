import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { cameraFile } from './cameraFile.ts';
import { blackPng, photo, plainFile, rotatedPhoto } from './libraryFiles.ts';
import type { TestFile } from './libraryFiles.ts';

/** A file that a photographer drops, and what must come of it. */
export interface GivenPhoto extends TestFile {
  /** What is said of a file that cannot be used; none for one that comes out right. */
  readonly reason?: RegExp;
  /** How far a result may lie from what another decoder makes of the file, mean of 255 levels: 3 where nothing is said. */
  readonly tolerance?: number;
  /** What another decoder would make of the file, where the one here cannot read it. */
  readonly shownAs?: Buffer;
  /** Grey of the whole result, where another decoder knows no better. */
  readonly grey?: number;
}

const FIXTURES = join(import.meta.dirname, '..', '..', 'src', 'fixtures', 'photos');

/** More than thirty files of as many kinds, drawn for this or kept in `src/fixtures/photos`; those with a reason cannot be used. */
export async function photographersFiles(): Promise<GivenPhoto[]> {
  return [...fixtures(), ...(await cameras()), ...(await kinds()), ...(await oddNames()), ...(await unusable())];
}

function fixtures(): GivenPhoto[] {
  const fixture = (name: string, more: Partial<GivenPhoto> = {}): GivenPhoto => ({
    name,
    mimeType: name.endsWith('png') ? 'image/png' : 'image/jpeg',
    buffer: readFileSync(join(FIXTURES, name)),
    ...more,
  });
  return [
    fixture('motion-photo.jpg'),
    fixture('iptc-only.jpg'),
    fixture('sides-in-four-places.jpg'),
    fixture('no-end-marker.jpg'),
    fixture('reference.jpg'),
    fixture('raw-profile-exif.png'),
    fixture('hidden-magenta.png'),
    fixture('ramp16.png'),
    fixture('gamma-1.png', { grey: 128 }),
    fixture('cut-in-half.jpg', { reason: /This JPEG is incomplete/ }),
    fixture('moving.png', { reason: /This is a moving PNG/ }),
  ];
}

/** As cameras and phones write them: upright, on its side, in Display P3, with a gain map behind. */
async function cameras(): Promise<GivenPhoto[]> {
  const p3 = await cameraFile('DSC_0001.JPG', 320, 240, 5);
  return [
    p3,
    await rotatedPhoto('IMG_2001.jpg', 40),
    { ...(await gainMap()), name: 'PXL_20261126_101500.jpg' },
    { ...(await encoded('avif', 'scan.avif', 70)), tolerance: 5 },
    await heic(),
  ];
}

/** A HEIC of a phone, in Display P3 and on its side. */
async function heic(): Promise<GivenPhoto> {
  const scene = sharp(readFileSync(join(FIXTURES, 'heic-scene.jpg'))).rotate(90);
  return {
    name: 'IMG_3001.HEIC',
    mimeType: 'image/heic',
    buffer: readFileSync(join(FIXTURES, 'phone.heic')),
    shownAs: await scene
      .withExif({ IFD0: { Artist: 'A. Person' } })
      .png()
      .toBuffer(),
    tolerance: 5,
  };
}

async function kinds(): Promise<GivenPhoto[]> {
  const scene = (await photo('base.png', 200, { width: 120, height: 90 })).buffer;
  const made = async (name: string, mimeType: string, work: (image: Sharp) => Sharp): Promise<TestFile> => ({
    name,
    mimeType,
    buffer: await work(sharp(scene)).toBuffer(),
  });
  return [
    await made('progressive.jpg', 'image/jpeg', (image) => image.jpeg({ progressive: true, quality: 90 })),
    // Without a profile every program has a black of its own.
    { ...(await made('print.jpg', 'image/jpeg', (image) => image.toColourspace('cmyk').jpeg())), tolerance: 60 },
    await made('grey.jpg', 'image/jpeg', (image) => image.greyscale().jpeg()),
    await made('grey-alpha.png', 'image/png', (image) => image.greyscale().ensureAlpha(0.5).png()),
    await made('palette.png', 'image/png', (image) => image.ensureAlpha(0.7).png({ palette: true })),
    await made('interlaced.png', 'image/png', (image) => image.png({ progressive: true })),
    await made('lossless.webp', 'image/webp', (image) => image.webp({ lossless: true })),
    await made('named-otherwise.png', 'image/png', (image) => image.webp()),
    await made('png-in-truth.jpg', 'image/jpeg', (image) => image.png()),
    await made('no ending', '', (image) => image.jpeg()),
  ];
}

/** Names that come from other systems, and such as some disk takes for one. */
async function oddNames(): Promise<GivenPhoto[]> {
  const names = [
    'con.jpg',
    'IMG_1.jpg',
    'img_1.JPG',
    'IMG_1.png',
    'a: b?*.jpg',
    'caf\u00e9.jpg',
    'cafe\u0301.jpg',
    `${'霧'.repeat(83)}.jpg`,
  ];
  return Promise.all(names.map(async (name, i) => ({ ...(await photo(`${i}.jpg`, 20 * i)), name })));
}

async function unusable(): Promise<GivenPhoto[]> {
  const scene = sharp((await photo('base.png', 10)).buffer);
  const twelve = await scene.clone().jpeg().toBuffer();
  twelve[twelve.indexOf(Buffer.from([0xff, 0xc0])) + 4] = 12;
  const frames = sharp(Buffer.alloc(64 * 128 * 3, 200).fill(40, 64 * 64 * 3), {
    raw: { width: 64, height: 128, channels: 3, pageHeight: 64 },
  });
  return [
    { name: 'medical.jpg', mimeType: 'image/jpeg', buffer: twelve, reason: /a JPEG of 12 bits a colour/ },
    {
      name: 'sticker.webp',
      mimeType: 'image/webp',
      buffer: await frames.webp({ loop: 0, delay: [100, 100] }).toBuffer(),
      reason: /This is a moving WebP/,
    },
    { ...plainFile('begun.heic', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'), reason: /This HEIC file is damaged/ },
    {
      ...plainFile('saved-page.jpg', '<!doctype html><title>404</title>', 'image/jpeg'),
      reason: /This is not an image/,
    },
    {
      ...plainFile('drawing.jpg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/jpeg'),
      reason: /an SVG drawing/,
    },
    { ...plainFile('empty.jpg', '', 'image/jpeg'), reason: /empty/ },
    { ...blackPng('vast.png', 16_000, 16_000), reason: /256 megapixels/ },
  ];
}

async function encoded(format: 'avif', name: string, hue: number): Promise<TestFile> {
  const { buffer } = await photo('base.png', hue, { width: 128, height: 96 });
  return {
    name,
    mimeType: `image/${format}`,
    buffer: await sharp(buffer).withIccProfile('p3').avif({ effort: 0 }).toBuffer(),
  };
}

/** A JPEG with a second, smaller one behind it that its XMP calls a gain map, as phones write for bright screens. */
async function gainMap(): Promise<TestFile> {
  const { name, mimeType, buffer } = await photo('hdr.jpg', 300, { width: 160, height: 120 });
  const map = await sharp(buffer).greyscale().resize(40).jpeg().toBuffer();
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:Container="http://ns.google.com/photos/1.0/container/"
 xmlns:Item="http://ns.google.com/photos/1.0/container/item/" xmlns:dc="http://purl.org/dc/elements/1.1/" hdrgm:Version="1.0">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Harbour</rdf:li></rdf:Alt></dc:title>
<Container:Directory><rdf:Seq><rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>
<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="${map.length}"/></rdf:li></rdf:Seq></Container:Directory>
</rdf:Description></rdf:RDF></x:xmpmeta>`;
  const body = Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), Buffer.from(xmp)]);
  const head = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255]);
  return { name, mimeType, buffer: Buffer.concat([buffer.subarray(0, 2), head, body, buffer.subarray(2), map]) };
}
