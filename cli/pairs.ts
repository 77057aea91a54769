import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { roleOf } from '../src/browser/library/layout.ts';
import { listPhotos } from './photos.ts';
import type { PhotoFile } from './photos.ts';

/** A rainy photo and its clean original on the disk. */
export interface PairFiles {
  readonly stem: string;
  readonly rainy: string;
  readonly clean: string;
  /** Label 0…17 where the folder gives one, else null. */
  readonly direction: number | null;
}

/**
 * The pairs of a folder, ordered by stem. Recognized are folders that the page knows too (`rainy/`, `input/`, `LQ/` …
 * beside `clean/`, `GT/`, `ground_truth/` …, in any case) with the same stems, and `rain-N` beside `norain-N`, in those folders or in one.
 * `direction/direction.txt` gives the angle of each rainy image in that order, a line each, in degrees.
 * Throws Error when the folder holds no pair.
 */
export async function listPairs(folder: string): Promise<PairFiles[]> {
  const names = existsSync(folder) ? (await readdir(folder)).sort() : [];
  const half = (role: 'rainy' | 'clean'): string => {
    const found = names.find((name) => roleOf(name) === role && statSync(join(folder, name)).isDirectory());
    return found === undefined ? folder : join(folder, found);
  };
  const [rainyFolder, cleanFolder] = [half('rainy'), half('clean')];
  const separate = rainyFolder !== cleanFolder;
  const cleanByStem = new Map(
    (await listPhotos(cleanFolder)).map(({ stem, path }) => [bare(stem, 'norain', separate), path]),
  );
  const rainy = (await listPhotos(rainyFolder)).filter(({ stem }) => bare(stem, 'rain', separate) !== null);
  const directions = await readDirections(join(folder, 'direction', 'direction.txt'), rainy);
  const pairs = rainy.flatMap(({ stem, path }, i): PairFiles[] => {
    const name = bare(stem, 'rain', separate)!;
    const clean = cleanByStem.get(name);
    return clean && clean !== path ? [{ stem: name, rainy: path, clean, direction: directions?.[i] ?? null }] : [];
  });
  if (pairs.length === 0) {
    throw new Error(
      `${folder} holds no pairs: put rainy photos into ${folder}/rainy and their clean originals, with the same names, into ${folder}/clean.`,
    );
  }
  return pairs;
}

/** The stem without its role ('norain-7' → '7'). Where both halves share a folder, only names with the role count. */
function bare(stem: string, role: string, separate: boolean): string | null {
  const named = new RegExp(`^${role}[-_ ]?(?=\\d)(.+)$`, 'i').exec(stem);
  return named ? named[1]! : separate ? stem : null;
}

async function readDirections(file: string, rainy: readonly PhotoFile[]): Promise<(number | null)[] | null> {
  if (!existsSync(file)) return null;
  const degrees = (await readFile(file, 'utf8'))
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  if (degrees.length !== rainy.length || !degrees.every(Number.isFinite)) {
    throw new Error(
      `${file} must hold one angle in degrees for each of the ${rainy.length} rainy images; it holds ${degrees.length} entries.`,
    );
  }
  return degrees.map((angle) => ((Math.round(angle / 10) % 18) + 18) % 18);
}
