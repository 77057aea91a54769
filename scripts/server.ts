/**
 * The static server of `npm start` and of the browser tests. By hand: sirv 3.0.2 leaks the descriptor of every aborted
 * download (200 of 200) and ends the process on `Range: bytes=9-2`.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { headersFor } from './headers.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
};

export interface RunningServer {
  /** Without a slash at the end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The port asked for belongs to another program. */
export class PortTaken extends Error {}

/**
 * Serves the files under `root` to this machine only, with our headers. Port 0 takes any free one.
 * Throws PortTaken.
 */
export async function serve({ root, port }: { readonly root: string; readonly port: number }): Promise<RunningServer> {
  const server = createServer((request, response) => void answer(root, request, response));
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(taken ? new PortTaken(`Port ${port} cannot be used (${error.code}).`, { cause: error }) : error);
    });
    server.listen(port, 'localhost', resolve);
  });
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request.url ?? '/');
  for (const [name, value] of Object.entries(headersFor(path ?? '/'))) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'Only GET and HEAD are answered here.');
  const file = path === null ? null : join(root, path.endsWith('/') ? `${path}index.html` : path);
  const info = file === null ? null : await stat(file).catch(() => null);
  if (file === null || !info?.isFile()) {
    response.setHeader('Cache-Control', 'no-cache');
    return refuse(response, 404, 'There is no such file.');
  }

  const tag = `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}"`;
  response.setHeader('ETag', tag);
  response.setHeader('Accept-Ranges', 'bytes');
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304).end();
    return;
  }
  const condition = request.headers['if-range'];
  const range = condition === undefined || condition === tag ? rangeOf(request.headers.range, info.size) : WHOLE;
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${info.size}`);
    return refuse(response, 416, 'The file ends before this range.');
  }
  const { start, end } = range ?? { start: 0, end: info.size - 1 };
  if (range) response.setHeader('Content-Range', `bytes ${start}-${end}/${info.size}`);
  response.writeHead(range ? 206 : 200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Length': end - start + 1,
  });
  if (request.method === 'HEAD' || end < start) response.end();
  // A pipeline closes the file when the browser goes away, which pipe() does not.
  else await pipeline(createReadStream(file, { start, end }), response).catch(() => response.destroy());
}

const WHOLE = null;

/**
 * The bytes that a Range header asks for (RFC 9110, section 14.2), both ends included. Anything but one well-formed range
 * is ignored, as the standard allows, and gets the whole file.
 */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return WHOLE;
  if (first === '')
    return last === '0' || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - Number(last)), end: size - 1 };
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return WHOLE;
  return start >= size ? 'unsatisfiable' : { start, end };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
}

/** The path asked for, or null when it is malformed or climbs out of the root. */
function pathOf(url: string): string | null {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0]!);
    const flat = normalize(path).split(sep).join('/');
    return flat.startsWith('/') && !flat.includes('\0') && !flat.split('/').includes('..') ? flat : null;
  } catch {
    return null;
  }
}
