import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { zipNameProblems } from '../../e2e/support/zipNames.ts';
import { readDirectory } from '../../src/browser/library/zipDirectory.ts';
import { ZipWriter } from '../../src/browser/zipWriter.ts';
import type { TrustRow } from './row.ts';

const GIB = 2 ** 30;
const PIECE_BYTES = 2 ** 24;
/** What the process may grow by, bytes. */
const MAX_BYTES = 512e6;
/** What 16 bits count, and some more. */
const FILES = 66_000;

/** A file made of pieces behind one another, longer than the 4 GiB of a Blob in Node. */
interface Pieces {
  readonly pieces: readonly Uint8Array[];
  readonly size: number;
  readonly stream: () => ReadableStream<Uint8Array>;
}

/** An entry as Python's zipfile reads it; its content agrees with the checksum. */
interface PythonEntry {
  readonly name: string;
  readonly size: number;
  readonly crc: number;
  readonly isMarked: boolean;
}

/**
 * Zips as the page saves its results: with a file of `gibibytes` and a little, 4 or more, so that sizes and places need 64 bits, and
 * with more than 65,535 files. Python's zipfile reads all to the last byte and must find the names, sizes and checksums (by zlib) of
 * what was put in; Info-ZIP's `unzip` agrees where they look. Needs these programs; zeros take no room on most disks.
 */
export async function checkZip64(gibibytes: number): Promise<TrustRow[]> {
  for (const program of ['unzip', 'python3'])
    if (spawnSync(program, ['-h']).error) throw new Error(`This needs ${program} (Debian: unzip, python3).`);
  const noise = Uint8Array.from({ length: PIECE_BYTES }, (_, i) => (i * 31) ^ (i >> 9));
  const between = Array.from({ length: (gibibytes * GIB) / PIECE_BYTES }, () => ZEROS);
  const files = new Map([
    ['first.png', fileOf([noise])],
    ['霧 naïve-derained.png', fileOf([noise, ...between, noise])],
    ['last.png', fileOf([noise])],
  ]);
  const small = fileOf([Buffer.from('rain')]);
  const many = new Map(Array.from({ length: FILES }, (_, i) => [`photo (${i + 1})-derained.png`, small]));
  return [
    await rowOf(`a file of ${gibibytes} GiB and 32 MiB, one before it and one behind`, files),
    await rowOf(`${FILES.toLocaleString('en')} files`, many),
  ];
}

/** What is not written but left out of a sparse file. */
const ZEROS = new Uint8Array(PIECE_BYTES);

function fileOf(pieces: readonly Uint8Array[]): Pieces {
  const stream = (): ReadableStream<Uint8Array> => {
    let next = 0;
    return new ReadableStream({
      pull: (controller) => (next < pieces.length ? controller.enqueue(pieces[next++]!) : controller.close()),
    });
  };
  return { pieces, size: pieces.reduce((sum, { length }) => sum + length, 0), stream };
}

function crcOf({ pieces }: Pieces): number {
  return pieces.reduce((crc, piece) => crc32(piece, crc), 0);
}

