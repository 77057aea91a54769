import sharp from 'sharp';
import { randomFromSeed } from '../../src/core/random.ts';
import type { TestFile } from './libraryFiles.ts';

/** A JPEG as a camera writes it, and the parts that were put in. */
export interface CameraFile extends TestFile {
  readonly exif: Exif;
  readonly xmp: Buffer;
  /** The ICC profile, Display P3. */
  readonly icc: Buffer;
}

interface Exif {
  readonly bytes: Buffer;
  /** Length of the thumbnail, which lies at the end. */
  readonly thumbnail: number;
  /** Bytes that may change when the image is stored upright: orientation, sides, link to the thumbnail's directory. */
  readonly mayChange: ReadonlySet<number>;
}

const XMP = `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/>
</rdf:RDF></x:xmpmeta>${' '.repeat(2000)}<?xpacket end="w"?>`;

/**
 * A rainy view of width × height stored pixels with EXIF (orientation 6: to be shown rotated by a quarter; with a
 * thumbnail), XMP and a Display P3 profile.
 */
export async function cameraFile(name: string, width: number, height: number, seed: number): Promise<CameraFile> {
  const image = sharp(rainyView(width, height, seed), { raw: { width, height, channels: 3 } });
  const bare = await image.jpeg({ quality: 92 }).toBuffer();
  const icc = (
    await sharp(
      await sharp({ create: { width: 8, height: 8, channels: 3, background: '#268' } })
        .withIccProfile('p3')
        .png()
        .toBuffer(),
    ).metadata()
  ).icc!;
  const thumbnail = await sharp(bare).resize(160).jpeg({ quality: 60 }).toBuffer();
  const exif = exifBlock(width, height, thumbnail);
  const xmp = Buffer.from(XMP);
  const buffer = Buffer.concat([
    bare.subarray(0, 2),
    segment(0xe1, 'Exif\0\0', exif.bytes),
    segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', xmp),
    segment(0xe2, 'ICC_PROFILE\0\x01\x01', icc),
    bare.subarray(2),
  ]);
  return { name, mimeType: 'image/jpeg', buffer, exif, xmp, icc };
}

/** A PNG of broad soft stripes: large, and packed in no time. */
export async function flatPhoto(name: string, { width, height }: { width: number; height: number }): Promise<TestFile> {
  const rows = 51;
  const stripe = Buffer.from(Uint8Array.from({ length: width * rows * 3 }, (_, i) => (i % (width * 3)) >> 7));
  const tiles = sharp(stripe, { raw: { width, height: rows, channels: 3 } }).extend({
    bottom: height - rows,
    extendWith: 'repeat',
  });
  return { name, mimeType: 'image/png', buffer: await tiles.png({ compressionLevel: 1 }).toBuffer() };
}

/** The segments of a JPEG before its first scan that begin with `prefix`: what follows it in each. */
export function segmentsOf(jpeg: Buffer, marker: number, prefix: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xda;) {
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (jpeg[at + 1] === marker && jpeg.toString('latin1', at + 4, at + 4 + prefix.length) === prefix)
      found.push(jpeg.subarray(at + 4 + prefix.length, end));
    at = end;
  }
  return found;
}

/** Sky, hills and grain under bright streaks near the vertical; RGB rows. */
function rainyView(width: number, height: number, seed: number): Buffer {
  const random = randomFromSeed(seed);
  const grain = Int8Array.from({ length: 65_536 }, () => random.below(9) - 4);
  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    const sky = 170 - (110 * y) / height;
    const offset = random.below(65_536);
    for (let x = 0; x < width; x++) {
      const hill = y > height * (0.6 + 0.1 * Math.sin(x / 700)) ? 40 : 0;
      const level = sky - hill + 12 * Math.sin(x / 90 + y / 60) + grain[(offset + x) & 65_535]!;
      rgb[at++] = level;
      rgb[at++] = level + 6;
      rgb[at++] = level + 14;
    }
  }
  for (let streak = (width * height) / 2500; streak > 0; streak--) {
    const [left, top, length] = [random.below(width - 12), random.below(height - 42), 20 + random.below(20)];
    for (let y = 0; y < length; y++) {
      const from = ((top + y) * width + left + Math.floor(y / 5)) * 3;
      for (let i = from; i < from + 6; i++) rgb[i] = Math.min(255, rgb[i]! + 60);
    }
  }
  return rgb;
}

/** TIFF 6.0, little-endian: IFD0 with maker, orientation and an Exif directory, then IFD1 with the thumbnail at the end. */
function exifBlock(width: number, height: number, thumbnail: Buffer): Exif {
  const SHORT = 3;
  const LONG = 4;
  const ASCII = 2;
  const maker = Buffer.from('Petrichor test camera\0');
  const [main, detail] = [8, 8 + 2 + 3 * 12 + 4];
  const makerAt = detail + 2 + 3 * 12 + 4;
  const second = makerAt + maker.length;
  const thumbnailAt = second + 2 + 3 * 12 + 4;
  const bytes = Buffer.alloc(thumbnailAt + thumbnail.length);
  const directory = (
    at: number,
    entries: readonly (readonly [tag: number, type: number, count: number, value: number])[],
    next: number,
  ): void => {
    bytes.writeUInt16LE(entries.length, at);
    entries.forEach(([tag, type, count, value], i) => {
      const entry = at + 2 + i * 12;
      bytes.writeUInt16LE(tag, entry);
      bytes.writeUInt16LE(type, entry + 2);
      bytes.writeUInt32LE(count, entry + 4);
      bytes.writeUInt32LE(value, entry + 8);
    });
    bytes.writeUInt32LE(next, at + 2 + entries.length * 12);
  };
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(main, 4);
  directory(
    main,
    [
      [0x010f, ASCII, maker.length, makerAt],
      [0x0112, SHORT, 1, 6],
      [0x8769, LONG, 1, detail],
    ],
    second,
  );
  directory(
    detail,
    [
      [0x829a, SHORT, 1, 125],
      [0xa002, LONG, 1, width],
      [0xa003, LONG, 1, height],
    ],
    0,
  );
  maker.copy(bytes, makerAt);
  directory(
    second,
    [
      [0x0103, SHORT, 1, 6],
      [0x0201, LONG, 1, thumbnailAt],
      [0x0202, LONG, 1, thumbnail.length],
    ],
    0,
  );
  thumbnail.copy(bytes, thumbnailAt);
  const four = (at: number): number[] => [at, at + 1, at + 2, at + 3];
  const value = (at: number, index: number): number[] => four(at + 2 + index * 12 + 8);
  const mayChange = new Set([...value(main, 1), ...value(detail, 1), ...value(detail, 2), ...four(main + 2 + 3 * 12)]);
  return { bytes, thumbnail: thumbnail.length, mayChange };
}

function segment(marker: number, prefix: string, payload: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(prefix, 'latin1'), payload]);
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}
