import { statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { UsageError } from './command.ts';
import { typeByContent } from './photos.ts';
import type { PhotoFile } from './photos.ts';
import { resultFormats, sameFormat } from './resultFile.ts';
import type { ResultFormat } from './resultFile.ts';
import { MAX_NAME_BYTES } from './writeWhole.ts';

/** A photo, and where its result goes. */
export interface Target {
  readonly path: string;
  readonly target: string;
  readonly format: ResultFormat;
}

/** Endings that a result of the same format keeps. */
const ENDINGS: Readonly<Record<ResultFormat, readonly string[]>> = {
  jpg: ['.jpg', '.jpeg', '.jpe', '.jfif', '.jif'],
  png: ['.png'],
  webp: ['.webp'],
};

/**
 * Where results go: into the folder `out` under the photos' names, a number added where two would differ in nothing that every disk
 * tells apart; for one photo also `out` itself, where it ends as a file does. Throws UsageError when its ending and `format` contradict.
 */
export async function targetsOf(
  photos: readonly PhotoFile[],
  out: string,
  format: ResultFormat | 'same',
): Promise<readonly Target[]> {
  const single = formatOfEnding(out);
  if (photos.length === 1 && single && !statSync(out, { throwIfNoEntry: false })?.isDirectory()) {
    if (format !== 'same' && format !== single)
      throw new UsageError(`--out ends in ${extname(out)}, and --format says ${format}.`);
    return [{ path: photos[0]!.path, target: out, format: single }];
  }
  const taken = new Set<string>();
  const targets: Target[] = [];
  for (const { path } of photos) {
    const own = format === 'same' ? sameFormat((await typeByContent(path)) ?? '') : format;
    targets.push({ path, target: join(out, unused(taken, nameOf(path, own))), format: own });
  }
  return targets;
}

function formatOfEnding(path: string): ResultFormat | null {
  const ending = extname(path).toLowerCase();
  return resultFormats.find((format) => ENDINGS[format].includes(ending)) ?? null;
}

function nameOf(path: string, format: ResultFormat): string {
  const [name, ending] = [basename(path), extname(path)];
  return ENDINGS[format].includes(ending.toLowerCase()) ? name : `${basename(name, ending)}.${format}`;
}

/** Names that differ in capitals or in how accents are encoded are one name to Windows or macOS. */
function unused(taken: Set<string>, name: string): string {
  const ending = extname(name);
  for (let n = 1; ; n++) {
    const tail = (n === 1 ? '' : ` (${n})`) + ending;
    const candidate = shortened(basename(name, ending), MAX_NAME_BYTES - Buffer.byteLength(tail)) + tail;
    const key = candidate.normalize('NFC').toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return candidate;
  }
}

/** The text cut at a character so that it takes at most so many bytes. */
function shortened(text: string, most: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    kept += character;
  }
  return kept;
}
