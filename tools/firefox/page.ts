import { setTimeout as wait } from 'node:timers/promises';
import type { Firefox } from './bidi.ts';

/** How long a busy machine may take over one wait for the page, milliseconds. */
const PATIENCE_MS = 240_000;
const POLL_MS = 200;

interface Found {
  readonly x: number;
  readonly y: number;
  /** What lies over its middle; null when a click arrives. */
  readonly covered: string | null;
}

interface ScriptResult {
  readonly type: 'success' | 'exception';
  readonly result?: { readonly value?: unknown; readonly sharedId?: string };
  readonly exceptionDetails?: { readonly text: string };
}

/** A tab of its own storage, used as a person would: by what stands on buttons. */
export class FirefoxPage {
  private constructor(
    private readonly firefox: Firefox,
    private readonly context: string,
  ) {}

  static async open(firefox: Firefox): Promise<FirefoxPage> {
    const { userContext } = await firefox.send('browser.createUserContext', {});
    const { context } = await firefox.send('browsingContext.create', { type: 'tab', userContext });
    await firefox.send('browsingContext.setViewport', { context, viewport: { width: 1440, height: 900 } });
    await firefox.send('script.addPreloadScript', {
      functionDeclaration: String(watchPrompts),
      userContexts: [userContext],
    });
    return new FirefoxPage(firefox, String(context));
  }

  async goTo(url: string): Promise<void> {
    await this.firefox.send('browsingContext.navigate', { context: this.context, url, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.firefox.send('browsingContext.reload', { context: this.context, wait: 'complete' });
  }

  async close(): Promise<void> {
    await this.firefox.send('browsingContext.close', { context: this.context });
  }

  /** Runs a function in the page; arguments and result travel as JSON. */
  async run<Args extends unknown[], Result>(work: (...args: Args) => Result, ...args: Args): Promise<Awaited<Result>> {
    // The name function is what esbuild wraps around functions to keep their names.
    const code = `async (json) => { const __name = (f) => f; return JSON.stringify((await (${String(work)})(...JSON.parse(json))) ?? null); }`;
    const value = (await this.call(code, JSON.stringify(args))).value;
    return JSON.parse(String(value)) as Awaited<Result>;
  }

  /** Waits until a function in the page gives something, and returns that. */
  async until<Args extends unknown[], Result>(
    what: string,
    work: (...args: Args) => Result,
    ...args: Args
  ): Promise<NonNullable<Awaited<Result>>> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const result = await this.run(work, ...args);
      if (result) return result;
      if (Date.now() > end) throw new Error(`${what}: not within ${PATIENCE_MS / 1000} s`);
      await wait(POLL_MS);
    }
  }

  /** Waits until the page shows text of that pattern; returns what it caught, or all of it. */
  text(pattern: RegExp): Promise<string> {
    return this.until(
      String(pattern),
      (source) => {
        const match = new RegExp(source).exec(document.body.innerText);
        return match && (match[1] ?? match[0]);
      },
      pattern.source,
    );
  }

  /** Waits for a button or link of that name that stands still, and clicks on its middle. Throws when something lies over it. */
  async click(name: RegExp): Promise<void> {
    const find = (): Promise<Found> => this.until(`button ${String(name)}`, findButton, name.source);
    let place = await find();
    for (;;) {
      await wait(2 * POLL_MS);
      const next = await find();
      if (next.x === place.x && next.y === place.y) break;
      place = next;
    }
    const { x, y, covered } = place;
    if (covered) throw new Error(`${String(name)} lies under "${covered}"`);
    const actions = [
      { type: 'pointerMove', x, y },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ];
    const mouse = { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions };
    await this.firefox.send('input.performActions', { context: this.context, actions: [mouse] });
  }

  /** Gives files to the chooser that `name` opens. */
  async choose(name: RegExp, files: readonly string[]): Promise<void> {
    await this.click(name);
    await this.until('a file chooser', () => document.querySelector('[data-chooser]') !== null);
    await this.give('[data-chooser]', files);
  }

  /** Gives files to an input. */
  async give(selector: string, files: readonly string[]): Promise<void> {
    const { sharedId } = await this.call(`(selector) => document.querySelector(selector)`, selector);
    if (!sharedId) throw new Error(`There is no ${selector}.`);
    await this.firefox.send('input.setFiles', { context: this.context, element: { sharedId }, files });
  }

  private async call(functionDeclaration: string, argument: string): Promise<NonNullable<ScriptResult['result']>> {
    const answer = (await this.firefox.send('script.callFunction', {
      functionDeclaration,
      target: { context: this.context },
      arguments: [{ type: 'string', value: argument }],
      awaitPromise: true,
    })) as unknown as ScriptResult;
    if (answer.type === 'exception') throw new Error(answer.exceptionDetails?.text);
    return answer.result ?? {};
  }
}

/** Has file choosers stay closed until they are given files, and writes down whether the question about storage was answered. */
function watchPrompts(): void {
  const click = HTMLInputElement.prototype.click;
  HTMLInputElement.prototype.click = function (this: HTMLInputElement) {
    if (this.type !== 'file') return click.call(this);
    for (const old of document.querySelectorAll('[data-chooser]')) old.removeAttribute('data-chooser');
    this.dataset['chooser'] = '';
    this.hidden = true;
    if (!this.isConnected) document.body.append(this);
  };
  if (!isSecureContext) return; // about:blank, before the page: it has no storage to ask for
  const persist = StorageManager.prototype.persist;
  StorageManager.prototype.persist = function (this: StorageManager) {
    const asked = persist.call(this);
    Object.assign(globalThis, { storagePrompt: 'open' });
    void asked.finally(() => Object.assign(globalThis, { storagePrompt: 'answered' }));
    return asked;
  };
}

/** Middle of the first button or link on screen whose name fits; null for none that can be pressed. */
function findButton(source: string): Found | null {
  const fits = new RegExp(source);
  for (const element of document.querySelectorAll<HTMLElement>('button, a[href], label, [role="radio"]')) {
    const name = (element.getAttribute('aria-label') ?? element.innerText).trim();
    if (!fits.test(name) || !element.checkVisibility() || element.matches(':disabled')) continue;
    element.scrollIntoView({ block: 'nearest' });
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
    const hit = document.elementFromPoint(x, y);
    const reached = hit !== null && (element.contains(hit) || hit.contains(element));
    return { x, y, covered: reached ? null : (hit?.textContent?.slice(0, 80) ?? 'nothing') };
  }
  return null;
}
