import { tiny, TrainPage } from '../../e2e/support/trainPage.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import { useBuiltApp } from '../builtApp.ts';
import type { TrustRow } from './row.ts';

/** With room again before the next fault, milliseconds. */
const BETWEEN_MS = 3_000;
/** How soon after the next checkpoint it must be told that it could not be stored, milliseconds. */
const TOLD_MS = 60_000;

/**
 * Takes the storage's room away while a training runs, at `count` random moments, and gives it back: the page says that a checkpoint
 * could not be stored, trains on, and stores again once there is room, so that a reload finds what was said to be saved.
 */
export async function checkStorage(count: number, seed: number): Promise<TrustRow[]> {
  const random = randomFromSeed(seed);
  return useBuiltApp(async (page) => {
    const faults: string[] = [];
    const train = new TrainPage(page);
    await train.importImages();
    await train.open(tiny);
    const devtools = await page.context().newCDPSession(page);
    const origin = new URL(page.url()).origin;
    const room = (quotaSize?: number): Promise<unknown> =>
      devtools.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize === undefined ? {} : { quotaSize }) });
    await train.start.click();
    const refusal = page.getByText(/could not be stored/).first();
    for (let i = 0; i < count; i++) {
      await page.waitForTimeout(4_000 * random.uniform());
      await room(1_000);
      const told = await refusal.waitFor({ timeout: TOLD_MS }).then(
        () => true,
        () => false,
      );
      if (!told) faults.push(`fault ${i}: nothing was said within ${TOLD_MS / 1000} s`);
      const before = await train.steps();
      await room();
      await page.waitForTimeout(BETWEEN_MS);
      if ((await train.steps()) <= before) faults.push(`fault ${i}: the training stands still`);
    }
    await train.stop.click();
    await page.getByText(/Paused and saved at step/).waitFor({ timeout: TOLD_MS });
    const saved = await train.steps();
    await page.reload();
    await train.goOn.waitFor({ timeout: TOLD_MS });
    const left = Number((await train.goOn.innerText()).replace(/\D/g, ''));
    if (left !== saved) faults.push(`step ${saved} was said to be saved, ${left} is left`);
    const outcome = `told; went on each time; step ${saved} saved once there was room`;
    return [{ check: 'storage: full while training', tried: `${count} times`, outcome, faults }];
  });
}
