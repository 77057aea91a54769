import type { Page } from 'playwright';
import {
  INTERVAL,
  missingSteps,
  offeredStep,
  savedStep,
  stepDone,
  storageRoom,
  toldOfFullStorage,
  toldOfNoImages,
  trainingPage,
  wipeStorage,
} from '../../e2e/support/trainingFaults.ts';
import { TrainPage } from '../../e2e/support/trainPage.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { useBuiltApp } from '../builtApp.ts';
import type { TrustRow } from './row.ts';

/** Room that is left at a fault, bytes: some checkpoints, or none. */
const LEAST_ROOM = 1_000;
const MOST_ROOM = 400_000;
const LATEST_MS = 4_000;
/** Every so many faults the page is reloaded while the storage is full. */
const RELOAD_EVERY = 4;
/** Of so many faults of a full storage, one is of a storage that is wiped. */
const FULL_PER_WIPE = 2;

/**
 * Takes the storage's room away while a training runs, at `count` random moments, and gives it back: the page says which checkpoint could
 * not be stored and which one is there, and trains on; a reload finds that one; it stores again once there is room. Half as many times
 * all that the site has stored is deleted while it trains: it trains on, and what it then says is saved is there after a reload.
 */
export async function checkStorage(count: number, seed: number): Promise<TrustRow[]> {
  const random = randomFromSeed(seed);
  const wipes = Math.ceil(count / FULL_PER_WIPE);
  return [
    await useBuiltApp((page) => fillStorage(page, count, random)),
    await useBuiltApp((page) => wipeWhileTraining(page, wipes, random)),
  ];
}

async function fillStorage(page: Page, count: number, random: Random): Promise<TrustRow> {
  const faults: string[] = [];
  const train = await trainingPage(page);
  const room = await storageRoom(page);
  const refusal = page.getByText(/could not be stored/);
  let reloads = 0;
  for (let i = 0; i < count; i++) {
    await page.waitForTimeout(LATEST_MS * random.uniform());
    await room(LEAST_ROOM + (MOST_ROOM - LEAST_ROOM) * random.uniform());
    const { failed, stored } = await toldOfFullStorage(page);
    if (!(stored < failed)) faults.push(`fault ${i}: step ${failed} is not stored, but ${stored} is said to be`);
    if (i % RELOAD_EVERY === RELOAD_EVERY - 1) {
      reloads++;
      await page.reload();
      const left = await offeredStep(train);
      if (left !== stored) faults.push(`fault ${i}: step ${stored} was said to be stored, ${left} is left`);
      await train.goOn.click();
    }
    await stepDone(train, (await train.steps().catch(() => stored)) + 1);
    await room();
    await refusal.first().waitFor({ state: 'hidden', timeout: 180_000 });
  }
  const saved = await savedStep(train);
  await page.reload();
  const left = await offeredStep(new TrainPage(page));
  if (left !== saved) faults.push(`step ${saved} was said to be saved, ${left} is left`);
  const outcome = `told each time, the step named was there in ${reloads} reloads; step ${saved} saved once there was room`;
  return { check: 'storage: full while training', tried: `${count} times`, outcome, faults };
}

async function wipeWhileTraining(page: Page, count: number, random: Random): Promise<TrustRow> {
  const faults: string[] = [];
  const train = await trainingPage(page);
  let from = 0;
  for (let i = 0; i < count; i++) {
    await stepDone(train, from + INTERVAL + random.below(INTERVAL));
    await page.waitForTimeout(LATEST_MS * random.uniform());
    await wipeStorage(page);
    await stepDone(train, (await train.steps()) + INTERVAL + 1);
    const saved = await savedStep(train);
    await page.reload();
    from = await offeredStep(train);
    if (from !== saved) faults.push(`wipe ${i}: step ${saved} was said to be saved, ${from} is left`);
    await train.goOn.click();
    await toldOfNoImages(page);
    await train.importImages();
    await train.open();
    await train.goOn.click();
  }
  await stepDone(train, from + 1);
  const steps = await savedStep(train);
  const missing = await missingSteps(train);
  if (missing.length > 0) faults.push(`the curves lack ${missing.length} of ${steps} steps, or hold them twice`);
  const outcome = `trained on each time, and what was saved after it was there; that the images are gone is told; curves of ${steps} steps whole`;
  return { check: 'storage: wiped while training', tried: `${count} times`, outcome, faults };
}