async function rowOf(tried: string, files: ReadonlyMap<string, Pieces>): Promise<TrustRow> {
  const home = mkdtempSync(join(tmpdir(), 'petrichor-zip-'));
  const path = join(home, 'derained.zip');
  const faults: string[] = [];
  try {
    const { bytes, grown } = await writeZip(path, files);
    if (grown > MAX_BYTES) faults.push(`took ${Math.round(grown / 1e6)} MB`);
    faults.push(...differences(readByPython(path), files), ...infoZipProblems(path, [...files.keys()]));
    if (files.size < FILES) {
      const found = (await readDirectory(partsOf(path))).map(({ path: name, size }) => `${name} ${size}`);
      const expected = [...files].map(([name, { size }]) => `${name} ${size}`);
      if (found.join() !== expected.join()) faults.push(`the page reads ${found.join(', ')}`);
    }
    const outcome = `${(bytes / GIB).toFixed(2)} GiB; names, sizes and CRCs as they should be by Python and Info-ZIP; at most ${Math.round(grown / 1e6)} MB held`;
    return { check: 'zip of results', tried, outcome, faults };
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** Writes the zip of the files; its bytes, and those that the process grew by. */
async function writeZip(path: string, files: ReadonlyMap<string, Pieces>): Promise<{ bytes: number; grown: number }> {
  const before = process.memoryUsage.rss();
  const zip = new ZipWriter<Pieces>();
  for (const [name, file] of files) await zip.add(name, file);
  const disk = openSync(path, 'w');
  let at = 0;
  for (const part of zip.finish())
    for (const piece of part instanceof Uint8Array ? [part] : part.pieces) {
      if (piece !== ZEROS) writeSync(disk, piece, 0, piece.length, at);
      at += piece.length;
    }
  closeSync(disk);
  return { bytes: at, grown: process.memoryUsage.rss() - before };
}

/** A file on the disk by its parts: a Blob of Node's `openAsBlob` is wrong beyond 4 GiB. */
function partsOf(path: string): Parameters<typeof readDirectory>[0] {
  return {
    size: statSync(path).size,
    slice(from = 0, to = 0) {
      const bytes = new Uint8Array(to - from);
      const disk = openSync(path, 'r');
      readSync(disk, bytes, 0, bytes.length, from);
      closeSync(disk);
      return new Blob([bytes]);
    },
  };
}

/** What Info-ZIP says of the table of contents, and of the first and the last file. */
function infoZipProblems(path: string, names: readonly string[]): string[] {
  const listed = spawnSync('unzip', ['-Z', '-1', path], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const problems = listed.status === 0 ? [] : [`unzip -Z: status ${listed.status}, ${listed.stderr}`];
  const count = listed.stdout.trim().split('\n').length;
  if (count !== names.length) problems.push(`unzip -Z: ${count} of ${names.length} files`);
  for (const name of [names[0]!, names.at(-1)!]) {
    const { status, stdout, stderr } = spawnSync('unzip', ['-tqq', path, name], { encoding: 'utf8' });
    if (status !== 0) problems.push(`unzip ${name}: status ${status}, ${(stderr || stdout).trim().split('\n')[0]}`);
  }
  return problems;
}

/** Lists the entries once each is read whole, which raises an error where its checksum does not fit. */
const READ_ALL = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    for entry in archive.infolist():
        size = 0
        with archive.open(entry) as content:
            while part := content.read(1 << 22): size += len(part)
        print(json.dumps({"name": entry.filename, "size": size if size == entry.file_size else -1, "crc": entry.CRC,
                          "isMarked": bool(entry.flag_bits & 0x800)}))
`;

function readByPython(path: string): PythonEntry[] {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  const { status, stdout, stderr } = spawnSync('python3', ['-c', READ_ALL, path], options);
  if (status !== 0) throw new Error(`Python cannot read the zip: ${stderr}`);
  const lines = stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as PythonEntry);
}

/** What of the entries is not as it was put in, and names that Windows or macOS refuse. */
function differences(entries: readonly PythonEntry[], files: ReadonlyMap<string, Pieces>): string[] {
  const expected = [...files].map(([name, file]) => `${name}: ${file.size} bytes, CRC ${crcOf(file)}`);
  const found = entries.map(({ name, size, crc }) => `${name}: ${size} bytes, CRC ${crc}`);
  const wrong = expected.flatMap((entry, i) => (found[i] === entry ? [] : [`Python: ${found[i]} instead of ${entry}`]));
  if (found.length !== expected.length) wrong.push(`Python: ${found.length} of ${expected.length} files`);
  const names = entries.map(({ name, isMarked }) => ({ bytes: Buffer.from(name), isMarked }));
  return [...wrong, ...zipNameProblems(names)].slice(0, 5);
}
