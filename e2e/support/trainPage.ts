import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from '@playwright/test';
import { photo, rainyPhoto } from './libraryFiles.ts';
import { LibraryPage } from './libraryPage.ts';

/** Networks that make a step in a blink, and more steps than a test waits for. */
export const tiny = {
  blocks: '1',
  f1: '4',
  f2: '4',
  f3: '4',
  batch: '2',
  crop: '24',
  steps: '100000',
  heldOut: '1',
  previewEvery: '15',
  validateEvery: '30',
  validationCrop: '48',
  checkpointEvery: '15',
} as const;

/** The Train view as someone using it would speak of it. */
export class TrainPage {
  readonly start: Locator;
  readonly stop: Locator;
  readonly goOn: Locator;
  readonly oneStep: Locator;
  readonly step: Locator;
  readonly previews: Locator;
  readonly changes: Locator;

  constructor(readonly page: Page) {
    this.start = page.getByRole('button', { name: 'Start training' });
    this.stop = page.getByRole('button', { name: 'Pause', exact: true });
    this.oneStep = page.getByRole('button', { name: 'One step' });
    this.goOn = page.getByRole('button', { name: /^Continue from step/ });
    this.step = page.getByRole('region', { name: 'Run', exact: true }).locator('dt:text-is("Step") + dd');
    this.previews = page.getByRole('region', { name: 'Previews' });
    this.changes = page.getByRole('region', { name: 'Changes during the run' });
  }

  async open(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.page.goto(`/#/train?${new URLSearchParams(settings).toString()}`);
    await this.page.getByRole('heading', { name: 'Train', level: 1 }).waitFor({ state: 'attached' });
  }

  /** Three clean images and two rainy ones, through the Library. */
  async importImages(): Promise<void> {
    const library = new LibraryPage(this.page);
    await library.open();
    await library.goTo('Clean');
    await library.drop([await photo('bay.png', 20), await photo('dune.png', 110), await photo('wood.png', 200)]);
    await library.collection('Clean', 3).waitFor();
    await library.goTo('Rainy');
    await library.drop([await rainyPhoto('street.png', 60, 80), await rainyPhoto('roof.png', 150, 100)]);
    await library.collection('Rainy', 2).waitFor();
  }

  /** Steps done, as the foot of the page says. */
  async steps(): Promise<number> {
    const text = await this.step.innerText();
    return Number(text.split(' of ')[0]!.replaceAll(',', ''));
  }

  chart(id: string): Locator {
    return this.page.locator(`figure[data-chart="${id}"]`);
  }

  /** A number among the settings. */
  setting(name: string): Locator {
    return this.page.getByRole('textbox', { name });
  }

  /** Drags the slider of a weight through these shares of its width, resting longer at each than a change waits, and lets go. */
  async dragWeight(name: string, shares: readonly number[]): Promise<void> {
    const slider = this.page.getByRole('slider', { name, exact: true });
    await slider.scrollIntoViewIfNeeded();
    const box = (await slider.boundingBox())!;
    const y = box.y + box.height / 2;
    await this.page.mouse.move(box.x + box.width * shares[0]!, y);
    await this.page.mouse.down();
    for (const share of shares) {
      await this.page.mouse.move(box.x + box.width * share, y, { steps: 4 });
      await this.page.waitForTimeout(450);
    }
    await this.page.mouse.up();
  }

  /** Downloads a network of the last run, for its bytes and its name; the dialog is left open. */
  async exportNetwork(network: 'student' | 'teacher'): Promise<Download> {
    const button = this.page.getByRole('button', { name: `Download the ${network}` });
    if (!(await button.isVisible())) await this.page.getByRole('button', { name: 'Export …' }).click();
    return downloadOf(this.page, () => button.click());
  }

  /** The downloaded table of curves: one record per step. */
  async curves(): Promise<Record<string, string>[]> {
    const text = await downloaded(this.page, () => this.page.getByRole('button', { name: 'CSV' }).click());
    const [header, ...lines] = text
      .toString('utf8')
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    return lines.map((cells) => Object.fromEntries(header!.map((name, index) => [name, cells[index] ?? ''])));
  }
}

/** The download that the page starts after `act`. */
export async function downloaded(page: Page, act: () => Promise<void>): Promise<Buffer> {
  return readFile(await (await downloadOf(page, act)).path());
}

/** The download itself, for its name. */
export async function downloadOf(page: Page, act: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return download;
}
