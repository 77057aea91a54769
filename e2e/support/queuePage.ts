import type { Locator, Page } from '@playwright/test';
import { DerainPage } from './derainPage.ts';
import { expect } from './test.ts';

/** The Derain view with many photos on it, as someone using it would speak of them. */
export class QueuePage extends DerainPage {
  /** How far the whole queue is. */
  readonly progress: Locator;

  constructor(page: Page) {
    super(page);
    this.progress = page.getByRole('group', { name: 'All photos' });
  }

  /** A photo in the strip, as far as the strip shows it. */
  frame(name: string): Locator {
    return this.photos.filter({ hasText: name });
  }

  /** Puts a photo on the stage by walking through the strip with the arrow keys, from its beginning. */
  async walkTo(name: string, most = 60): Promise<void> {
    const pick = (place: string): Locator => this.page.locator(`${place} [data-pick]`);
    await pick('li[data-current]').focus();
    await this.page.keyboard.press('Home');
    for (let steps = 0; steps < most; steps++) {
      if ((await this.status.getByText(name, { exact: true }).count()) > 0) return;
      await this.page.keyboard.press('ArrowRight');
    }
    throw new Error(`${name} is not in the strip.`);
  }
}

interface Job {
  readonly photo: string;
  readonly focus: { readonly x: number; readonly y: number };
}

/** Lets the page write down what it asks the worker to remove rain from. */
export async function watchJobs(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const jobs: Job[] = [];
    Object.assign(globalThis, { recordedJobs: jobs });
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: unknown, ...rest: unknown[]) {
      const call = message as {
        readonly path?: readonly string[];
        readonly argumentList?: readonly { readonly value: Job }[];
      };
      if (call?.path?.[0] === 'derain' && call.argumentList?.[0]) jobs.push(call.argumentList[0].value);
      return (post as (...all: unknown[]) => void).call(this, message, ...rest);
    } as typeof post;
  });
}

/** The photos that runs were asked for since the page was loaded, each once. */
export async function jobsOf(page: Page): Promise<string[]> {
  return [...new Set(await runsOf(page))];
}

/** The photo of every run that was asked for since the page was loaded, in order. */
export async function runsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { recordedJobs: Job[] }).recordedJobs.map(({ photo }) => photo));
}

/** Where those runs were asked to begin, in pixels of the photo. */
export async function focusesOf(page: Page): Promise<Job['focus'][]> {
  return page.evaluate(() => (globalThis as unknown as { recordedJobs: Job[] }).recordedJobs.map(({ focus }) => focus));
}

/** How many values lie in the databases of the queue. */
export async function storedInQueue(page: Page): Promise<{ entries: number; files: number }> {
  return {
    entries: await countStored(page, 'petrichor-desk-entries', 'entries'),
    files: await countStored(page, 'petrichor-desk-files', 'files'),
  };
}

/** Waits until every photo of the queue lies in the databases with its result; until then a reload does the last ones again. */
export async function allResultsStored(page: Page, photos: number): Promise<void> {
  await expect
    .poll(() => countStored(page, 'petrichor-desk-entries', 'entries', 'result'), {
      message: 'photos stored with their results',
      timeout: 60_000,
    })
    .toBe(photos);
}

/** Waits until the photo of that name lies on this device with its result, so that a reload finds it done. */
export async function resultStored(page: Page, name: string): Promise<void> {
  await expect
    .poll(() => countStored(page, 'petrichor-desk-entries', 'entries', 'result', { name }), `${name} with its result`)
    .toBe(1);
}

/** Waits until the photo of that name lies on this device in that state, so that a reload finds it so. */
export async function stateStored(page: Page, name: string, state: string): Promise<void> {
  await expect
    .poll(() => countStored(page, 'petrichor-desk-entries', 'entries', undefined, { name, state }), `${name} is stored`)
    .toBe(1);
}

/** How many values a store holds: those with a `field` that is not null, and of these that are `like` the given ones. */
async function countStored(
  page: Page,
  database: string,
  store: string,
  field?: string,
  like: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  return page.evaluate(
    ({ database, store, field, like }) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(database);
        opening.addEventListener('error', () => reject(opening.error));
        opening.addEventListener('success', () => {
          const reading: IDBRequest<Record<string, unknown>[]> = opening.result
            .transaction(store)
            .objectStore(store)
            .getAll();
          reading.addEventListener('success', () => {
            opening.result.close();
            resolve(
              reading.result
                .filter((value) => field === undefined || value[field] !== null)
                .filter((value) => Object.entries(like).every(([key, wanted]) => value[key] === wanted)).length,
            );
          });
        });
      }),
    { database, store, field, like },
  );
}
