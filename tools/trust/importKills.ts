import type { Page } from 'playwright';
import { photo } from '../../e2e/support/libraryFiles.ts';
import { LibraryPage } from '../../e2e/support/libraryPage.ts';
import { crashed } from '../../e2e/support/trainingFaults.ts';
import type { Random } from '../../src/core/random.ts';
import type { TrustRow } from './row.ts';

/** Images of one import. */
const IMAGES = 24;
/** How long an import of so many may go on before it is killed, milliseconds. */
const LATEST_MS = 500;

/**
 * Kills the page `count` times while images are added to the Library. Afterwards it holds all that were counted before, and the same
 * images dropped again make the set whole: none is missing, none is there twice, and each can be decoded.
 */
export async function killImports(first: Page, count: number, random: Random): Promise<TrustRow> {
  const faults: string[] = [];
  let library = new LibraryPage(first);
  await library.open();
  let [total, cut] = [0, 0];
  for (let kill = 0; kill < count; kill++) {
    const files = await Promise.all(
      Array.from({ length: IMAGES }, (_, i) => photo(`${kill}-${i}.png`, i, { width: 96 + kill, height: 72 + i })),
    );
    await library.drop(files);
    await library.page.waitForTimeout(LATEST_MS * random.uniform());
    const seen = await counted(library);
    library = new LibraryPage(await crashed(library.page));
    await library.open();
    const left = await counted(library, seen);
    if (left < seen) faults.push(`kill ${kill}: ${seen} images were counted, ${left} are left`);
    total += IMAGES;
    if (left < total) cut++;
    await library.drop(files);
    await library.summary.filter({ hasText: /added|already there/ }).waitFor();
    const whole = await counted(library, total);
    if (whole !== total) faults.push(`kill ${kill}: ${whole} images are there once all ${total} were added`);
  }
  const decoded = await decodable(library.page);
  if (decoded !== total) faults.push(`${decoded} of ${total} images can be decoded`);
  const outcome = `${cut} cut short; all that was counted was there, and the rest added again: ${total} images whole`;
  return { check: 'kills: import', tried: `${count} kills`, outcome, faults };
}

/** Images of the Clean collection, as its tab says; waits a while for `expected`. */
async function counted(library: LibraryPage, expected?: number): Promise<number> {
  const tab = library.page.getByRole('radio', { name: /^Clean \d/ });
  if (expected !== undefined)
    await library
      .collection('Clean', expected)
      .waitFor({ timeout: 10_000 })
      .catch(() => undefined);
  const words = await tab.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? '');
  return Number(words.replaceAll(/\D/g, ''));
}

/** How many records the Library's database has whose image decodes. */
async function decodable(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const [keys, files, records] = (await Promise.all(
      (
        [
          ['petrichor-photos', 'files', 'getAllKeys'],
          ['petrichor-photos', 'files', 'getAll'],
          ['petrichor-catalogue', 'records', 'getAll'],
        ] as const
      ).map(
        ([database, store, what]) =>
          new Promise((resolve, reject) => {
            const opening = indexedDB.open(database);
            opening.addEventListener('error', () => reject(opening.error));
            opening.addEventListener('success', () => {
              const reading = opening.result.transaction(store).objectStore(store)[what]();
              reading.addEventListener('success', () => resolve(reading.result));
              reading.addEventListener('error', () => reject(reading.error));
            });
          }),
      ),
    )) as [string[], Blob[], { readonly id: string }[]];
    let decoded = 0;
    for (const { id } of records) {
      const file = files[keys.findIndex((key) => key.startsWith(`${id}/`))];
      const bitmap = file && (await createImageBitmap(file).catch(() => null));
      if (bitmap) decoded++;
      bitmap?.close();
    }
    return decoded;
  });
}
