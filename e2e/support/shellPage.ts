import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect } from './test.ts';

/** The rules of axe that depend on colours. */
const COLOR_RULES = ['color-contrast', 'link-in-text-block'];

export type View = 'Derain' | 'Compare' | 'Train' | 'Lab' | 'Library';

/** The frame around every view, in the user's words. Page objects of views extend it. */
export class ShellPage {
  readonly page: Page;
  readonly content: Locator;
  readonly deviceChip: Locator;
  readonly devicePanel: Locator;
  readonly messages: Locator;

  constructor(page: Page) {
    this.page = page;
    this.content = page.getByRole('main');
    this.deviceChip = page.getByRole('button', { name: /^Device: / });
    this.devicePanel = page.getByRole('dialog', { name: 'This device' });
    this.messages = page.getByRole('region', { name: 'Messages' });
  }

  /** Opens the page at a view, with settings as they stand in the address. */
  async open(view: View = 'Derain', settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const query = new URLSearchParams(settings).toString();
    await this.page.goto(`/#/${view.toLowerCase()}${query ? `?${query}` : ''}`);
    await this.isShowing(view);
  }

  async goTo(view: View): Promise<void> {
    await this.viewLink(view).click();
    await this.isShowing(view);
  }

  /** The view is on screen, not only named in the bar. */
  async isShowing(view: View): Promise<void> {
    await expect(this.viewLink(view)).toHaveAttribute('aria-current', 'page');
    await expect(this.page).toHaveTitle(new RegExp(`(^| · )${view} · Petrichor$`));
    await expect(this.content.getByRole('heading', { level: 1 })).toHaveCount(1);
  }

  viewLink(view: View): Locator {
    return this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view });
  }

  themeSwitch(): Locator {
    return this.page.getByRole('button', { name: /^Use the (light|dark) theme$/ });
  }

  /** The brightness of the room, 0…255: what the eye sees, whatever the style sheet says. */
  async brightness(): Promise<number> {
    return this.page.evaluate(() => {
      const [r = 0, g = 0, b = 0] = getComputedStyle(document.documentElement)
        .backgroundColor.match(/\d+/g)!
        .map(Number);
      return (r + g + b) / 3;
    });
  }

  /** Presses Tab until `target` has focus; fails after `most` presses. */
  async tabTo(target: Locator, most = 40): Promise<void> {
    for (let presses = 0; presses < most; presses++) {
      await this.page.keyboard.press('Tab');
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`${target} cannot be reached within ${most} presses of Tab.`);
  }

  /**
   * Axe finds nothing, in the rules of WCAG 2.2 AA and its own best practices or in the `rules` named, once what fades in
   * has arrived. In legacy mode it skips frames of other origins, which the page's policy allows none of.
   */
  async isAccessible(rules?: readonly string[]): Promise<void> {
    await this.page.waitForFunction(() =>
      document
        .getAnimations()
        .every(({ effect, playState }) => playState !== 'running' || effect?.getTiming().iterations === Infinity),
    );
    const axe = new AxeBuilder({ page: this.page }).setLegacyMode().options({ resultTypes: ['violations'] });
    const { violations } = await (rules ? axe.withRules([...rules]) : axe).analyze();
    const found = violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary}`).join('\n')}`,
    );
    expect(found.join('\n\n')).toBe('');
  }

  /** The same in the light and in the dark theme of the system, which differ in nothing but colours. */
  async isAccessibleInBothThemes(): Promise<void> {
    await this.page.emulateMedia({ colorScheme: 'light' });
    await this.isAccessible();
    await this.page.emulateMedia({ colorScheme: 'dark' });
    await this.isAccessible(COLOR_RULES);
  }

  /** Nothing sticks out sideways. */
  async fitsItsWidth(): Promise<void> {
    const overhang = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overhang).toBeLessThanOrEqual(0);
  }
}
