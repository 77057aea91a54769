import type { Page } from 'playwright';
import { QueuePage, allResultsStored } from '../../e2e/support/queuePage.ts';
import { image } from '../../e2e/support/mixedFiles.ts';
import { evenStudent } from '../../e2e/support/students.ts';
import {
  crashed,
  INTERVAL,
  missingSteps,
  offeredStep,
  savedStep,
  stepDone,
  trainingPage,
} from '../../e2e/support/trainingFaults.ts';
import { TrainPage } from '../../e2e/support/trainPage.ts';
import { randomFromSeed } from '../../src/core/random.ts';
import type { Random } from '../../src/core/random.ts';
import { useBuiltApp } from '../builtApp.ts';
import { killImports } from './importKills.ts';
import type { TrustRow } from './row.ts';

const LATEST_MS = 3_000;
/** How long a busy machine may take over a queue, milliseconds. */
const PATIENCE_MS = 180_000;
/** Photos of a queue. */
const PHOTOS = 4;
/** Of so many kills, two are of a queue and one of an import; the others are of a training. */
const KILLS_PER_IMPORT = 6;

/**
 * Kills the page at random moments, `count` times: half of them while it trains, a third while a queue of photos is worked on, the
 * others while images are added to the Library (`killImports`). A training goes on no more than an interval before, and at the end its
 * curves hold every step once. A queue is taken over with all its photos that were no longer said to be being stored, and its
 * results are byte for byte those of a queue that was left alone.
 */
export async function checkKills(count: number, seed: number): Promise<TrustRow[]> {
  const random = randomFromSeed(seed);
  const imports = Math.ceil(count / KILLS_PER_IMPORT);
  const queues = Math.min(2 * imports, count - imports);
  return [
    await rowOrFault(
      'kills: training',
      useBuiltApp((page) => killTraining(page, count - queues - imports, random)),
    ),
    await rowOrFault(
      'kills: queue',
      useBuiltApp((page) => killQueues(page, queues, random)),
    ),
    await rowOrFault(
      'kills: import',
      useBuiltApp((page) => killImports(page, imports, random)),
    ),
  ];
}

/** The row; where it came to none, a row that says why, so that the others are not lost. */
async function rowOrFault(check: string, row: Promise<TrustRow>): Promise<TrustRow> {
  return row.catch((error: unknown) => ({ check, tried: '', outcome: 'ended early', faults: [String(error)] }));
}

async function killTraining(first: Page, count: number, random: Random): Promise<TrustRow> {
  const faults: string[] = [];
  let running = await trainingPage(first);
  let most = 0;
  let from = 0;
  for (let kill = 0; kill < count; kill++) {
    await stepDone(running, from + INTERVAL + 1);
    await running.page.waitForTimeout(LATEST_MS * random.uniform());
    const seen = await running.steps();
    running = new TrainPage(await crashed(running.page));
    await running.open();
    from = await offeredStep(running);
    most = Math.max(most, seen - from);
    if (from < seen - INTERVAL) faults.push(`kill ${kill}: step ${seen} was shown, ${from} is left`);
    await running.goOn.click();
  }
  await stepDone(running, from + 1);
  const steps = await savedStep(running);
  const missing = await missingSteps(running);
  if (missing.length > 0) faults.push(`the curves lack ${missing.length} of ${steps} steps, or hold them twice`);
  const outcome = `at most ${most} steps lost; curves of ${steps} steps whole`;
  return { check: 'kills: training', tried: `${count} kills`, outcome, faults };
}

async function killQueues(first: Page, count: number, random: Random): Promise<TrustRow> {
  const faults: string[] = [];
  const photos = await Promise.all(Array.from({ length: PHOTOS }, (_, i) => image(i, 2)));
  let page = first;
  const queue = new QueuePage(page);
  await queue.open();
  await queue.openModelFile(evenStudent('eight.safetensors', 8));
  const undisturbed = await zipOf(page, () => queue.choosePhotos(photos));
  for (let kill = 0; kill < count; kill++) {
    const running = new QueuePage(page);
    await page.getByRole('button', { name: 'Remove all' }).click();
    await running.choosePhotos(photos);
    await running.progress.filter({ hasNotText: 'being stored' }).waitFor();
    await page.waitForTimeout(LATEST_MS * random.uniform());
    page = await crashed(page);
    const again = new QueuePage(page);
    const zip = await zipOf(page, () => again.open());
    if (!zip.equals(undisturbed)) faults.push(`kill ${kill}: the results differ from those of an undisturbed queue`);
  }
  return {
    check: 'kills: queue',
    tried: `${count} kills`,
    outcome: `${PHOTOS} photos each, results byte-equal`,
    faults,
  };
}

/** All results as a zip, without its dates, once a queue of all photos is done and stored. */
async function zipOf(page: Page, begin: () => Promise<void>): Promise<Buffer> {
  await begin();
  const queue = new QueuePage(page);
  await queue.progress.filter({ hasText: `${PHOTOS} of ${PHOTOS} done` }).waitFor({ timeout: PATIENCE_MS });
  await allResultsStored(page, PHOTOS);
  const { bytes } = await queue.download('Download all (ZIP)');
  return withoutDates(bytes);
}

/** Times of zip entries (APPNOTE 4.3.7 and 4.3.12) are set to 0. */
function withoutDates(zip: Buffer): Buffer {
  const plain = Buffer.from(zip);
  for (const [magic, offset] of [
    ['PK\x03\x04', 10],
    ['PK\x01\x02', 12],
  ] as const)
    for (let at = plain.indexOf(magic, 0, 'latin1'); at >= 0; at = plain.indexOf(magic, at + 4, 'latin1'))
      plain.fill(0, at + offset, at + offset + 4);
  return plain;
}
