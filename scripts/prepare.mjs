/**
 * What must be there before anything else runs: packages and a built app. Plain JavaScript without imports from
 * node_modules, because on a fresh clone there is none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');

const OLDEST_NODE = [20, 19];

/** Stops with a sentence instead of a stack of syntax errors when Node is too old for Vite. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(
    `Petrichor needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}. See https://nodejs.org.`,
  );
  process.exit(1);
}

/** Runs `npm ci` when packages of the lock file are missing or of another version. */
export function ensureInstalled() {
  const why = missingPackage();
  if (!why) return;
  console.log(`Installing packages (${why}) …`);
  runNpm(['ci', '--no-audit', '--no-fund']);
}

/** Builds the app when it was never built or a source is newer than the build. */
export function ensureBuilt() {
  const why = staleBuild();
  if (!why) return;
  console.log(`Building (${why}) …`);
  runNpm(['run', '--silent', 'build']);
}

/** Why packages must be installed, or null. Compares the lock file with npm's own record of what it installed. */
function missingPackage() {
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'none are installed yet';
  const { packages: wanted } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const { packages: present } = JSON.parse(readFileSync(record, 'utf8'));
  for (const [path, { version, optional, link }] of Object.entries(wanted)) {
    if (path === '' || optional || link) continue;
    if (present[path]?.version !== version) return `${path.replace('node_modules/', '')} ${version} is missing`;
  }
  return null;
}

const BUILD_INPUTS = [
  'index.html',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'public',
  'scripts',
  'src',
  'workers',
];

/** Why the app must be built, or null. */
function staleBuild() {
  const built = join(ROOT, 'dist', '_headers');
  if (!existsSync(built)) return 'not built yet';
  const builtAt = statSync(built).mtimeMs;
  for (const input of BUILD_INPUTS) {
    const newer = newerThan(join(ROOT, input), builtAt);
    if (newer) return `${newer.slice(ROOT.length + 1)} has changed`;
  }
  return null;
}

/** The first file at or under `path` that changed after `time`; tests do not count. */
function newerThan(path, time) {
  if (!existsSync(path)) return null;
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs > time && !/\.(test|bench)\.tsx?$/.test(path) ? path : null;
  for (const name of readdirSync(path)) {
    const newer = newerThan(join(path, name), time);
    if (newer) return newer;
  }
  return null;
}

/** Runs npm in the root with its output shown; ends this process with npm's status when it fails. */
function runNpm(args) {
  const inside = process.env.npm_execpath;
  const [command, first] = inside ? [process.execPath, [inside]] : ['npm', []];
  const { status, error } = spawnSync(command, [...first, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: !inside && process.platform === 'win32',
  });
  if (status === 0) return;
  console.error(`npm ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.`);
  process.exit(status || 1);
}
