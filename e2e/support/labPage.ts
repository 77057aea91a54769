import type { Locator, Page } from '@playwright/test';
import { ShellPage } from './shellPage.ts';

/** The loss of a row of the patch playground. */
export type LossName = 'content' | 'direction' | 'parallel' | 'perpendicular';

/** The Lab, in the user's words. */
export class LabPage extends ShellPage {
  readonly descend: Locator;
  readonly label: Locator;

  constructor(page: Page) {
    super(page);
    this.descend = page.getByRole('region', { name: 'Descend' });
    this.label = page.getByRole('slider', { name: 'Label of the rain' });
  }

  async openPatch(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.open('Lab', { part: 'patch', ...settings });
  }

  slider(name: string): Locator {
    return this.page.getByRole('slider', { name, exact: true });
  }

  /** A loss as a share of that of an empty estimate, percent. */
  async share(loss: LossName): Promise<number> {
    const text = await this.page.locator(`tr[data-loss=${loss}] td`).first().textContent();
    return Number(text!.replace(/[^\d.]/g, ''));
  }
}
