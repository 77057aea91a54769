import { readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join, relative } from 'node:path';
import { headersFor, WORKER_PATH } from '../scripts/headers.ts';
import { ROOT } from '../scripts/prepare.mjs';
import { ShellPage } from './support/shellPage.ts';
import { expect, test } from './support/test.ts';

const DIST = join(ROOT, 'dist');

test('every file of the built app carries the headers', async ({ request, server }) => {
  const paths = filesUnder(DIST);
  const kinds = new Set(paths.map((path) => path.replace(/^.*\./, '.')));
  expect([...kinds], 'the app has at least these').toEqual(expect.arrayContaining(['.html', '.js', '.css', '.wasm']));
  expect(
    paths.some((path) => path.startsWith(WORKER_PATH)),
    'and worker scripts',
  ).toBe(true);

  for (const path of ['/', ...paths]) {
    const response = await request.get(server.url + path);
    expect(response.status(), path).toBe(200);
    const headers = response.headers();
    expect(headers['cross-origin-opener-policy'], path).toBe('same-origin');
    expect(headers['cross-origin-embedder-policy'], path).toBe('require-corp');
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['content-security-policy'], path).toContain("default-src 'none'");
    if (path.endsWith('.js')) expect(headers['content-type'], path).toContain('text/javascript');
  }
  expect((await request.get(`${server.url}/`)).headers()['content-type']).toContain('text/html');
  expect((await request.get(server.url + paths.find((path) => path.endsWith('.wasm')))).headers()['content-type']).toBe(
    'application/wasm',
  );
});

test('the page may run its own scripts only; workers may also compile WebAssembly', async ({ request, server }) => {
  const page = policyOf((await request.get(`${server.url}/`)).headers());
  expect(page).toMatchObject({
    'script-src': "'self'",
    'style-src': "'self'",
    'connect-src': "'self'",
    'frame-ancestors': "'none'",
    'form-action': "'none'",
    'base-uri': "'none'",
  });

  const worker = filesUnder(DIST).find((path) => path.startsWith(WORKER_PATH));
  const policy = policyOf((await request.get(server.url + worker)).headers());
  expect(policy['script-src']).toContain("'wasm-unsafe-eval'");
  for (const sources of [...Object.values(page), ...Object.values(policy)]) {
    expect(sources).not.toMatch(/'unsafe-inline'|'unsafe-eval'|https?:|\*/);
  }
});

test('a static host gets the same headers, one rule per file', () => {
  const rules = readFileSync(join(DIST, '_headers'), 'utf8').trim().split('\n\n');
  const byPattern = new Map(rules.map((rule) => [rule.split('\n', 1)[0]!, rule]));
  for (const path of filesUnder(DIST)) {
    const matching = [...byPattern.keys()].filter((pattern) =>
      pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
    );
    expect(matching, path).toHaveLength(1);
    for (const [name, value] of Object.entries(headersFor(path)))
      expect(byPattern.get(matching[0]!), path).toContain(`  ${name}: ${value}`);
  }
});

test('the server gives out nothing but the app, and takes nothing', async ({ request, server }) => {
  for (const path of [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/nothing.js',
    '/assets',
    '/%00',
    '/%zz',
  ]) {
    expect(await statusOf(server.url, path), path).toBe(404);
  }
  expect((await request.post(`${server.url}/`)).status()).toBe(405);
});

test('the browser enforces the policy, and the page itself never runs into it', async ({ page, strayRequests }) => {
  const violations: string[] = [];
  await page.exposeFunction('noteViolation', (directive: string) => violations.push(directive));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      (globalThis as unknown as { noteViolation(directive: string): void }).noteViolation(
        `${event.effectiveDirective} ${event.blockedURI}`,
      );
    });
  });
  const shell = new ShellPage(page);
  await shell.open();
  for (const view of ['Train', 'Library', 'Derain'] as const) await shell.goTo(view);
  await shell.deviceChip.click();
  await page.keyboard.press('Escape');
  expect(violations).toEqual([]);

  // What the page adds to itself obeys the policy, unlike what the test runs in it.
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "inline ran"';
    document.head.append(script);
    const image = document.createElement('img');
    image.src = 'https://example.com/pixel.png';
    document.body.append(image);
  });
  await expect
    .poll(() => violations.toSorted())
    .toEqual(['img-src https://example.com/pixel.png', 'script-src-elem inline']);
  expect(await page.title()).not.toBe('inline ran');
  expect(strayRequests.splice(0), 'asked for by this test alone').toEqual(['https://example.com/pixel.png']);
});

/** Paths of all files under a folder, as a browser asks for them; `_headers` is for the host only. */
function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '_headers')
    .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/')}`);
}

function policyOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const directives = (headers['content-security-policy'] ?? '').split('; ');
  return Object.fromEntries(
    directives.map((directive) => [directive.split(' ', 1)[0]!, directive.slice(directive.indexOf(' ') + 1)]),
  );
}

/** Asks for a path exactly as written; browsers and fetch would tidy it up first. */
function statusOf(url: string, path: string): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
