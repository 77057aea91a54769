import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { TrainPage } from '../../e2e/support/trainPage.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { ROOT } from '../../scripts/prepare.mjs';
import { useBuiltApp } from '../builtApp.ts';
import { countsOf } from './row.ts';
import type { TrustRow } from './row.ts';

/** As src/fixtures/v1/databases.json holds a database: stores by name, their entries as [key, value]. */
interface Dump {
  readonly name: string;
  readonly version: number;
  readonly stores: Readonly<Record<string, readonly (readonly [string, unknown])[]>>;
}

/** The steps of the checkpoints that the dump holds; the newer is the end of its run. */
const STORED_STEPS = [3, 6];
const JUNK: readonly unknown[] = [null, 0, -1, '', 'text', true, [], [[]], {}, { id: 5 }, { step: 'x', config: null }];
const VIEWS = ['Derain', 'Train', 'Lab', 'Compare', 'Library'] as const;
/** How long a busy machine may take over a view, milliseconds. */
const PATIENCE_MS = 180_000;

/** What another version, or nobody knows what, left in the databases. */
const kinds: Readonly<Record<string, (dump: Dump, random: Random) => Dump>> = {
  old: (dump) => dump,
  newer: ({ name, stores }) => ({
    name,
    version: 9,
    stores: {
      ...Object.fromEntries(Object.entries(stores).map(([store, entries]) => [store, entries.map(withMore)])),
      later: [['key', { unknown: true }]],
    },
  }),
  'of other stores': ({ name }) => ({ name, version: 9, stores: { later: [] } }),
  junk: ({ name, version, stores }, random) => ({
    name,
    version,
    stores: Object.fromEntries(
      Object.entries(stores).map(([store, entries]) => [
        store,
        [
          ...entries.map(([key, value]) => [key, random.uniform() < 0.5 ? value : junk(random)] as const),
          ['junk', junk(random)],
        ],
      ]),
    ),
  }),
};

/**
 * Opens every view of the page over databases of the first version, of a later one, of one that has other stores, and of values of no sense,
 * `count` in turn: no view fails, and Train offers no checkpoint that is not there.
 */
export async function checkDatabases(count: number, seed: number): Promise<TrustRow[]> {
  const random = randomFromSeed(seed);
  const path = join(ROOT, 'src', 'fixtures', 'v1', 'databases.json');
  const { databases } = JSON.parse(readFileSync(path, 'utf8')) as { readonly databases: readonly Dump[] };
  return useBuiltApp(async (page) => {
    const faults: string[] = [];
    const names = Array.from({ length: count }, (_, i) => Object.keys(kinds)[i % Object.keys(kinds).length]!);
    await page.goto('/');
    for (const [i, name] of names.entries()) {
      const filled = databases.map((dump) => kinds[name]!(dump, random));
      const found = await problemsOver(page.context().browser()!, new URL(page.url()).origin, filled, name);
      faults.push(...found.map((problem) => `${i} (${name}): ${problem}`));
    }
    const outcome = 'every view opened; no checkpoint was offered that is not there';
    return [{ check: 'databases', tried: countsOf(names), outcome, faults }];
  });
}

function withMore([key, value]: readonly [string, unknown]): readonly [string, unknown] {
  const isPlain = typeof value === 'object' && value !== null && !('$blob' in value) && !('$buffer' in value);
  return [key, isPlain ? { ...value, later: { version: 9 } } : value];
}

function junk(random: Random): unknown {
  return JUNK[random.below(JUNK.length)];
}

async function problemsOver(
  browser: Browser,
  baseURL: string,
  dumps: readonly Dump[],
  kind: string,
): Promise<string[]> {
  const context = await browser.newContext({ baseURL });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    const page = await context.newPage();
    await page.goto('/THIRD-PARTY.txt');
    await page.evaluate('globalThis.__name = (named) => named'); // what the loader of this tool wraps functions in
    await page.evaluate(fill, dumps);
    const problems: string[] = [];
    page.on('pageerror', ({ message }) => problems.push(`an error nobody caught: ${message}`));
    const broken = page.getByText('could not be shown');
    for (const view of VIEWS) {
      await page.goto(`/#/${view.toLowerCase()}`);
      const shown = page.getByRole('main').getByRole('heading', { level: 1 });
      await shown.or(broken).first().waitFor({ state: 'attached' });
      if (view === 'Train') problems.push(...(await problemsOfOffer(page, kind)));
      await page.waitForTimeout(500);
      if ((await broken.count()) > 0) problems.push(`${view} could not be shown`);
    }
    return problems;
  } finally {
    await context.close();
  }
}

/** What Train offers to continue from must be there; it may offer nothing. */
async function problemsOfOffer(page: Page, kind: string): Promise<string[]> {
  const train = new TrainPage(page);
  await train.goOn
    .or(train.start)
    .or(page.getByText(/Training needs images/))
    .first()
    .waitFor();
  const label = (await train.goOn.count()) > 0 ? await train.goOn.innerText() : null;
  if (label === null) return [];
  const there = kind === 'of other stores' ? [] : STORED_STEPS;
  return there.includes(Number(label.replace(/\D/g, ''))) ? [] : [`Train offers “${label}”`];
}

/** In the page: makes the databases as they are described. Blobs, files and buffers stand in a dump as base64. */
async function fill(dumps: readonly Dump[]): Promise<void> {
  const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const revived = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(revived);
    if (typeof value !== 'object' || value === null) return value;
    const { $buffer, $blob, $base64, $name } = value as Readonly<Record<string, string | undefined>>;
    if ($buffer !== undefined) return bytesOf($buffer).buffer;
    if ($blob === undefined)
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, revived(part)]));
    const parts = [bytesOf($base64!)];
    return $name === undefined ? new Blob(parts, { type: $blob }) : new File(parts, $name, { type: $blob });
  };
  for (const { name, version, stores } of dumps) {
    const opening = indexedDB.open(name, version);
    opening.onupgradeneeded = () => Object.keys(stores).forEach((store) => opening.result.createObjectStore(store));
    await new Promise((resolve, reject) => {
      opening.onsuccess = resolve;
      opening.onerror = () => reject(opening.error);
    });
    const writing = opening.result.transaction(Object.keys(stores), 'readwrite');
    for (const [store, entries] of Object.entries(stores))
      for (const [key, value] of entries) writing.objectStore(store).put(revived(value), key);
    await new Promise((resolve, reject) => {
      writing.oncomplete = resolve;
      writing.onabort = () => reject(writing.error);
    });
    opening.result.close();
  }
}
