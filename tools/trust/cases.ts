import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { decodePhoto } from '../../cli/decodePhoto.ts';
import { encodeResult, sameFormat } from '../../cli/resultFile.ts';
import { ImageFileError } from '../../src/browser/imageFileError.ts';
import { photographersFiles } from '../../e2e/support/photographersFiles.ts';
import type { GivenPhoto } from '../../e2e/support/photographersFiles.ts';
import { QueuePage } from '../../e2e/support/queuePage.ts';
import { evenStudent } from '../../e2e/support/students.ts';
import { useBuiltApp } from '../builtApp.ts';
import type { TrustRow } from './row.ts';

/** How long a busy machine may take over all photos, milliseconds. */
const PATIENCE_MS = 900_000;
/** What a result must say as its original does, where that says it. */
const KEPT =
  'Make Model Artist Copyright DateTimeOriginal CreateDate GPSPosition By-line Caption-Abstract Keywords'.split(' ');
/** What no result may claim: bytes that lay beside the image. */
const CLAIMS = /^(MotionPhoto|MicroVideo|DirectoryItem|HDRGainMap|EmbeddedVideo|MPImage)/;

interface Told {
  readonly [tag: string]: unknown;
}

/**
 * Files that people have, through the command line and through the page, each result compared with its original by exiftool: what it
 * keeps, what it claims, its orientation and sides, and what exiftool warns of.
 */
export async function checkCases(): Promise<TrustRow[]> {
  if (spawnSync('exiftool', ['-ver']).status !== 0)
    throw new Error('This needs exiftool (Debian: libimage-exiftool-perl).');
  const files = await photographersFiles();
  const fromPage = await pageResults(files);
  const home = mkdtempSync(join(tmpdir(), 'petrichor-cases-'));
  try {
    const fromCommandLine = new Map<GivenPhoto, Uint8Array>();
    for (const given of files) {
      const result = await commandLineResult(given.buffer);
      if (result) fromCommandLine.set(given, result);
    }
    return [rowOf(home, 'command line', files, fromCommandLine), rowOf(home, 'page', files, fromPage)];
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** What the page saves of each file, with a student that changes nothing; a file that it refuses has no result. */
async function pageResults(files: readonly GivenPhoto[]): Promise<ReadonlyMap<GivenPhoto, Uint8Array>> {
  const usable = files.filter(({ reason }) => !reason);
  return useBuiltApp(async (page) => {
    const queue = new QueuePage(page);
    await queue.open();
    await queue.openModelFile(evenStudent('nothing.safetensors', 0));
    await queue.choosePhotos(files);
    const done = `${usable.length} of ${files.length} done · ${files.length - usable.length} failed`;
    await queue.progress.filter({ hasText: done }).waitFor({ timeout: PATIENCE_MS });
    const results = Object.values(unzipSync((await queue.download('Download all (ZIP)')).bytes));
    return new Map(usable.map((given, i) => [given, results[i]!]));
  });
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

function rowOf(
  home: string,
  way: string,
  files: readonly GivenPhoto[],
  results: ReadonlyMap<GivenPhoto, Uint8Array>,
): TrustRow {
  const compared = files.map((given) => {
    const result = results.get(given);
    if (!result) return { tags: 0, faults: given.reason ? [] : [`${given.name} is refused`] };
    const { tags, faults } = compare(toldOf(home, given.buffer), toldOf(home, result));
    return { tags, faults: faults.map((fault) => `${given.name}: ${fault}`) };
  });
  const tags = compared.reduce((sum, one) => sum + one.tags, 0);
  return {
    check: `cases: ${way}`,
    tried: `${files.length} files, ${files.filter(({ reason }) => reason).length} of them damaged or of other kinds`,
    outcome: `${results.size} as their originals, ${tags} tags kept; ${files.length - results.size} refused`,
    faults: compared.flatMap(({ faults }) => faults),
  };
}

/** What exiftool finds amiss in a result, and how many tags it kept. */
function compare(before: Told, after: Told): { readonly tags: number; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const kept = KEPT.filter((tag) => before[tag] !== undefined);
  for (const tag of kept)
    if (JSON.stringify(after[tag]) !== JSON.stringify(before[tag])) faults.push(`${tag} is ${String(after[tag])}`);
  // A browser names the colours of an image without a profile, which are those of sRGB.
  const profiles = [before['ProfileDescription'], ...(before['ProfileDescription'] === undefined ? ['sRGB'] : [])];
  if (!profiles.includes(after['ProfileDescription'])) faults.push(`profile ${String(after['ProfileDescription'])}`);
  for (const tag of Object.keys(after)) if (CLAIMS.test(tag)) faults.push(`claims ${tag}`);
  if ((after['Orientation'] ?? 1) !== 1) faults.push(`orientation ${String(after['Orientation'])}`);
  if (after['Warning'] !== undefined) faults.push(String(after['Warning']));
  const turned = Number(before['Orientation'] ?? 1) >= 5;
  for (const [side, origin] of [
    ['Width', turned ? 'Height' : 'Width'],
    ['Height', turned ? 'Width' : 'Height'],
  ] as const) {
    if (after[`Image${side}`] !== before[`Image${origin}`])
      faults.push(`${side.toLowerCase()} ${String(after[`Image${side}`])}`);
    if (after[`ExifImage${side}`] !== undefined && after[`ExifImage${side}`] !== after[`Image${side}`])
      faults.push(`its EXIF tells another ${side.toLowerCase()}`);
  }
  return { tags: kept.length, faults };
}

/** What exiftool reads, numbers as numbers; without its own words on the file. */
function toldOf(home: string, bytes: Uint8Array): Told {
  const path = join(home, 'file');
  writeFileSync(path, bytes);
  const { stdout } = spawnSync('exiftool', ['-j', '-n', '-c', '%.6f', path], { encoding: 'utf8' });
  return (JSON.parse(stdout) as Told[])[0]!;
}
