import type { Locator, Page } from '@playwright/test';
import { dropFiles } from './drop.ts';
import type { TestFile } from './libraryFiles.ts';

export type CollectionTitle = 'Clean' | 'Rainy' | 'Pairs';

/** The Library as someone using it would speak of it. */
export class LibraryPage {
  readonly images: Locator;
  readonly errors: Locator;
  readonly summary: Locator;

  constructor(readonly page: Page) {
    this.images = page.getByRole('listbox').getByRole('option');
    this.errors = page.getByRole('region', { name: /^Not added/ }).getByRole('listitem');
    this.summary = page.getByRole('status').filter({ hasText: /added|already there|Cancelled|full/ });
  }

  async open(): Promise<void> {
    await this.page.goto('/#/library');
    await this.page.getByRole('heading', { name: 'Library', level: 1 }).waitFor();
  }

  async goTo(collection: CollectionTitle): Promise<void> {
    await this.page.getByRole('radio', { name: new RegExp(`^${collection}`) }).check({ force: true });
  }

  /** The collection's tab with its count, e.g. 'Clean 3'. */
  collection(collection: CollectionTitle, count: number): Locator {
    return this.page.getByRole('radio', { name: `${collection} ${count}`, exact: true });
  }

  image(name: string): Locator {
    return this.page.getByRole('option', { name: new RegExp(`^${name},`) });
  }

  /** The line about a refused file. */
  errorOf(name: string): Locator {
    return this.errors.filter({ hasText: name });
  }

  /** Drops files from outside the browser onto the page. */
  async drop(files: readonly TestFile[]): Promise<void> {
    await dropFiles(this.page, files);
  }

  /** Drags files or folders of this machine onto the page, as a file manager would. */
  async dragIn(paths: readonly string[]): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 300, y: 400, data });
    }
    await session.detach();
  }

  async addFolder(path: string): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Add folder' }).click();
    await (await chooser).setFiles(path);
  }
}
