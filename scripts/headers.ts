/**
 * The response headers of every file, in one place: the development server, `npm start` and the `_headers` file of a
 * static host all read them here.
 *
 * The page may load nothing but its own files. Workers take their policy from their own response, so only they may
 * compile WebAssembly; its threads are scripts of this site like any other. COOP and COEP make the page cross-origin
 * isolated, without which there is no shared memory and therefore no threads.
 */
type Policy = Readonly<Record<string, readonly string[]>>;

const SELF = "'self'";
const NONE = "'none'";

const PAGE_POLICY: Policy = {
  'default-src': [NONE],
  'script-src': [SELF],
  'style-src': [SELF],
  'img-src': [SELF, 'blob:', 'data:'],
  'connect-src': [SELF],
  'worker-src': [SELF],
  'manifest-src': [SELF],
  'base-uri': [NONE],
  'form-action': [NONE],
  'frame-ancestors': [NONE],
};

const WORKER_POLICY: Policy = {
  'default-src': [NONE],
  'script-src': [SELF, "'wasm-unsafe-eval'"],
  'connect-src': [SELF],
  'worker-src': [SELF],
};

/** What Vite's development server adds: inline styles, the inline preamble of fast refresh, and its socket. */
const DEVELOPMENT: Policy = {
  'script-src': ["'unsafe-inline'"],
  'style-src': ["'unsafe-inline'"],
  'connect-src': ['ws:'],
};

/** Enforced by Chromium behind a switch so far: unlike the policy, it also holds back WebRTC, navigation and new windows. */
const ALLOWLIST = '(response-origin)';

const COMMON: Readonly<Record<string, string>> = {
  'Connection-Allowlist': ALLOWLIST,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Where worker scripts lie, in the sources and in the built app alike. */
export const WORKER_PATH = '/workers/';
/** Where files with a content hash in their name lie: safe to cache for ever. */
export const HASHED_PATHS: readonly string[] = ['/assets/', WORKER_PATH];

/** The headers of the file at `path` (starts with '/'). `development` widens the policy to what Vite's own server needs. */
export function headersFor(path: string, development = false): Record<string, string> {
  const isWorker = path.startsWith(WORKER_PATH) || (development && path.includes('worker_file'));
  const base = isWorker ? WORKER_POLICY : PAGE_POLICY;
  const hashed = HASHED_PATHS.some((prefix) => path.startsWith(prefix));
  return {
    ...COMMON,
    'Content-Security-Policy': serialize(development ? widen(base, DEVELOPMENT) : base),
    ...(development ? {} : { 'Cache-Control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache' }),
  };
}

/**
 * The `_headers` file of static hosts (Netlify, Cloudflare Pages). Such hosts join the headers of all matching rules,
 * and two joined policies are both enforced; so each top-level entry of the built app (`directories`, `files`) gets one
 * rule of its own.
 */
export function headersFile(directories: readonly string[], files: readonly string[]): string {
  const rules: [pattern: string, sample: string][] = [
    ['/', '/'],
    ...files.map((name): [string, string] => [`/${name}`, `/${name}`]),
    ...directories.map((name): [string, string] => [`/${name}/*`, `/${name}/`]),
  ];
  return rules
    .map(([pattern, sample]) =>
      [pattern, ...Object.entries(headersFor(sample)).map(([name, value]) => `  ${name}: ${value}`)].join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}

function serialize(policy: Policy): string {
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ');
}

function widen(policy: Policy, by: Policy): Policy {
  return Object.fromEntries(
    Object.entries(policy).map(([directive, sources]) => [directive, [...sources, ...(by[directive] ?? [])]]),
  );
}
