import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

/** Names of Chrome, Chromium and Edge on the search path of Linux. */
const LINUX_NAMES = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];
const MAC_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const WINDOWS_PATHS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];
const DOWNLOAD_MS = 240_000;

/** The variable that names a browser by hand, and by which one run hands its find to the next. */
export const CHROMIUM_VARIABLE = 'CHROMIUM';

/**
 * The path of a Chromium that starts: the one named by hand, else a system browser, else Playwright's own.
 * Null when there is none. Installs nothing.
 */
export function findChromium(): string | null {
  const named = process.env[CHROMIUM_VARIABLE];
  if (named) return named;
  return [...systemPaths(), chromium.executablePath()].find(starts) ?? null;
}

/**
 * Like `findChromium`, and where there is none fetches Playwright's own, or else the distribution's package.
 * Throws with what to do by hand.
 */
export function ensureChromium(): string {
  const found = findChromium();
  if (found) return found;

  console.log('No Chrome, Chromium or Edge found; fetching Playwright’s Chromium …');
  run(
    process.execPath,
    [join('node_modules', 'playwright', 'cli.js'), 'install', '--no-shell', 'chromium'],
    DOWNLOAD_MS,
  );
  const own = findChromium();
  if (own) return own;

  installPackage();
  const packaged = findChromium();
  if (packaged) return packaged;
  throw new Error(
    `No Chromium could be found or installed. Install Chrome, Chromium or Edge, or name one: ${CHROMIUM_VARIABLE}=/path/to/chrome npm test`,
  );
}

/**
 * Flags for tests: no traffic of the browser's own; with `webgpu`, an adapter asked for by name (the software one that
 * comes with Chromium, unless WEBGPU_ADAPTER says otherwise), else none.
 */
export function chromiumFlags(webgpu: boolean): string[] {
  const quiet = [
    '--no-sandbox',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  if (!webgpu) return quiet;
  // A test that crashes the graphics process gets a new one, as often as it likes.
  const crashes = ['--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'];
  const adapter = process.env['WEBGPU_ADAPTER'] ?? 'swiftshader';
  return [...quiet, ...crashes, '--enable-unsafe-webgpu', `--use-webgpu-adapter=${adapter}`];
}

function systemPaths(): string[] {
  if (process.platform === 'darwin') return MAC_PATHS;
  if (process.platform === 'win32') {
    const roots = ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((name) => process.env[name] ?? []);
    return roots.flatMap((root) => WINDOWS_PATHS.map((path) => join(root, path)));
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return LINUX_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** Exists and tells its version; a stub that only points to another package does not. Windows' browsers tell none. */
function starts(path: string): boolean {
  if (!existsSync(path)) return false;
  return (
    process.platform === 'win32' || spawnSync(path, ['--version'], { timeout: 20_000, stdio: 'ignore' }).status === 0
  );
}

/** Debian's and its children's package, as root or through sudo where that asks no password. */
function installPackage(): void {
  if (process.platform !== 'linux' || spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return;
  console.log('Installing the distribution’s Chromium …');
  const [command, before] = isRoot ? ['apt-get', []] : ['sudo', ['-n', 'apt-get']];
  run(command, [...before, 'update', '-qq'], DOWNLOAD_MS);
  run(command, [...before, 'install', '-y', '-qq', '--no-install-recommends', 'chromium'], DOWNLOAD_MS);
}

function run(command: string, args: readonly string[], timeout: number): void {
  spawnSync(command, args, { stdio: 'inherit', timeout, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}
