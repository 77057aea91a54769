import type { Page } from 'playwright';
import {
  crashed,
  INTERVAL,
  missingSteps,
  offeredStep,
  savedStep,
  stepDone,
  trainingPage,
} from '../../e2e/support/trainingFaults.ts';
import { tiny, TrainPage } from '../../e2e/support/trainPage.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { useBuiltApp } from '../builtApp.ts';
import { countsOf } from './row.ts';
import type { TrustRow } from './row.ts';

/** Between the starts of the two tabs at most, milliseconds. */
const APART_MS = 600;
/** How long a run may go on before it ends, milliseconds. */
const LATEST_MS = 2_000;
/** How long a busy machine may take to tell the other tab that a run has ended, milliseconds. */
const PATIENCE_MS = 60_000;

/** How the training of a tab ends; resolves with the tab that is left, or opened anew. */
const ends: Readonly<Record<string, (train: TrainPage) => Promise<TrainPage>>> = {
  paused: async (train) => {
    await savedStep(train);
    return train;
  },
  reloaded: async (train) => {
    await train.page.reload();
    return train;
  },
  closed: async (train) => {
    const context = train.page.context();
    await train.page.close();
    return opened(await context.newPage());
  },
  crashed: async (train) => opened(await crashed(train.page)),
};

/**
 * Two tabs that start training at nearly the same moment, `count` times: one trains, the other says so. The training tab is then paused, reloaded, closed
 * or crashed, and both offer to continue from the same step, no more than an interval before the last one.
 */
export async function checkTabs(count: number, seed: number): Promise<TrustRow[]> {
  return [await useBuiltApp((page) => raceTabs(page, count, randomFromSeed(seed)))];
}

async function raceTabs(first: Page, count: number, random: Random): Promise<TrustRow> {
  const faults: string[] = [];
  const done: string[] = [];
  const running = await trainingPage(first);
  await stepDone(running, 1);
  await savedStep(running);
  const tabs = [running, await opened(await first.context().newPage())];
  for (let run = 1; run <= count; run++) {
    const offered = await offeredStep(tabs[0]!);
    const [one, other] = random.uniform() < 0.5 ? [0, 1] : [1, 0];
    await tabs[one]!.goOn.click();
    await tabs[other]!.page.waitForTimeout(APART_MS * random.uniform());
    await tabs[other]!.goOn.click();
    const winner = 1 - (await refusedTab(tabs));
    const [trains, waits] = [tabs[winner]!, tabs[1 - winner]!];
    await stepDone(trains, offered + 1);
    if ((await trainers(trains.page)) !== 1 || (await waits.stop.isVisible()))
      faults.push(`run ${run}: not one tab trains`);
    await trains.page.waitForTimeout(LATEST_MS * random.uniform());
    const seen = await trains.steps();
    const end = Object.keys(ends)[random.below(Object.keys(ends).length)]!;
    done.push(end);
    tabs[winner] = await ends[end]!(trains);
    const seenAtEnd = end === 'paused' ? await trains.steps() : null;
    await waits.page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click();
    const [mine, others] = await agreedSteps(tabs[winner]!, waits);
    if (mine !== others) faults.push(`run ${run} (${end}): one tab offers step ${mine}, the other ${others}`);
    if (end === 'paused' && mine !== seenAtEnd)
      faults.push(`run ${run}: paused at step ${seenAtEnd}, ${mine} is offered`);
    if (mine < seen - INTERVAL) faults.push(`run ${run} (${end}): step ${seen} was shown, ${mine} is left`);
  }
  await tabs[0]!.goOn.click();
  await stepDone(tabs[0]!, (await tabs[0]!.steps()) + 1);
  const steps = await savedStep(tabs[0]!);
  const missing = await missingSteps(tabs[0]!);
  if (missing.length > 0) faults.push(`the curves lack ${missing.length} of ${steps} steps, or hold them twice`);
  const outcome = `one tab trained each time, the other said so, and both offered one step to continue from; curves of ${steps} steps whole`;
  return {
    check: 'two tabs',
    tried: `${count} starts of both; the one that trained was ${countsOf(done)}`,
    outcome,
    faults,
  };
}

async function opened(page: Page): Promise<TrainPage> {
  const train = new TrainPage(page);
  await train.open(tiny);
  await train.goOn.waitFor();
  return train;
}

/** The tab that says that training runs in another one. */
function refusedTab(tabs: readonly TrainPage[]): Promise<number> {
  return Promise.any(
    tabs.map(async ({ page }, i) => {
      await page.getByRole('alert').filter({ hasText: 'Training runs in another tab' }).waitFor();
      return i;
    }),
  );
}

/** How many hold the right to train, of all tabs. */
function trainers(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query();
    return held.filter(({ name }) => name === 'petrichor-training').length;
  });
}

/** The steps that both tabs offer to continue from, once they agree, or after a minute. */
async function agreedSteps(a: TrainPage, b: TrainPage): Promise<readonly [number, number]> {
  for (const end = Date.now() + PATIENCE_MS; ; await a.page.waitForTimeout(100)) {
    const steps = [await offeredStep(a), await offeredStep(b)] as const;
    if (steps[0] === steps[1] || Date.now() > end) return steps;
  }
}
