import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from '@playwright/test';
import type { TestFile } from './libraryFiles.ts';

/** The Derain view as someone using it would speak of it. */
export class DerainPage {
  readonly status: Locator;
  readonly student: Locator;
  readonly divider: Locator;
  readonly stage: Locator;
  readonly photos: Locator;
  readonly alerts: Locator;

  constructor(readonly page: Page) {
    this.status = page.getByRole('group', { name: 'This photo' });
    this.student = page.getByRole('combobox', { name: 'Student' });
    this.divider = page.getByRole('slider', { name: /^Divider/ });
    this.stage = page.getByRole('img', { name: /Keys: plus and minus zoom/ });
    this.photos = page.getByRole('list', { name: 'Photos' }).getByRole('listitem');
    this.alerts = page.getByRole('alert');
  }

  async open(settings = ''): Promise<void> {
    await this.page.goto(`/#/derain${settings}`);
    await this.page.getByRole('heading', { name: 'Derain', level: 1 }).waitFor({ state: 'attached' });
  }

  /** Opens a model file and waits until it can be chosen: a student is, by then, what derains. */
  async openModelFile(file: TestFile): Promise<void> {
    await this.offerModelFile(file);
    await this.student
      .locator('option', { hasText: file.name.replace('.safetensors', '') })
      .last()
      .waitFor({ state: 'attached', timeout: 30_000 });
  }

  /** Opens a model file that may be refused. */
  async offerModelFile(file: TestFile): Promise<void> {
    await this.page.getByLabel('Model file', { exact: true }).setInputFiles(file);
  }

  async choosePhotos(files: readonly TestFile[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: /^(Choose|Add) photos$/ }).click();
    await (await chooser).setFiles([...files]);
  }

  /** Waits until the photo on the stage is finished. */
  async finished(): Promise<void> {
    await this.status.filter({ hasText: 'Done in' }).waitFor({ timeout: 120_000 });
  }

  async format(name: 'PNG' | 'JPEG' | 'WebP'): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Format' }).selectOption({ label: name });
  }

  /** Presses a button that gives a file. */
  async download(button: string | RegExp = /^Download$/): Promise<{ name: string; bytes: Buffer }> {
    const arriving = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: button }).click();
    const file: Download = await arriving;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  }
}
