import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodePhoto } from '../../cli/decodePhoto.ts';
import { encodeResult, sameFormat } from '../../cli/resultFile.ts';
import { ImageFileError } from '../../src/browser/imageFileError.ts';
import { ROOT } from '../../scripts/prepare.mjs';
import type { TrustRow } from './row.ts';

const FIXTURES = join(ROOT, 'src', 'fixtures', 'photos');
/** What a result must say as its original does, where that says it. */
const KEPT =
  'Make Model Artist Copyright DateTimeOriginal CreateDate GPSPosition By-line Caption-Abstract Keywords'.split(' ');
/** What no result may claim: bytes that lay beside the image. */
const CLAIMS = /^(MotionPhoto|MicroVideo|DirectoryItem|HDRGainMap|EmbeddedVideo|MPImage)/;

interface Told {
  readonly [tag: string]: unknown;
}

/**
 * Files that people have, through the command line and the metadata code that it shares with the page, each result compared with its
 * original by exiftool: what it keeps, what it claims, its orientation and sides, and what exiftool warns of. A row a file.
 */
export async function checkCases(): Promise<TrustRow[]> {
  if (spawnSync('exiftool', ['-ver']).status !== 0)
    throw new Error('This needs exiftool (Debian: libimage-exiftool-perl).');
  const names = readdirSync(FIXTURES).filter((name) => /\.(jpg|png|webp)$/.test(name));
  const home = mkdtempSync(join(tmpdir(), 'petrichor-cases-'));
  try {
    const rows: TrustRow[] = [];
    for (const name of names) {
      const given = readFileSync(join(FIXTURES, name));
      rows.push(rowOf(home, name, given, await commandLineResult(given)));
    }
    return rows;
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** Null for a file that is refused. */
async function commandLineResult(given: Buffer): Promise<Uint8Array | null> {
  try {
    const photo = await decodePhoto(given, { colors: 'file' });
    const choice = { format: sameFormat(photo.type), quality: 95, metadata: 'keep' } as const;
    return (await encodeResult(photo.pixels, photo, choice)).bytes;
  } catch (error) {
    if (error instanceof ImageFileError) return null;
    throw error;
  }
}

function rowOf(home: string, name: string, given: Buffer, result: Uint8Array | null): TrustRow {
  const row = { check: `cases: ${name}`, tried: 'command line' };
  if (result === null) return { ...row, outcome: 'refused', faults: [] };
  const before = toldOf(home, name, given);
  const after = toldOf(home, name, result);
  const faults: string[] = [];
  const kept = KEPT.filter((tag) => before[tag] !== undefined);
  for (const tag of [...kept, 'ProfileDescription'])
    if (JSON.stringify(after[tag]) !== JSON.stringify(before[tag])) faults.push(`${tag} is ${String(after[tag])}`);
  for (const tag of Object.keys(after)) if (CLAIMS.test(tag)) faults.push(`claims ${tag}`);
  if ((after['Orientation'] ?? 1) !== 1) faults.push(`orientation ${String(after['Orientation'])}`);
  if (after['Warning'] !== undefined) faults.push(String(after['Warning']));
  for (const side of ['Width', 'Height'])
    if (after[`ExifImage${side}`] !== undefined && after[`ExifImage${side}`] !== after[`Image${side}`])
      faults.push(`its EXIF tells another ${side.toLowerCase()}`);
  const sides = `${String(after['ImageWidth'])} × ${String(after['ImageHeight'])}`;
  return { ...row, outcome: `${sides}, ${kept.length} tags kept`, faults };
}

/** What exiftool reads, numbers as numbers; without its own words on the file. */
function toldOf(home: string, name: string, bytes: Uint8Array): Told {
  const path = join(home, name);
  writeFileSync(path, bytes);
  const { stdout } = spawnSync('exiftool', ['-j', '-n', '-c', '%.6f', path], { encoding: 'utf8' });
  return (JSON.parse(stdout) as Told[])[0]!;
}
