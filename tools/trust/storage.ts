import type { Page } from 'playwright';
import { useBlockedBrowser } from '../../e2e/support/blockedBrowser.ts';
import { DerainPage } from '../../e2e/support/derainPage.ts';
import { rainyPhoto } from '../../e2e/support/libraryFiles.ts';
import { ShellPage } from '../../e2e/support/shellPage.ts';
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
import { useBuiltApp, whileServed } from '../builtApp.ts';
import type { TrustRow } from './row.ts';

/** Room that is left at a fault, bytes: some checkpoints, or none. */
const LEAST_ROOM = 1_000;
const MOST_ROOM = 400_000;
const LATEST_MS = 4_000;
/** Every so many faults the page is reloaded while the storage is full. */
const RELOAD_EVERY = 4;
/** Of so many faults of a full storage, one is of a storage that is wiped. */
const FULL_PER_WIPE = 2;
/** And one of a browser that blocks the site's data. */
const FULL_PER_BLOCK = 4;
/** How soon it is to be said that a photo is not stored, milliseconds. */
const SOON_MS = 1_000;

/**
 * Takes the storage's room away while a training runs, at `count` random moments, and gives it back: the page says which checkpoint could
 * not be stored and which one is there, and trains on; a reload finds that one; it stores again once there is room. Half as many times
 * all that the site has stored is deleted while it trains: it trains on, and what it then says is saved is there after a reload. A
 * quarter as many times the browser blocks the site's data from the beginning: photos are derained and saved, and each view says
 * what it cannot keep.
 */
export async function checkStorage(count: number, seed: number): Promise<TrustRow[]> {
  const random = randomFromSeed(seed);
  const wipes = Math.ceil(count / FULL_PER_WIPE);
  return [
    await useBuiltApp((page) => fillStorage(page, count, random)),
    await useBuiltApp((page) => wipeWhileTraining(page, wipes, random)),
    await blockStorage(Math.ceil(count / FULL_PER_BLOCK), random),
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

async function blockStorage(count: number, random: Random): Promise<TrustRow> {
  const faults: string[] = [];
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const size = { width: 200 + random.below(400), height: 200 + random.below(400) };
    const photo = await rainyPhoto('street.jpg', random.below(256), 90 * random.uniform(), size);
    const blocked = async (page: Page): Promise<void> => {
      page.on('pageerror', ({ message }) => faults.push(`block ${i}: ${message}`));
      const shell = new ShellPage(page);
      const derain = new DerainPage(page);
      await derain.open();
      await page.waitForTimeout(LATEST_MS * random.uniform());
      await derain.choosePhotos([photo]);
      const dropped = performance.now();
      await shell.messages.filter({ hasText: 'could not store a photo. Work continues; download' }).waitFor();
      slowest = Math.max(slowest, performance.now() - dropped);
      await derain.finished();
      const { name } = await derain.download();
      if (name !== 'street-derained.jpg') faults.push(`block ${i}: the result is called ${name}`);
      await shell.goTo('Library');
      await page.getByRole('heading', { name: 'This browser stores nothing here' }).waitFor();
      await shell.goTo('Train');
      await page.getByRole('button', { name: 'Watch it learn' }).click();
      await page.getByText('stores nothing here, and training needs images that are stored').waitFor();
    };
    await whileServed((url) => useBlockedBrowser(url, blocked)).catch((error: unknown) =>
      faults.push(`block ${i}: ${String(error)}`),
    );
  }
  if (slowest > SOON_MS) faults.push(`it was said ${Math.round(slowest)} ms after the drop that a photo is not stored`);
  const outcome = `derained and saved each time; said ${Math.round(slowest)} ms after the drop at most, and in Library and Train`;
  return { check: 'storage: blocked', tried: `${count} times`, outcome, faults };
}
