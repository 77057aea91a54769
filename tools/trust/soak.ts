import { watchRenderer } from '../../e2e/support/rendererMemory.ts';
import { tiny, TrainPage } from '../../e2e/support/trainPage.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { useBuiltApp } from '../builtApp.ts';
import { countsOf } from './row.ts';
import type { TrustRow } from './row.ts';

const BETWEEN_MS = 15_000;
/** What the page may hold more at the end than in the first quarter, megabytes. */
const GROWTH_MB = 150;

/** Trains for `minutes`, with a random fault every quarter of a minute: reloads, pauses, another view, being offline. All are recovered from, and memory stays flat. */
export async function checkSoak(minutes: number, seed: number): Promise<TrustRow[]> {
  const random = randomFromSeed(seed);
  return useBuiltApp(async (page) => {
    const faults: string[] = [];
    const done: string[] = [];
    const peaks: number[] = [];
    const train = new TrainPage(page);
    await train.importImages();
    await train.open(tiny);
    await train.start.click();
    const goOn = async (): Promise<void> => {
      await train.open();
      await train.goOn.or(train.stop).first().waitFor({ timeout: 60_000 });
      if (await train.goOn.isVisible()) await train.goOn.click();
    };
    const kinds: Readonly<Record<string, () => Promise<void>>> = {
      reloads: async () => {
        await page.reload();
        await goOn();
      },
      pauses: async () => {
        await train.stop.click();
        await train.goOn.waitFor({ timeout: 60_000 });
        await train.goOn.click();
      },
      'looks elsewhere': async () => {
        await page.goto('/#/library');
        await page.waitForTimeout(1_000);
        await train.open();
      },
      'times offline': async () => {
        await page.context().setOffline(true);
        await page.waitForTimeout(1_000);
        await page.context().setOffline(false);
      },
    };
    const names = Object.keys(kinds);
    const end = Date.now() + minutes * 60_000;
    while (Date.now() < end) {
      const name = names[random.below(names.length)]!;
      const before = await train.steps().catch(() => 0);
      await kinds[name]!();
      done.push(name);
      const watch = await watchRenderer(page.context().browser()!);
      await page.waitForTimeout(BETWEEN_MS);
      const peak = await watch.stop();
      if (peak) peaks.push(peak.own);
      if ((await train.steps().catch(() => 0)) <= before - Number(tiny.checkpointEvery))
        faults.push(`fault ${done.length} (${name}): the training did not go on`);
    }
    const growth = Math.max(0, ...peaks);
    if (growth > GROWTH_MB) faults.push(`the page grew by ${Math.round(growth)} MB between two faults`);
    const outcome = `step ${await train.steps()}; memory grew by at most ${Math.round(growth)} MB between two faults`;
    return [{ check: 'soak', tried: `${minutes} min, ${countsOf(done)}`, outcome, faults }];
  });
}
