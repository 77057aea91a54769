import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CHROMIUM_VARIABLE, ensureChromium } from './chromium.ts';
import { ensureBuilt, ROOT } from './prepare.mjs';

interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Of the passed: how many failed at first and passed when tried again. */
  readonly retried?: number;
}

interface Layer {
  readonly name: string;
  readonly title: string;
  readonly needsBrowser: boolean;
  /** `report` is a path where the layer may leave its results as JSON. */
  readonly run: (report: string) => Promise<Tally>;
}

const LAYERS: readonly Layer[] = [
  { name: 'types', title: 'Type check', needsBrowser: false, run: typeCheck },
  { name: 'lint', title: 'Lint', needsBrowser: false, run: lint },
  { name: 'unit', title: 'Unit tests', needsBrowser: false, run: (report) => vitest('unit', report) },
  { name: 'gpu', title: 'GPU tests', needsBrowser: true, run: (report) => vitest('gpu', report) },
  { name: 'e2e', title: 'End-to-end tests', needsBrowser: true, run: endToEnd },
];

/** Runs the layers named (all when none is), each even if one before it failed, and prints the sum. Returns the exit status. */
export async function runLayers(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => LAYERS.every((layer) => layer.name !== name));
  if (unknown !== undefined) {
    console.error(`There is no layer "${unknown}". There are: ${LAYERS.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  const chosen = names.length === 0 ? LAYERS : LAYERS.filter(({ name }) => names.includes(name));
  const reports = mkdtempSync(join(tmpdir(), 'petrichor-test-'));
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  for (const together of sideBySide(chosen)) {
    const results = together.map(async (layer) => {
      const began = performance.now();
      const tally = await runLayer(layer, join(reports, `${layer.name}.json`));
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const counts = `${String(tally.passed).padStart(5)} passed ${String(tally.failed).padStart(4)} failed`;
      const retried = tally.retried ? ` (${tally.retried} flaky: passed on the second try)` : '';
      return { tally, line: `${layer.title.padEnd(18)}${counts} ${seconds.padStart(7)} s${retried}` };
    });
    console.log(`\n── ${together.map(({ title }) => title).join(' and ')} ${'─'.repeat(40)}`);
    for (const { tally, line } of await Promise.all(results)) {
      passed += tally.passed;
      failed += tally.failed;
      lines.push(line);
    }
  }
  rmSync(reports, { recursive: true });
  console.log(`\n${lines.join('\n')}\n`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/**
 * All layers before the journeys run at the same time: the formatter and the graphics adapter, which compiles shaders,
 * work on one core each. Journeys run alone, as some of them watch the clock.
 */
function sideBySide(layers: readonly Layer[]): Layer[][] {
  const groups = [layers.filter(({ name }) => name !== 'e2e'), layers.filter(({ name }) => name === 'e2e')];
  return groups.filter((group) => group.length > 0);
}

/** A layer that cannot even start counts as one failure. */
async function runLayer(layer: Layer, report: string): Promise<Tally> {
  try {
    if (layer.needsBrowser) process.env[CHROMIUM_VARIABLE] = ensureChromium();
    return await layer.run(report);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  }
}

/** Every world has its own tsconfig: what compiles in one (document, process) must not in another. */
async function typeCheck(): Promise<Tally> {
  const configs = readdirSync(ROOT).filter((name) => /^tsconfig.*\.json$/.test(name) && name !== 'tsconfig.base.json');
  let clean = true;
  for (const config of configs) {
    const status = await command('typescript/tsc', ['-p', config], { wholeOutput: true });
    console.log(`${config}: ${status === 0 ? 'clean' : 'errors'}`);
    clean &&= status === 0;
  }
  return oneOf(clean);
}

/** Formatter, linter and the check for dead code; every one runs even when one before it found something. */
async function lint(): Promise<Tally> {
  const checks = [
    ['prettier', '--check', '--log-level=warn', '.'],
    ['oxlint', '--quiet'],
    ['knip', '--no-progress'],
  ] as const;
  let clean = true;
  for (const [name, ...args] of checks) {
    const status = await command(name, args, { wholeOutput: true });
    console.log(`${name}: ${status === 0 ? 'clean' : 'errors'}`);
    clean &&= status === 0;
  }
  return oneOf(clean);
}

/** One worker a core, of which vitest would leave one free. */
async function vitest(project: string, report: string): Promise<Tally> {
  const status = await command('vitest', [
    'run',
    '--project',
    project,
    '--maxWorkers=100%',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  return tally(status, report, (json: { numPassedTests: number; numFailedTests: number }) => ({
    passed: json.numPassedTests,
    failed: json.numFailedTests,
  }));
}

/** A journey gets a second try, as a machine that others use too can starve a browser; the sum names what needed it. */
async function endToEnd(report: string): Promise<Tally> {
  ensureBuilt();
  const status = await command('@playwright/test/playwright', ['test', '--retries=1', '--reporter=list,json'], {
    variables: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  return tally(status, report, ({ stats }: { stats: { expected: number; flaky: number; unexpected: number } }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    retried: stats.flaky,
  }));
}

/** Counts from a report; a run that failed without a failed test (no adapter, nothing found, a crash) counts as one failure. */
function tally<Report>(status: number, report: string, count: (report: Report) => Tally): Tally {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const counted = count(JSON.parse(readFileSync(report, 'utf8')) as Report);
  return { ...counted, failed: status !== 0 && counted.failed === 0 ? 1 : counted.failed };
}

function oneOf(passed: boolean): Tally {
  return passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

interface CommandOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** Show the output when the command has ended, in one piece, and not while others write. */
  readonly wholeOutput?: boolean;
}

/** Runs a package's command (`package` or `package/command`) with this Node and resolves with its exit status. */
function command(
  name: string,
  args: readonly string[],
  { variables = {}, wholeOutput = false }: CommandOptions = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const output = wholeOutput ? 'pipe' : 'inherit';
    const child = spawn(process.execPath, [executable(name), ...args], {
      cwd: ROOT,
      stdio: ['inherit', output, output],
      env: { ...process.env, ...variables },
    });
    const written: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece: Buffer) => written.push(piece));
    child.on('error', reject);
    child.on('close', (status) => {
      process.stdout.write(Buffer.concat(written));
      resolve(status ?? 1);
    });
  });
}

function executable(name: string): string {
  const parts = name.split('/');
  const packageName = parts.slice(0, name.startsWith('@') ? 2 : 1).join('/');
  const manifest = join(ROOT, 'node_modules', packageName, 'package.json');
  const { bin } = createRequire(import.meta.url)(manifest) as { bin: string | Record<string, string> };
  const path = typeof bin === 'string' ? bin : bin[parts.at(-1)!];
  if (path === undefined) throw new Error(`${packageName} has no command ${parts.at(-1)}.`);
  return join(dirname(manifest), path);
}
