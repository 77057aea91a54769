/**
 * Reads published weight files and compares them with the same weights in plain form:
 * `npm run foreign -- DIR`, where DIR/original holds the files and DIR/*.safetensors the plain ones. One line per file; the
 * plain file is the one all of whose arrays are in the other under the same names, in the same shapes, and differ least.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ForeignFile } from '../src/core/weights/foreign/foreignFile.ts';
import { ForeignFileError } from '../src/core/weights/foreign/foreignFile.ts';
import { readForeign } from '../src/core/weights/foreign/readForeign.ts';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Which folder? npm run foreign -- DIR');
  process.exit(2);
}
const plain = readdirSync(folder)
  .filter((name) => name.endsWith('.safetensors'))
  .map((name) => ({ name, file: readForeign([bytesOf(join(folder, name))]) }));
const originals = join(folder, 'original');
const stems = new Map<string, string[]>();
for (const name of readdirSync(originals).sort()) {
  const stem = name.replace(/\.(index|data-\d+-of-\d+)$/, '');
  stems.set(stem, [...(stems.get(stem) ?? []), name]);
}
let failures = 0;
for (const [stem, names] of stems) {
  const started = performance.now();
  try {
    const file = readForeign(names.map((name) => bytesOf(join(originals, name))));
    const milliseconds = Math.round(performance.now() - started);
    const { format, arrays, skipped } = file;
    const numbers = [...arrays.values()].reduce((sum, { data }) => sum + data.length, 0);
    const counts = `${format.padEnd(22)}${String(arrays.size).padStart(4)} arrays${String(numbers).padStart(9)} numbers${String(skipped.length).padStart(5)} left out${String(milliseconds).padStart(6)} ms`;
    console.log(`${stem.padEnd(37)}${counts}  ${comparison(file)}`);
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
    failures++;
    console.log(`${stem.padEnd(37)}${error.message}`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;

function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}

function comparison(file: ForeignFile): string {
  const found = plain
    .map(({ name, file: other }) => ({ name, difference: largestDifference(other, file), size: other.arrays.size }))
    .filter((candidate): candidate is typeof candidate & { difference: number } => candidate.difference !== null)
    .sort((a, b) => a.difference - b.difference)[0];
  if (!found) return 'no plain file of these names and shapes';
  if (found.difference !== 0) return `no plain file of these weights (${found.name} differs by ${found.difference})`;
  const more = file.arrays.size - found.size;
  return `equal to ${found.name}${more > 0 ? `, and ${more} more` : ''}`;
}

/** Between two files' equally named arrays; null where one that `of` has is missing or of another shape. */
function largestDifference(of: ForeignFile, file: ForeignFile): number | null {
  let largest = 0;
  for (const [name, { shape, data }] of of.arrays) {
    const other = file.arrays.get(name);
    if (other?.shape.join() !== shape.join()) return null;
    data.forEach((value, i) => (largest = Math.max(largest, Math.abs(value - other.data[i]!))));
  }
  return largest;
}
