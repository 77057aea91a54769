/**
 * Checks of what must never happen: `npm run trust:NAME -- [--count N] [--seed N]`. Prints rows of the table in docs/results.md and
 * ends with exit code 1 when one of them has faults. The same seed tries the same.
 */
import { parseArgs } from 'node:util';
import { tableOfRows } from './trust/row.ts';
import type { TrustRow } from './trust/row.ts';

interface Check {
  /** Used where `--count` is not given. */
  readonly count: number;
  load(): Promise<(count: number, seed: number) => TrustRow[] | Promise<TrustRow[]>>;
}

const checks: Readonly<Record<string, Check>> = {
  models: { count: 10_000, load: async () => (await import('./trust/models.ts')).checkModels },
  files: { count: 500, load: async () => (await import('./trust/files.ts')).checkFiles },
  zips: { count: 2_000, load: async () => (await import('./trust/zips.ts')).checkZips },
  links: { count: 10_000, load: async () => (await import('./trust/links.ts')).checkLinks },
  cli: { count: 60, load: async () => (await import('./trust/cli.ts')).checkCommandLine },
  divergence: { count: 20, load: async () => (await import('./trust/divergence.ts')).checkDivergence },
  device: { count: 50, load: async () => (await import('./trust/device.ts')).checkDevice },
  kills: { count: 60, load: async () => (await import('./trust/kills.ts')).checkKills },
  storage: { count: 20, load: async () => (await import('./trust/storage.ts')).checkStorage },
  databases: { count: 20, load: async () => (await import('./trust/databases.ts')).checkDatabases },
  tabs: { count: 50, load: async () => (await import('./trust/tabs.ts')).checkTabs },
  zip64: { count: 4, load: async () => (await import('./trust/zip64.ts')).checkZip64 },
  cases: { count: 1, load: async () => (await import('./trust/cases.ts')).checkCases },
  privacy: { count: 1, load: async () => (await import('./trust/privacy.ts')).checkPrivacy },
  soak: { count: 120, load: async () => (await import('./trust/soak.ts')).checkSoak },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const check = checks[positionals[0] ?? ''];
if (!check) throw new Error(`Name one of ${Object.keys(checks).join(', ')}.`);
const run = await check.load();
const started = performance.now();
const rows = await run(Number(values.count ?? check.count), Number(values.seed));
console.log(tableOfRows(rows));
console.log(`\n${Math.round((performance.now() - started) / 1000)} s, seed ${values.seed}.`);
process.exitCode = rows.every(({ faults }) => faults.length === 0) ? 0 : 1;
