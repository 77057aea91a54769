import { watchRenderer } from '../../e2e/support/rendererMemory.ts';
import {
  disturbances,
  INTERVAL,
  missingSteps,
  savedStep,
  stepDone,
  trainingPage,
} from '../../e2e/support/trainingFaults.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { useBuiltApp } from '../builtApp.ts';
import { countsOf } from './row.ts';
import type { TrustRow } from './row.ts';

const BETWEEN_MS = 15_000;
/** What the page may hold more in the last quarter of the time than in the first, megabytes: the curves of the steps between, and no leak. */
const GROWTH_MB = 150;
/** Curves of more steps hold means of neighbours. */
const MAX_POINTS = 1 << 17;

/**
 * Trains for `minutes`, with a random fault every quarter of a minute: reloads, pauses, another view, being offline. All are recovered
 * from, memory stays flat, and at the end the curves hold every step once.
 */
export async function checkSoak(minutes: number, seed: number): Promise<TrustRow[]> {
  const random = randomFromSeed(seed);
  return useBuiltApp(async (page) => {
    const faults: string[] = [];
    const done: string[] = [];
    const held: number[] = [];
    const train = await trainingPage(page);
    await stepDone(train, INTERVAL + 1);
    const names = Object.keys(disturbances);
    const end = Date.now() + minutes * 60_000;
    while (Date.now() < end) {
      const name = names[random.below(names.length)]!;
      const before = await train.steps().catch(() => 0);
      await disturbances[name]!(train);
      done.push(name);
      const watch = await watchRenderer(page.context().browser()!);
      await page.waitForTimeout(BETWEEN_MS);
      const peak = await watch.stop();
      if (peak) held.push(peak.held);
      if ((await train.steps().catch(() => 0)) <= before - INTERVAL)
        faults.push(`fault ${done.length} (${name}): the training did not go on`);
    }
    const quarter = Math.ceil(held.length / 4);
    const [first, last] = [median(held.slice(0, quarter)), median(held.slice(-quarter))];
    if (last - first > GROWTH_MB) faults.push(`the page came to hold ${Math.round(last - first)} MB more`);
    const steps = await savedStep(train);
    const missing = steps < MAX_POINTS ? await missingSteps(train) : [];
    if (missing.length > 0) faults.push(`the curves lack ${missing.length} of ${steps} steps, or hold them twice`);
    const memory = `the page held ${Math.round(first)} MB in the first quarter, ${Math.round(last)} in the last (medians), ${Math.round(Math.max(0, ...held))} at most`;
    const outcome = `curves of ${steps} steps whole; ${memory}`;
    return [{ check: 'soak', tried: `${minutes} min, ${countsOf(done)}`, outcome, faults }];
  });
}

/** 0 of nothing. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
