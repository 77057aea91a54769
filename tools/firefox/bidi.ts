import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How long Firefox may take to start, or to answer a command, milliseconds. */
const PATIENCE_MS = 180_000;

interface Answer {
  readonly id?: number;
  readonly type: 'success' | 'error' | 'event';
  readonly result?: Readonly<Record<string, unknown>>;
  readonly message?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

interface Waiting {
  resolve(result: Readonly<Record<string, unknown>>): void;
  reject(error: Error): void;
}

/**
 * A headless Firefox, spoken to in WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/) over its own socket. By hand, as Firefox ESR 140
 * lacks commands that the clients of Playwright and Puppeteer take for granted, and Selenium's needs another program.
 */
export class Firefox {
  private readonly waiting = new Map<number, Waiting>();
  private next = 1;

  private constructor(
    private readonly program: ChildProcess,
    private readonly socket: WebSocket,
    private readonly onEvent: (method: string, params: Readonly<Record<string, unknown>>) => void,
  ) {
    socket.addEventListener('message', ({ data }) => this.receive(JSON.parse(String(data)) as Answer));
  }

  /** Starts the program on a profile folder of its own. Rejects when it is not there or does not open its socket. */
  static async start(path: string, profile: string, onEvent: Firefox['onEvent']): Promise<Firefox> {
    const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
    const program = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const socket = new WebSocket(`${await addressOf(program)}/session`);
    await once(socket, 'open');
    const firefox = new Firefox(program, socket, onEvent);
    await firefox.send('session.new', { capabilities: {} });
    return firefox;
  }

  /** Sends a command; rejects with what Firefox says when it refuses. */
  send(method: string, params: object): Promise<Readonly<Record<string, unknown>>> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`Firefox does not answer ${method}.`)), PATIENCE_MS);
      const settled = (act: () => void): void => {
        clearTimeout(late);
        act();
      };
      this.waiting.set(id, {
        resolve: (result) => settled(() => resolve(result)),
        reject: (error) => settled(() => reject(error)),
      });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  async close(): Promise<void> {
    const gone = this.program.exitCode === null ? once(this.program, 'exit') : null;
    await this.send('browser.close', {}).catch(() => this.program.kill());
    await gone;
  }

  private receive({ id, type, result, message, method, params }: Answer): void {
    if (type === 'event') return this.onEvent(method ?? '', params ?? {});
    const waiting = this.waiting.get(id ?? 0);
    this.waiting.delete(id ?? 0);
    if (type === 'success') waiting?.resolve(result ?? {});
    else waiting?.reject(new Error(message));
  }
}

/** The address of the socket that a starting Firefox prints. */
async function addressOf(program: ChildProcess): Promise<string> {
  const lines = createInterface(program.stderr!);
  const late = setTimeout(() => program.kill(), PATIENCE_MS);
  try {
    return await new Promise((resolve, reject) => {
      program.once('error', reject);
      program.once('exit', () => reject(new Error('Firefox ended before it could be spoken to.')));
      lines.on('line', (line) => {
        const address = /WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1];
        if (address) resolve(address);
      });
    });
  } finally {
    clearTimeout(late);
  }
}
