import type { Page } from '@playwright/test';
import { tiny, TrainPage } from './trainPage.ts';

/** How long a busy machine may take over some steps or the opening of a view, milliseconds. */
const PATIENCE_MS = 180_000;

/** Steps between checkpoints of a run that `trainingPage` starts: what a crash may cost. */
export const INTERVAL = Number(tiny.checkpointEvery);

/** Images through the Library, and a run of tiny networks that goes on until it is stopped. */
export async function trainingPage(page: Page): Promise<TrainPage> {
  const train = new TrainPage(page);
  await train.importImages();
  await train.open(tiny);
  await train.start.click();
  return train;
}

/** Waits until a step is done. Throws when it is not after three minutes. */
export async function stepDone(train: TrainPage, step: number): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while ((await train.steps().catch(() => 0)) < step) {
    if (Date.now() > end) throw new Error(`Step ${step} is not reached.`);
    await train.page.waitForTimeout(100);
  }
}

/** Ends the page's process, and opens another page of the same browser. */
export async function crashed(page: Page): Promise<Page> {
  const context = page.context();
  const gone = page.waitForEvent('crash');
  const devtools = await context.newCDPSession(page);
  void devtools.send('Page.crash').catch(() => undefined);
  await gone;
  await page.close().catch(() => undefined);
  return context.newPage();
}

/** The step that Train offers to continue from. */
export async function offeredStep(train: TrainPage): Promise<number> {
  await train.goOn.waitFor({ timeout: PATIENCE_MS });
  return Number((await train.goOn.innerText()).replace(/\D/g, ''));
}

/** Stops the run; the steps that are said to be saved. */
export async function savedStep(train: TrainPage): Promise<number> {
  await train.stop.click();
  await train.page.getByText(/Paused and saved at step/).waitFor({ timeout: PATIENCE_MS });
  return train.steps();
}

/** Steps that the curves lack or hold twice, of all that were done; empty when they are whole. */
export async function missingSteps(train: TrainPage): Promise<number[]> {
  const rows = (await train.curves()).filter((row) => row['objective']);
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(Number(row['step']), (counts.get(Number(row['step'])) ?? 0) + 1);
  return Array.from({ length: await train.steps() }, (_, i) => i + 1).filter((step) => counts.get(step) !== 1);
}

/**
 * Sets the room that the page's origin has in storage: `bytes` more than it holds now, or, without a number, as much as the disk has.
 * It holds while the returned function's own blank page is open, whatever becomes of the others.
 */
export async function storageRoom(page: Page): Promise<(bytes?: number) => Promise<void>> {
  const origin = new URL(page.url()).origin;
  const devtools = await page.context().newCDPSession(await page.context().newPage());
  return async (bytes) => {
    const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin });
    const limit = bytes === undefined ? {} : { quotaSize: Math.round(usage + bytes) };
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, ...limit });
  };
}

/**
 * Waits until the page says that a checkpoint could not be stored; returns the step of that and the one that it says is stored.
 * Chromium asks for the room again only when what it granted is used up or half a minute old: until then checkpoints are stored.
 */
export async function toldOfFullStorage(page: Page): Promise<{ readonly failed: number; readonly stored: number }> {
  const told = page.getByText(/could not be stored/).first();
  await told.waitFor({ timeout: PATIENCE_MS });
  const text = await page.locator('body').innerText();
  const step = (words: RegExp): number => Number(words.exec(text)?.[1]);
  return {
    failed: step(/The checkpoint of step (\d+) could not be stored/),
    stored: step(/newest stored checkpoint is that of step (\d+)/),
  };
}

/** Deletes all that the page's site has stored, as a browser does for its user, or for want of room. */
export async function wipeStorage(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'all' });
}

/** That a run was to go on and its images are gone. */
export function toldOfNoImages(page: Page): Promise<void> {
  const alert = page.getByRole('alert').filter({ hasText: /no images|Add clean photos/ });
  return alert.waitFor({ timeout: PATIENCE_MS });
}

/** What happens to a page during a day, and what its user does then to have the training go on. */
export const disturbances: Readonly<Record<string, (train: TrainPage) => Promise<void>>> = {
  reloads: async (train) => {
    await train.page.reload();
    await train.open();
    await train.goOn.or(train.stop).first().waitFor({ timeout: PATIENCE_MS });
    if (await train.goOn.isVisible()) await train.goOn.click();
  },
  pauses: async (train) => {
    await train.stop.click();
    await train.goOn.waitFor({ timeout: PATIENCE_MS });
    await train.goOn.click();
  },
  'looks elsewhere': async (train) => {
    await train.page.goto('/#/library');
    await train.page.waitForTimeout(1_000);
    await train.open();
  },
  'times offline': async ({ page }) => {
    await page.context().setOffline(true);
    await page.waitForTimeout(1_000);
    await page.context().setOffline(false);
  },
};
