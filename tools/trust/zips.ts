import { strToU8, zipSync } from 'fflate';
import { ImageFileError } from '../../src/browser/imageFileError.ts';
import { openZip } from '../../src/browser/library/zip.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { mutant } from '../../src/core/weights/foreign/mutants.ts';
import { countsOf } from './row.ts';
import type { TrustRow } from './row.ts';

const MAX_MS = 2_000;

/** Damaged zips, `count` of them: each is refused by a typed error within two seconds, or gives the very bytes that were packed. */
export async function checkZips(count: number, seed: number): Promise<TrustRow[]> {
  const random = randomFromSeed(seed);
  const contents = [
    Uint8Array.from({ length: 3000 }, () => random.below(256)),
    strToU8('the same words over and over, '.repeat(400)),
  ];
  const archive = zipSync({
    'set/rainy/1.png': [contents[0]!, { level: 0 }],
    'set/clean/1.png': contents[1]!,
    'notes.txt': strToU8('Rain'),
  });
  const allowed = new Set([...contents, strToU8('Rain')].map((bytes) => Buffer.from(bytes).toString('latin1')));
  const outcomes: string[] = [];
  const faults: string[] = [];
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const file = new Blob([mutant(archive, (limit) => random.below(limit))]);
    const started = performance.now();
    try {
      outcomes.push(await readAll(file, allowed));
      if (outcomes.at(-1) === 'altered') faults.push(`zip ${i} gave other bytes than were packed`);
    } catch (error) {
      outcomes.push('refused');
      if (!(error instanceof ImageFileError)) faults.push(`zip ${i} ended in ${String(error)}`);
    }
    slowest = Math.max(slowest, performance.now() - started);
  }
  if (slowest > MAX_MS) faults.push(`the slowest took ${Math.round(slowest)} ms`);
  const outcome = `${countsOf(outcomes)}; slowest ${Math.round(slowest)} ms`;
  return [{ check: 'zips', tried: `${count.toLocaleString('en')} damaged`, outcome, faults }];
}

/** Opens everything: refused files do not keep the others from being read. */
async function readAll(file: Blob, allowed: ReadonlySet<string>): Promise<'equal' | 'equal in part' | 'altered'> {
  let refused = 0;
  for (const entry of await openZip(file, 'set.zip')) {
    try {
      const bytes = Buffer.from(await (await entry.open()).arrayBuffer());
      if (!allowed.has(bytes.toString('latin1'))) return 'altered';
    } catch (error) {
      if (!(error instanceof ImageFileError)) throw error;
      refused++;
    }
  }
  return refused > 0 ? 'equal in part' : 'equal';
}
