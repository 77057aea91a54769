import { existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headersFor } from './headers.ts';
import { PortTaken, serve, type RunningServer } from './server.ts';

const LARGE = 8 << 20;
/** Beside the served folder, so that a path that climbs out would find it. */
const SECRET = 'not for the browser';

let folder: string;
let server: RunningServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'petrichor-server-'));
  const root = join(folder, 'app');
  mkdirSync(join(root, 'workers'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), SECRET);
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'digits.txt'), '0123456789');
  writeFileSync(join(root, 'empty.txt'), '');
  writeFileSync(join(root, 'workers', 'job.js'), 'postMessage(1);');
  writeFileSync(join(root, 'large.wasm'), Buffer.alloc(LARGE));
  server = await serve({ root, port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Asks for a path exactly as written; fetch would tidy it up first. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    request({ hostname, port, path, headers, method }, (response) => {
      let body = '';
      response.on('data', (part: Buffer) => (body += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('serve', () => {
  it.each(['/', '/digits.txt', '/workers/job.js', '/no/such/file', '/%zz'])(
    'puts the headers on the answer to %s, a refusal too',
    async (path) => {
      const { headers } = await ask(path);
      const wanted = headersFor(path === '/%zz' ? '/' : path);
      for (const [name, value] of Object.entries(wanted)) expect(headers[name.toLowerCase()]).toBe(value);
    },
  );

  it('tells the types that a browser insists on', async () => {
    expect((await ask('/')).headers['content-type']).toBe('text/html; charset=utf-8');
    expect((await ask('/workers/job.js')).headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect((await ask('/large.wasm', {}, 'HEAD')).headers).toMatchObject({
      'content-type': 'application/wasm',
      'content-length': String(LARGE),
    });
  });

  it('answers only GET and HEAD', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      expect((await ask('/', {}, method)).status, method).toBe(405);
  });

  it('knows an unchanged file by its tag', async () => {
    const { etag } = (await ask('/digits.txt')).headers;
    expect(await ask('/digits.txt', { 'If-None-Match': etag! })).toMatchObject({ status: 304, body: '' });
    expect((await ask('/digits.txt', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('refuses a port that is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(serve({ root: folder, port })).rejects.toBeInstanceOf(PortTaken);
  });

  it('closes at once, with a browser connected', async () => {
    const other = await serve({ root: join(folder, 'app'), port: 0 });
    const socket = connect(Number(new URL(other.url).port), 'localhost').on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve));
    await other.close();
    await expect(fetch(other.url)).rejects.toThrow();
  });
});

describe('ranges', () => {
  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=9-2', 200, '0123456789', undefined],
    ['bytes=-', 200, '0123456789', undefined],
    ['bytes=a-b', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
    ['bytes=0-1,4-5', 200, '0123456789', undefined],
  ])('%s gets %i', async (range, status, body, contentRange) => {
    const answer = await ask('/digits.txt', { Range: range });
    expect(answer).toMatchObject({ status, body });
    expect(answer.headers['content-range']).toBe(contentRange);
    expect(answer.headers['content-length']).toBe(String(body.length));
  });

  it.each([
    ['/digits.txt', 'bytes=10-'],
    ['/digits.txt', 'bytes=-0'],
    ['/empty.txt', 'bytes=0-'],
    ['/empty.txt', 'bytes=-1'],
  ])('%s has nothing at %s', async (path, range) => {
    const { status, headers } = await ask(path, { Range: range });
    expect(status).toBe(416);
    expect(headers['content-range']).toMatch(/^bytes \*\/\d+$/);
  });

  it('counts only while the file is the one that the browser began with', async () => {
    const { etag } = (await ask('/digits.txt')).headers;
    expect((await ask('/digits.txt', { Range: 'bytes=2-4', 'If-Range': etag! })).body).toBe('234');
    expect((await ask('/digits.txt', { Range: 'bytes=2-4', 'If-Range': '"older"' })).body).toBe('0123456789');
  });
});

describe('what a stranger may send', () => {
  const climbs = ['..', '%2e%2e', '%2E.', '..%2f', '..\\', '%5c..', '....', '..;', '%c0%ae%c0%ae'];
  const paths = [
    ...climbs.flatMap((up) => [
      `/${up}/secret.txt`,
      `/workers/${up}/${up}/secret.txt`,
      `/${up}/${up}/${up}/secret.txt`,
    ]),
    '//secret.txt',
    '/%00',
    '/digits.txt%00.html',
    '/%zz',
    '/%',
    '/%ff%fe',
    '/workers',
    '/digits.txt/',
    `/${'a'.repeat(8000)}`,
    `/${'a/'.repeat(3000)}`,
  ];

  it.each(paths)('%.60s is not found', async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body).not.toContain(SECRET);
  });

  it.each([
    'GET',
    'GET /\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET ../secret.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'GET http://elsewhere/../secret.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`,
    '\0\0\0\0\r\n\r\n',
  ])('survives the raw request %#', async (text) => {
    const answer = await raw(text);
    expect(answer).not.toContain(SECRET);
    expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
    expect((await ask('/digits.txt')).body).toBe('0123456789');
  });
});

describe.runIf(existsSync('/proc/self/fd'))('open files', () => {
  it('are closed when downloads are aborted', async () => {
    for (let i = 0; i < 8; i++) await Promise.all(Array.from({ length: 25 }, abortedDownload));
    await expect.poll(openLargeFiles, { timeout: 5000 }).toBe(0);
  });
});

/** Sends bytes as they are and resolves with what came back until the connection ended or went quiet. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.url).port), 'localhost');
    let answer = '';
    socket.setTimeout(200, () => socket.destroy());
    socket.on('data', (part) => (answer += part.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}

/** Begins to fetch the large file and hangs up at its first bytes. */
function abortedDownload(): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.url}/large.wasm`, (response) => {
      response.on('error', () => {});
      response.once('data', () => {
        asked.destroy();
        resolve();
      });
    });
    asked.on('error', reject).end();
  });
}

function openLargeFiles(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).endsWith('/large.wasm');
    } catch {
      return false;
    }
  }).length;
}
