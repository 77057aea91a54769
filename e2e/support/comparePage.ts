import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { dropFiles } from './drop.ts';
import type { TestFile } from './libraryFiles.ts';

/** The Compare view as someone using it would speak of it. */
export class ComparePage {
  readonly derainers: Locator;
  readonly status: Locator;
  readonly grid: Locator;
  /** The names of the images in the grid; a press shows one alone. */
  readonly names: Locator;
  readonly table: Locator;
  readonly presented: Locator;

  constructor(readonly page: Page) {
    this.derainers = page.getByRole('region', { name: 'Derainers' });
    this.status = page.getByRole('group', { name: 'This comparison' });
    this.grid = page.getByRole('group', { name: /Keys: 1 to 9/ });
    this.names = this.grid.locator('button[aria-pressed]');
    this.table = page.getByRole('region', { name: 'Table of figures' });
    this.presented = page.getByRole('dialog', { name: /presented$/ });
  }

  /** Opens the view with no derainer chosen. */
  async open(): Promise<void> {
    await this.page.goto('/#/compare?models=');
    await this.page.getByRole('heading', { name: 'Compare', level: 1 }).waitFor({ state: 'attached' });
  }

  async openModels(files: readonly TestFile[]): Promise<void> {
    await this.page.getByLabel('Model files').setInputFiles([...files]);
  }

  /** Drops photos or model files onto the page. */
  async drop(files: readonly TestFile[]): Promise<void> {
    await dropFiles(this.page, files);
  }

  /** Says which network a file holds, when asked. */
  async answer(network: string): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: 'Which network is it?' });
    await dialog.getByRole('radio', { name: network, exact: true }).check();
    await dialog.getByRole('button', { name: 'Open' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Says how an ONNX model takes images, when asked: as most do. */
  async answerAsUsual(): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: 'How does it take images?' });
    await expect(dialog.getByRole('radio', { name: '0 to 1', exact: true })).toBeChecked();
    await dialog.getByRole('button', { name: 'Open' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  async choosePhotos(files: readonly TestFile[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: /^(Choose|Add) photos$/ }).click();
    await (await chooser).setFiles([...files]);
  }

  /** An image of the grid with its figures. */
  cell(name: string): Locator {
    return this.grid.getByRole('figure').filter({ has: this.page.getByRole('button', { name }) });
  }

  /** Where the images of the grid are, pixels. */
  async places(): Promise<readonly unknown[]> {
    const images = await this.grid.getByRole('img').all();
    return Promise.all(images.map((image) => image.boundingBox()));
  }

  /** An image in the list. */
  image(name: string): Locator {
    return this.page.getByRole('list', { name: 'Images' }).getByRole('button', { name });
  }

  async show(part: 'Images' | 'Table'): Promise<void> {
    await this.status.getByRole('radio', { name: part }).check({ force: true });
  }

  /** Presses a button that gives a file. */
  async download(button: string): Promise<{ name: string; bytes: Buffer }> {
    const arriving = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: button }).click();
    const file = await arriving;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  }
}
