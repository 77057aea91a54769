import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './prepare.mjs';
import { PortTaken, serve, type RunningServer } from './server.ts';

const DEFAULT_PORT = 4173;

/** Serves the built app until interrupted. A port asked for by hand must be free; the default one gives way to any free port. */
export async function start(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string' }, 'no-open': { type: 'boolean' } },
  });
  const asked = values.port ?? process.env['PORT'];
  const server = await open(asked);
  console.log(`\n  Petrichor is at  ${server.url}\n  Ctrl-C stops it. Nothing you do there leaves this machine.\n`);
  if (!values['no-open'] && canOpen()) openInBrowser(server.url);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void server.close().then(() => process.exit(0)));
  }
}

async function open(asked: string | undefined): Promise<RunningServer> {
  const root = join(ROOT, 'dist');
  const port = asked === undefined ? DEFAULT_PORT : Number(asked);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return fail(`"${asked}" is not a port: use a whole number up to 65535.`);
  try {
    return await serve({ root, port });
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error;
    if (asked !== undefined)
      return fail(`Port ${port} is taken by another program. Choose another: npm start -- --port ${port + 1}`);
    const server = await serve({ root, port: 0 });
    console.log(
      `Port ${port} is taken by another program, so this uses ${new URL(server.url).port}.\n` +
        `Browsers keep photos and models per port: what you stored under ${port} is not visible under another.`,
    );
    return server;
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

/** Whether there is somebody at a screen. */
function canOpen(): boolean {
  if (process.env['CI']) return false;
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

function openInBrowser(url: string): void {
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', url]]
        : ['xdg-open', [url]];
  const child = spawn(command as string, args as string[], { stdio: 'ignore', detached: true });
  // The address is printed already; a machine without an opener loses nothing.
  child.on('error', () => {});
  child.unref();
}
