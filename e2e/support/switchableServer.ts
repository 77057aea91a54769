import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type RunningServer } from '../../scripts/server.ts';

/** A server that can be gone, and come back on the same port with another build. */
export class SwitchableServer {
  readonly url: string;
  private current: RunningServer | null;

  private constructor(
    server: RunningServer,
    private root: string,
  ) {
    this.url = server.url;
    this.current = server;
  }

  static async start(root: string): Promise<SwitchableServer> {
    return new SwitchableServer(await serve({ root, port: 0 }), root);
  }

  async stop(): Promise<void> {
    await this.current?.close();
    this.current = null;
  }

  /** Comes back with the build it had. */
  again(): Promise<void> {
    return this.switchTo(this.root);
  }

  async switchTo(root: string): Promise<void> {
    await this.stop();
    this.root = root;
    this.current = await serve({ root, port: Number(new URL(this.url).port) });
  }
}

/** A copy of a build whose page says `<meta name="build" content="second">`, and the end of it. */
export function secondBuild(first: string): { readonly root: string; readonly remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'petrichor-build-'));
  cpSync(first, root, { recursive: true });
  const page = join(root, 'index.html');
  const worker = join(root, 'serviceWorker.js');
  const before = readFileSync(page, 'utf8');
  const after = before.replace('</head>', '<meta name="build" content="second" /></head>');
  writeFileSync(page, after);
  let code = readFileSync(worker, 'utf8');
  for (const [kind, coding] of [
    ['md5', 'hex'],
    ['sha256', 'base64'],
  ] as const) {
    const [old, now] = [before, after].map((text) => createHash(kind).update(text).digest(coding)) as [string, string];
    if (!code.includes(old)) throw new Error(`serviceWorker.js does not name the ${kind} of index.html.`);
    code = code.replace(old, now);
  }
  writeFileSync(worker, code);
  return { root, remove: () => rmSync(root, { recursive: true }) };
}
