/**
 * Times the Lab's ready-made experiments on the samples in the built app, as the page runs them, and prints their tables.
 *
 *   npm run lab:time -- [--only lambda,kernel,regularizer,distillation] [--minutes 1|3|10] [--seeds 1|2|3] [--out DIR]
 *
 * With --out, the effect of the setting and the curves are saved there as images.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import { readyExperiments } from '../src/core/training/readyExperiments.ts';
import type { ReadyExperiment } from '../src/core/training/readyExperiments.ts';
import { useBuiltApp } from './builtApp.ts';
import { addSamples, sumOf, stepsByRun } from './labInApp.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'lambda,kernel,regularizer,distillation' },
    minutes: { type: 'string', default: '10' },
    seeds: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const kinds = values.only.split(',');
const chosen = readyExperiments.filter(({ kind }) => kinds.includes(kind));
const unknown = kinds.filter((kind) => !chosen.some((ready) => ready.kind === kind));
if (unknown.length > 0)
  throw new Error(
    `There is no ${unknown.join(', ')}; there are ${readyExperiments.map(({ kind }) => kind).join(', ')}.`,
  );
/** A press may take so long on a machine that is busy elsewhere. */
const PATIENCE_MS = 300_000;
if (values.out) await mkdir(values.out, { recursive: true });

console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, budget ${values.minutes} min, seeds ${values.seeds}\n`);
const seconds = await useBuiltApp(async (page) => {
  page.setDefaultTimeout(PATIENCE_MS);
  await addSamples(page);
  const times: number[] = [];
  for (const ready of chosen) times.push(await timeOf(page, ready));
  return times;
});
const budget = 60 * Number(values.minutes);
const late = chosen.filter((_, i) => seconds[i]! > budget);
console.log(
  late.length === 0 ? 'All within the budget.' : `Over the budget: ${late.map(({ kind }) => kind).join(', ')}.`,
);
process.exitCode = late.length === 0 ? 0 : 1;

/** Seconds from the press of the button to the last result. */
async function timeOf(page: Page, { kind, title, question }: ReadyExperiment): Promise<number> {
  await page.goto('/#/lab?part=experiments');
  const start = page.getByRole('region', { name: 'Start an experiment' });
  await start.getByRole('group', { name: 'Time' }).getByText(`${values.minutes} min`, { exact: true }).click();
  await start.getByRole('group', { name: 'Seeds' }).getByText(values.seeds, { exact: true }).click();
  const began = performance.now();
  await start.getByRole('button', { name: question }).click();
  await page.getByRole('button', { name: 'Pause all' }).waitFor();
  await page
    .getByText('Finished', { exact: true })
    .waitFor({ timeout: PATIENCE_MS + 8 * 60_000 * Number(values.minutes) });
  const time = (performance.now() - began) / 1000;
  const steps = await stepsByRun(page);
  console.log(
    `${title}: ${time.toFixed(0)} s, ${steps.size} runs of ${Math.round(sumOf(steps) / steps.size)} steps; load ${loadavg()[0]!.toFixed(1)}\n\n${await table(page)}\n`,
  );
  if (values.out) await save(page, values.out, kind);
  return time;
}

async function table(page: Page): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Markdown' }).click(),
  ]);
  return (await readFile(await file.path(), 'utf8')).trim();
}

async function save(page: Page, folder: string, kind: string): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 2400 });
  const experiment = page
    .getByRole('region', { name: /./ })
    .filter({ has: page.getByRole('button', { name: 'Copy link' }) });
  await experiment.last().screenshot({ path: join(folder, `${kind}.png`) });
  await page.setViewportSize({ width: 1440, height: 900 });
}
