import type { Locator, Page } from 'playwright';
import { missingSteps, savedStep, stepDone } from '../../e2e/support/trainingFaults.ts';
import { tiny, TrainPage } from '../../e2e/support/trainPage.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { useBuiltApp } from '../builtApp.ts';
import type { TrustRow } from './row.ts';

/** Steps between checkpoints. */
const INTERVAL = 4;
/** Steps of which the last one before a loss is one at random: of every two losses, one has a checkpoint before it. */
const MOST_STEPS = 2 * INTERVAL;
/** How far into a step a loss may come, milliseconds. */
const LATEST_MS = 1_000;
/** How often the run is begun again where it goes on without a device. */
const MOST_TRIES = 5;
/** How long a busy machine may take over a new device and its kernels, milliseconds. */
const PATIENCE_MS = 180_000;

/**
 * Crashes the graphics process at random moments of a training in the page, on WebGPU's software adapter, `count` times. Each time it goes on
 * by itself on a new device, from no more than an interval before, and the loss is marked on the curves. As only five devices are
 * replaced without progress in between, more losses than that show that progress gives them back.
 */
export async function checkDevice(count: number, seed: number): Promise<TrustRow[]> {
  return [await useBuiltApp((page) => loseDevices(page, count, randomFromSeed(seed)), { engine: 'webgpu' })];
}

async function loseDevices(page: Page, count: number, random: Random): Promise<TrustRow> {
  const faults: string[] = [];
  const train = new TrainPage(page);
  await train.importImages();
  const rarely = { previewEvery: '100000', validateEvery: '100000' };
  await train.open({ ...tiny, ...rarely, batch: '1', crop: '16', checkpointEvery: String(INTERVAL) });
  await train.start.click();
  const crash = await graphicsCrash(page);
  const notice = page.getByRole('status').filter({ hasText: 'The device was lost' });
  const marks = train.changes.locator('li[data-kind="device"]');
  const run = page.getByRole('region', { name: 'Run', exact: true });
  let [most, from, elsewhere] = [0, 0, 0];
  for (let loss = 1; loss <= count; loss++) {
    await stepDone(train, from + random.below(MOST_STEPS));
    await page.waitForTimeout(LATEST_MS * random.uniform());
    const seen = await train.steps();
    await crash();
    // The notice itself may come and go while the page draws nothing, for want of a graphics process.
    const isMarked = await marks
      .nth(loss - 1)
      .waitFor({ state: 'attached', timeout: PATIENCE_MS })
      .then(
        () => true,
        () => false,
      );
    if (!isMarked) {
      const now = `step ${await train.steps()} after ${seen}, ${(await run.innerText()).replaceAll(/\s+/g, ' ')}`;
      return rowOf(loss, [...faults, `loss ${loss}: no mark is on the curves; ${now}`], `${loss - 1} recovered`);
    }
    await notice.waitFor({ state: 'hidden', timeout: PATIENCE_MS });
    from = await train.steps();
    most = Math.max(most, seen - from);
    if (from < seen - INTERVAL) faults.push(`loss ${loss}: step ${seen} was shown, it goes on from ${from}`);
    const marked = await marks.count();
    if (marked !== loss) faults.push(`loss ${loss}: ${marked} marks are on the curves`);
    if (!(await train.stop.isVisible())) return rowOf(loss, [...faults, `loss ${loss}: the training ended`], '');
    await stepDone(train, from + 1);
    for (let tries = 0; !(await isOnDevice(run)); tries++) {
      if (tries === MOST_TRIES) return rowOf(loss, faults, `${loss} recovered; then no device was to be had`);
      elsewhere++; // No adapter was there yet: it goes on on the processor, and the next run takes WebGPU again.
      await savedStep(train);
      await train.goOn.click();
      from = await train.steps();
      await stepDone(train, from + 1);
    }
  }
  const steps = await savedStep(train);
  const missing = await missingSteps(train);
  if (missing.length > 0) faults.push(`the curves lack ${missing.length} of ${steps} steps, or hold them twice`);
  return rowOf(
    count,
    faults,
    `went on by itself each time, ${elsewhere} times on the processor, at most ${most} steps before, with a mark; curves of ${steps} steps whole`,
  );
}

async function isOnDevice(run: Locator): Promise<boolean> {
  return (await run.innerText()).includes('WebGPU');
}

function rowOf(losses: number, faults: readonly string[], outcome: string): TrustRow {
  return { check: 'device lost while training', tried: `${losses} crashes of the graphics process`, outcome, faults };
}

/** Ends the browser's graphics process, and with it every device of the page. */
async function graphicsCrash(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  return async () => void (await session.send('Browser.crashGpuProcess' as never));
}
