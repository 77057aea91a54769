/**
 * The main journeys in Firefox: `npm run test:firefox -- [WORDS OF A JOURNEY]`. Prints a row of docs/results.md for each and ends with exit
 * code 1 when one fails or there is no Firefox. FIREFOX names one by hand.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SwitchableServer } from '../e2e/support/switchableServer.ts';
import { ensureBuilt, ROOT } from '../scripts/prepare.mjs';
import { Firefox } from './firefox/bidi.ts';
import { journeys } from './firefox/journeys.ts';
import type { Journey } from './firefox/journeys.ts';
import { FirefoxPage } from './firefox/page.ts';
import { tableOfRows } from './trust/row.ts';
import type { TrustRow } from './trust/row.ts';

const PROGRAMS = [
  process.env['FIREFOX'] ?? '',
  'firefox-esr',
  'firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
];

function findFirefox(): { readonly path: string; readonly version: string } | null {
  for (const path of PROGRAMS.filter((name) => name !== '')) {
    const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    if (status === 0) return { path, version: stdout.trim() };
  }
  return null;
}

/** As a person has it: downloads go to a folder without a question, and nothing is asked of the network. */
function preferencesOf(downloads: string): string {
  const values = {
    'browser.download.folderList': 2,
    'browser.download.dir': downloads,
    'browser.download.alwaysOpenPanel': false,
    'browser.shell.checkDefaultBrowser': false,
    'browser.startup.page': 0,
    'datareporting.policy.dataSubmissionEnabled': false,
    'app.update.enabled': false,
    'toolkit.telemetry.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  };
  return Object.entries(values)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}

/** One journey in a Firefox of its own: an empty profile, so that nothing of another is stored. */
async function rowOf(journey: Journey, path: string): Promise<TrustRow> {
  const home = mkdtempSync(join(tmpdir(), 'petrichor-firefox-'));
  const [profile, downloads, files] = ['profile', 'downloads', 'files'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [profile, downloads, files]) mkdirSync(folder);
  writeFileSync(join(profile, 'user.js'), preferencesOf(downloads));
  const server = await SwitchableServer.start(join(ROOT, 'dist'));
  const faults: string[] = [];
  const firefox = await Firefox.start(path, profile, (method, params) => {
    if (method === 'log.entryAdded' && params['level'] === 'error') faults.push(`console: ${String(params['text'])}`);
  });
  let outcome = '';
  let page: FirefoxPage | null = null;
  try {
    await firefox.send('session.subscribe', { events: ['log.entryAdded'] });
    page = await FirefoxPage.open(firefox);
    outcome = await journey.go({ page, server, downloads, files });
  } catch (error) {
    outcome = 'failed';
    faults.push(error instanceof Error ? error.message : String(error));
    const shown = await page?.run(() => document.body.innerText).catch(() => '');
    console.error(`${journey.name} failed; the page shows:\n${shown}\n`);
  } finally {
    await firefox.close();
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
  return { check: 'firefox', tried: journey.name, outcome, faults };
}

const firefox = findFirefox();
if (!firefox) {
  console.error(
    'There is no Firefox here: install one (Debian: apt-get install firefox-esr), or name it in FIREFOX. No journey was tried.',
  );
  process.exit(1);
}
ensureBuilt();
const words = process.argv.slice(2).join(' ');
const rows: TrustRow[] = [];
for (const journey of journeys.filter(({ name }) => name.includes(words)))
  rows.push(await rowOf(journey, firefox.path));
console.log(`${firefox.version}\n${tableOfRows(rows)}`);
const failed = rows.filter(({ faults }) => faults.length > 0).length;
console.log(`\n${rows.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || rows.length === 0 ? 1 : 0;
