/**
 * Kills the page at random moments of an experiment in a headless Chromium, and checks each time that no run is lost and that none
 * lost more than one turn. Ends with exit code 1 when one was.
 *
 *   npm run trust:experiments -- [--kills 30] [--seed 1]
 */
import { parseArgs } from 'node:util';
import type { BrowserContext, Page } from 'playwright';
import { randomFromSeed } from '../src/core/random.ts';
import { useBuiltApp } from './builtApp.ts';
import { addSamples, labLink, stepsByRun, sumOf } from './labInApp.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
});
const STEPS = 360;
/** Steps of a turn: a twelfth of the run, at most 100. */
const TURN = STEPS / 12;
/** Latest moment of a kill, milliseconds after the first new step. */
const LATEST_MS = 8_000;

const link = labLink({
  title: 'Killed',
  variants: 'none:lambda=0;some:lambda=1.2;much:lambda=2',
  base: { blocks: '1', f1: '4', f2: '4', f3: '4', batch: '2', crop: '24', steps: String(STEPS), previewEvery: '150' },
});

const problems = await useBuiltApp(async (page) => {
  await addSamples(page);
  return killOften(page.context(), page, Number(values.kills));
});
console.log(problems === 0 ? 'No run was lost.' : `${problems} runs lost more than a turn.`);
process.exitCode = problems === 0 ? 0 : 1;

async function killOften(context: BrowserContext, first: Page, kills: number): Promise<number> {
  const random = randomFromSeed(Number(values.seed));
  let problems = 0;
  let page = first;
  await begin(page);
  let seen = await stepsByRun(page);
  for (let kill = 1; kill <= kills; kill++) {
    await trainsOn(page, sumOf(seen));
    await page.waitForTimeout(LATEST_MS * random.uniform());
    seen = await stepsByRun(page);
    await crash(page);
    page = await context.newPage();
    await page.goto('/#/lab?part=experiments');
    await page.getByRole('list', { name: 'Runs of the experiment' }).waitFor();
    const stored = await stepsByRun(page);
    const lost = [...seen].filter(([run, step]) => (stored.get(run) ?? 0) < step - TURN);
    problems += lost.length + Math.abs(stored.size - seen.size);
    const words = [...stored].map(([run, step]) => `${run} ${seen.get(run)} → ${step}`).join(', ');
    console.log(`kill ${kill}: ${words}${lost.length > 0 ? '  LOST' : ''}`);
    const again = page.getByRole('button', { name: 'Continue', exact: true });
    if (await again.isVisible()) await again.click();
    else await begin(page);
    seen = await stepsByRun(page);
  }
  return problems;
}

async function begin(page: Page): Promise<void> {
  await page.goto('/#/lab');
  await page.goto(link);
  await page.getByRole('region', { name: 'Experiment of this link' }).getByRole('button', { name: 'Start' }).click();
  await page.getByRole('button', { name: 'Pause all' }).waitFor({ timeout: 60_000 });
}

/** Resolves when more than `steps` are done. */
async function trainsOn(page: Page, steps: number): Promise<void> {
  const end = Date.now() + 120_000;
  while (sumOf(await stepsByRun(page)) <= steps) {
    if (Date.now() > end) throw new Error('The experiment does not go on.');
    await page.waitForTimeout(200);
  }
}

async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const devtools = await page.context().newCDPSession(page);
  void devtools.send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close().catch(() => undefined);
}
