import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A file as Playwright and the page hand it on. */
export interface TestFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A smooth little scene; `hue` tells one from another. */
export async function photo(name: string, hue: number, { width = 96, height = 72 } = {}): Promise<TestFile> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="hsl(${hue} 50% 70%)"/><stop offset="1" stop-color="hsl(${hue} 40% 25%)"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)"/><circle cx="${width * 0.7}" cy="${height * 0.4}" r="${height * 0.2}" fill="hsl(${hue + 40} 60% 60%)"/></svg>`;
  return encoded(name, sharp(Buffer.from(svg)));
}

/** A photo of a camera held on its side: rows stored as `photo` has them, to be shown rotated by a quarter. */
export async function rotatedPhoto(name: string, hue: number): Promise<TestFile> {
  return encoded(name, sharp((await photo('upright.png', hue)).buffer).withMetadata({ orientation: 6 }));
}

/** The same scene under streaks at `angle` degrees, 0 to the right, growing counter-clockwise. */
export async function rainyPhoto(
  name: string,
  hue: number,
  angle: number,
  { width = 96, height = 72 } = {},
): Promise<TestFile> {
  const clean = (await photo('clean.png', hue, { width, height })).buffer;
  const [right, up] = [Math.cos((angle * Math.PI) / 180) * 9, Math.sin((angle * Math.PI) / 180) * 9];
  const lines = Array.from({ length: 60 }, (_, i) => {
    const [x, y] = [(i * 37) % width, (i * 53) % height];
    return `<line x1="${x}" y1="${y}" x2="${x + right}" y2="${y - up}"/>`;
  });
  const rain = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" stroke="#fff" stroke-opacity=".4" stroke-width="1.4">${lines.join('')}</svg>`;
  return encoded(name, sharp(clean).composite([{ input: Buffer.from(rain), blend: 'screen' }]));
}

/** A file that only claims to be an image, or never did. */
export function plainFile(name: string, content: string | Buffer, mimeType = 'application/octet-stream'): TestFile {
  return { name, mimeType, buffer: Buffer.from(content) };
}

/** A valid PNG of width × height black pixels, one bit each: a few kilobytes on disk, a great deal once decoded. */
export function blackPng(name: string, width: number, height: number): TestFile {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height);
  const buffer = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { name, mimeType: 'image/png', buffer };
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  const check = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** PNG's check sum, ISO 3309. */
function crc32(bytes: Buffer): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  }
  return ~remainder >>> 0;
}

async function encoded(name: string, image: Sharp): Promise<TestFile> {
  const isJpeg = /\.jpe?g$/.test(name);
  return {
    name,
    mimeType: isJpeg ? 'image/jpeg' : 'image/png',
    buffer: await (isJpeg ? image.jpeg() : image.png()).toBuffer(),
  };
}
