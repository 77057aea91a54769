import type { Locator, Page } from '@playwright/test';
import { ShellPage } from './shellPage.ts';

/** The loss of a row of the patch playground. */
export type LossName = 'content' | 'direction' | 'parallel' | 'perpendicular';

/** The Lab, in the user's words. */
export class LabPage extends ShellPage {
  readonly descend: Locator;
  readonly label: Locator;
  /** The experiment that the address describes. */
  readonly linked: Locator;
  /** In the top bar. */
  readonly strip: Locator;

  constructor(page: Page) {
    super(page);
    this.descend = page.getByRole('region', { name: 'Descend' });
    this.linked = page.getByRole('region', { name: 'Experiment of this link' });
    this.strip = page.getByRole('link', { name: /^Experiment: / });
    this.label = page.getByRole('slider', { name: 'Label of the rain' });
  }

  async openPatch(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.open('Lab', { part: 'patch', ...settings });
  }

  /** Opens the link of an experiment: variants as 'name:settings;…', one seed, settings of its base by their keys. */
  async openExperiment(title: string, variants: string, base: Readonly<Record<string, string>>): Promise<void> {
    const settings = Object.entries(base).map(([key, value]) => [`x.base.${key}`, value]);
    await this.open('Lab', {
      part: 'experiments',
      'x.title': title,
      'x.variants': variants,
      'x.seeds': '1',
      ...Object.fromEntries(settings),
    });
  }

  async openRuns(): Promise<void> {
    await this.part('Runs').click();
  }

  /** The link to a part of the Lab. */
  part(name: string): Locator {
    return this.page.getByRole('link', { name, exact: true });
  }

  /** A run in the list of its experiment. */
  run(name: string): Locator {
    return this.page
      .getByRole('list', { name: 'Runs of the experiment' })
      .getByRole('listitem')
      .filter({ hasText: name });
  }

  /** Steps that a run of the experiment has done. */
  async stepsOf(name: string): Promise<number> {
    const text = await this.run(name).innerText();
    return Number(/([\d,]+) of/.exec(text)![1]!.replaceAll(',', ''));
  }

  /** The chart of a measure of the runs shown. */
  curves(id: string): Locator {
    return this.page.locator(`[data-chart=${id}]`).getByRole('img');
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
