import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, openAsBlob, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readDirectory } from '../../src/browser/library/zipDirectory.ts';
import { ZipWriter } from '../../src/browser/zipWriter.ts';
import type { TrustRow } from './row.ts';

const GIB = 2 ** 30;
const PIECE_BYTES = 2 ** 24;
/** What the process may grow by, bytes. */
const MAX_BYTES = 512e6;
/** What 16 bits count, and some more. */
const FILES = 66_000;

/**
 * Zips as the page saves its results, of more than `gibibytes` and of more than 65,535 files, written to the disk piece by piece and
 * tested by Info-ZIP's `unzip -t` and by the page's own reader. Needs that program, and room for the archive.
 */
export async function checkZip64(gibibytes: number): Promise<TrustRow[]> {
  if (spawnSync('unzip', ['-v']).error) throw new Error('This needs unzip (Debian: unzip).');
  const piece = new Blob([Uint8Array.from({ length: PIECE_BYTES }, (_, i) => (i * 31) ^ (i >> 9))]);
  const large = new Blob(Array.from({ length: GIB / PIECE_BYTES }, () => piece));
  const names = Array.from({ length: gibibytes }, (_, i) => `large-${i + 1}.png`);
  const small = Array.from({ length: FILES }, (_, i) => `small-${i + 1}.png`);
  return [
    await rowOf(`${gibibytes} files of 1 GiB`, [...names, 'last.png'], (name) => (name === 'last.png' ? piece : large)),
    await rowOf('one file of 5 GiB', ['large.png', 'last.png'], (name) =>
      name === 'last.png' ? piece : new Blob(Array.from({ length: 5 }, () => large)),
    ),
    await rowOf(`${FILES.toLocaleString('en')} files`, small, () => new Blob(['x'])),
  ];
}

async function rowOf(tried: string, names: readonly string[], fileOf: (name: string) => Blob): Promise<TrustRow> {
  const home = mkdtempSync(join(tmpdir(), 'petrichor-zip-'));
  const path = join(home, 'derained.zip');
  const faults: string[] = [];
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 100);
  try {
    const zip = new ZipWriter();
    for (const name of names) await zip.add(name, fileOf(name));
    const archive = zip.finish();
    await pipeline(Readable.fromWeb(archive.stream() as never), createWriteStream(path));
    const grown = most - before;
    if (grown > MAX_BYTES) faults.push(`took ${Math.round(grown / 1e6)} MB`);
    const { status, stdout, stderr } = spawnSync('unzip', ['-tqq', path], { encoding: 'utf8' });
    if (status !== 0) faults.push(`unzip: status ${status}, ${(stderr || stdout).trim().split('\n')[0]}`);
    if (names.length < FILES) {
      const found = (await readDirectory(await openAsBlob(path))).map(({ path: name }) => name);
      if (found.join() !== names.join()) faults.push(`the page reads ${found.length} of ${names.length} files`);
    }
    const outcome = `${(archive.size / GIB).toFixed(2)} GiB, tested by unzip; at most ${Math.round(grown / 1e6)} MB held`;
    return { check: 'zip of results', tried, outcome, faults };
  } finally {
    clearInterval(watch);
    rmSync(home, { recursive: true });
  }
}
