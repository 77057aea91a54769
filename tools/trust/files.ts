import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { zlibSync } from 'fflate';
import { decodePhoto } from '../../cli/decodePhoto.ts';
import { encodeResult, resultFormats } from '../../cli/resultFile.ts';
import { ImageFileError } from '../../src/browser/imageFileError.ts';
import { readImageHeader } from '../../src/browser/imageHeader.ts';
import { pngChunk } from '../../src/browser/metadata/pngChunks.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { mutant } from '../../src/core/weights/foreign/mutants.ts';
import { countsOf } from './row.ts';
import type { TrustRow } from './row.ts';

/** Of processor time, however busy the machine is. */
const MAX_MS = 2_000;
/** What a file may make the process grow by, bytes: the decoder's own warm-up included. */
const MAX_BYTES = 256e6;

/**
 * Damaged images, `count` of each format, and bombs made by hand, through the header and metadata code of the page and through the
 * command line's decoder: each is refused by name or gives an image no larger than its header says, whose results every strict decoder
 * reads; none takes two seconds or more than 256 MB.
 */
export async function checkFiles(count: number, seed: number): Promise<TrustRow[]> {
  const rows: TrustRow[] = [];
  for (const [i, [format, bytes]] of [...(await images())].entries()) {
    const random = randomFromSeed(seed + i);
    const files = Array.from({ length: count }, () => mutant(new Uint8Array(bytes), (limit) => random.below(limit)));
    rows.push(await rowOf(`files: ${format}`, `${count.toLocaleString('en')} damaged`, files));
  }
  const made = await bombs();
  rows.push(await rowOf('files: bombs', `${[...made.keys()].join(', ')}`, [...made.values()]));
  return rows;
}

async function rowOf(check: string, tried: string, files: readonly Uint8Array[]): Promise<TrustRow> {
  const outcomes: string[] = [];
  const faults: string[] = [];
  let slowest = 0;
  let most = 0;
  for (const [i, file] of files.entries()) {
    const before = process.memoryUsage.rss();
    const started = process.cpuUsage();
    const { outcome, fault } = await outcomeOf(file, i % 16 === 0);
    outcomes.push(outcome);
    if (fault) faults.push(`file ${i}: ${fault}`);
    const { user, system } = process.cpuUsage(started);
    slowest = Math.max(slowest, (user + system) / 1000);
    most = Math.max(most, process.memoryUsage.rss() - before);
  }
  if (slowest > MAX_MS) faults.push(`the slowest took ${Math.round(slowest)} ms`);
  if (most > MAX_BYTES) faults.push(`one took ${Math.round(most / 1e6)} MB`);
  const figures = `slowest ${Math.round(slowest)} ms, at most ${Math.max(0, Math.round(most / 1e6))} MB`;
  return { check, tried, outcome: `${countsOf(outcomes)}; ${figures}`, faults };
}

async function outcomeOf(file: Uint8Array, isWritten: boolean): Promise<{ outcome: string; fault: string | null }> {
  try {
    const header = readImageHeader(file);
    const photo = await decodePhoto(file, { colors: 'file' }).catch(() => null);
    if (!photo) return { outcome: 'refused by the decoder', fault: null };
    const { width, height } = photo.pixels;
    if (width * height > header.width * header.height)
      return { outcome: 'larger', fault: 'larger than its header says' };
    if (isWritten) {
      for (const format of resultFormats) {
        const { bytes } = await encodeResult(photo.pixels, photo, { format, quality: 80, metadata: 'keep' });
        await sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
      }
    }
    return { outcome: 'read', fault: null };
  } catch (error) {
    const fault = error instanceof ImageFileError ? null : `ended in ${String(error)}`;
    return { outcome: 'refused', fault };
  }
}

/** A small image with metadata in each format. */
async function images(): Promise<Map<string, Buffer>> {
  const image = sharp(
    Buffer.from(Array.from({ length: 96 * 64 * 3 }, (_, i) => (128 + 60 * Math.sin(i / 17) + ((i * 13) % 40)) & 255)),
    { raw: { width: 96, height: 64, channels: 3 } },
  )
    .withIccProfile('p3')
    .withExif({ IFD0: { Artist: 'A. Person', ImageDescription: 'Rain' } });
  return new Map([
    ['JPEG', await image.clone().jpeg().toBuffer()],
    ['progressive JPEG', await image.clone().jpeg({ progressive: true }).toBuffer()],
    ['PNG', await image.clone().png().toBuffer()],
    ['PNG of 16 bits', await image.clone().toColourspace('rgb16').png().toBuffer()],
    ['WebP', await image.clone().webp().toBuffer()],
    ['AVIF', await image.clone().avif({ effort: 0 }).toBuffer()],
    ['HEIC of a phone', await fixture('phone.heic')],
    ['HEIC of tiles', await fixture('grid.heic')],
  ]);
}

/** sharp writes no HEIC. */
function fixture(name: string): Promise<Buffer> {
  return readFile(join(import.meta.dirname, '..', '..', 'src', 'fixtures', 'photos', name));
}

async function bombs(): Promise<Map<string, Uint8Array>> {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const behindHeader = (...chunks: Uint8Array[]): Buffer =>
    Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
  const vast = zlibSync(new Uint8Array(17 * 2 ** 20));
  const profile = pngChunk('iCCP', [Buffer.from('p\0\0'), vast]);
  const text = pngChunk('iTXt', [Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0'), vast]);
  const notes = pngChunk('zTXt', [Buffer.from('Comment\0\0'), vast]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(16_000, 0);
  header.writeUInt32BE(16_000, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const avif = await sharp({ create: { width: 3000, height: 2000, channels: 3, background: 'red' } })
    .avif({ effort: 0 })
    .toBuffer();
  const lie = Buffer.from(avif);
  lie.writeUInt32BE(64, lie.indexOf('ispe') + 8);
  lie.writeUInt32BE(64, lie.indexOf('ispe') + 12);
  const grid = Buffer.from(await fixture('grid.heic'));
  const sides = grid.indexOf(Buffer.from([0, 0, 1, 1, 0, 96, 0, 80])) + 4;
  grid.fill(0xff, sides, sides + 4);
  return new Map<string, Uint8Array>([
    ['256 megapixels', Buffer.concat([png.subarray(0, 8), pngChunk('IHDR', [header]), png.subarray(33)])],
    ['300 profiles of 17 MB', behindHeader(...Array.from({ length: 300 }, () => profile))],
    ['300 packets of XMP', behindHeader(...Array.from({ length: 300 }, () => text))],
    ['300 texts', behindHeader(...Array.from({ length: 300 }, () => notes))],
    ['AVIF of a false size', lie],
    ['HEIC whose grid claims 65,535 × 65,535', grid],
  ]);
}
