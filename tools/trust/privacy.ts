import { createSocket } from 'node:dgram';
import { readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { ROOT } from '../../scripts/prepare.mjs';
import { useBuiltApp } from '../builtApp.ts';
import type { TrustRow } from './row.ts';

/** Where a probe tries to send something, none of it the page's own origin. */
interface Elsewhere {
  readonly http: string;
  readonly socket: string;
  readonly stun: string;
}

type Probe = (to: Elsewhere) => unknown;

interface Listener {
  readonly to: Elsewhere;
  /** What has come so far: nothing, connections without a byte, or bytes. */
  readonly heard: () => 'nothing' | 'connection' | 'bytes';
  readonly close: () => void;
}

/** Ways to send that a script in the page has. Each runs in a page of its own, as some leave it. */
const pageProbes: Readonly<Record<string, Probe>> = {
  fetch: ({ http }) => fetch(http, { mode: 'no-cors', method: 'POST', body: 'x' }).catch(() => null),
  XMLHttpRequest: ({ http }) => {
    const request = new XMLHttpRequest();
    request.open('POST', http);
    request.send('x');
  },
  beacon: ({ http }) => navigator.sendBeacon(http, 'x'),
  WebSocket: ({ socket }) => void new WebSocket(socket),
  WebTransport: ({ http }) => void new WebTransport(http.replace('http:', 'https:')).ready.catch(() => null),
  EventSource: ({ http }) => void new EventSource(http),
  'import()': ({ http }) => import(`${http}.js`).catch(() => null),
  Worker: ({ http }) => void new Worker(`${http}.js`),
  ...Object.fromEntries(
    (
      [
        ['img', 'src', ''],
        ['script', 'src', ''],
        ['iframe', 'src', ''],
        ['embed', 'src', ''],
        ['object', 'data', ''],
        ['video', 'src', ''],
        ...['stylesheet', 'icon', 'manifest', 'preload', 'modulepreload', 'prefetch', 'preconnect', 'dns-prefetch'].map(
          (rel) => ['link', 'href', rel] as const,
        ),
      ] as const
    ).map(([tag, attribute, rel]) => [
      rel ? `link ${rel}` : tag,
      // Text, since it is run in the page, where nothing of this file is known.
      `({ http }) => {
        const element = document.createElement('${tag}');
        if ('${rel}') element.setAttribute('rel', '${rel}');
        if ('${rel}' === 'preload') element.setAttribute('as', 'image');
        element.setAttribute('${attribute}', http);
        document.body.append(element);
      }` as unknown as Probe,
    ]),
  ),
  'CSS image': ({ http }) => {
    document.body.style.backgroundImage = `url(${http})`;
  },
  'CSS @import': ({ http }) => {
    document.body.append(Object.assign(document.createElement('style'), { textContent: `@import url(${http});` }));
  },
  font: ({ http }) => new FontFace('x', `url(${http})`).load().catch(() => null),
  'speculation rules': ({ http }) => {
    const rules = Object.assign(document.createElement('script'), { type: 'speculationrules' });
    rules.textContent = JSON.stringify({ prefetch: [{ urls: [http], eagerness: 'immediate' }] });
    document.body.append(rules);
  },
  ping: ({ http }) => {
    const link = Object.assign(document.createElement('a'), { href: '#/derain', ping: http });
    document.body.append(link);
    link.click();
  },
  form: ({ http }) => {
    const form = Object.assign(document.createElement('form'), { action: http, method: 'post' });
    document.body.append(form);
    form.submit();
  },
  WebRTC: async ({ stun }) => {
    const connection = new RTCPeerConnection({ iceServers: [{ urls: stun }] });
    connection.createDataChannel('x');
    await connection.setLocalDescription(await connection.createOffer());
  },
  'new window': ({ http }) => void window.open(http),
  navigation: ({ http }) => {
    location.href = http;
  },
};

/** Ways to send that a script in a worker has. */
const workerProbes: Readonly<Record<string, Probe>> = {
  'fetch in a worker': pageProbes['fetch']!,
  'WebSocket in a worker': pageProbes['WebSocket']!,
  'EventSource in a worker': pageProbes['EventSource']!,
  'import() in a worker': pageProbes['import()']!,
};

/** What no policy can stop, were there a hostile script in the page, where Connection-Allowlist is not enforced; the README names it. */
const OPEN: readonly string[] = ['WebRTC', 'new window', 'navigation'];
/** Refused by the policy, but not before Chromium has connected to the host, where its name could tell something. */
const OPEN_TO_CONNECT: readonly string[] = ['iframe', 'form'];

/** A page of the listener's own, opened as a person would. */
const CONTROL = 'control';

/** How long a probe's packet may take, milliseconds. */
const WAIT_MS = 1_000;

/** Chromium's switches for the header Connection-Allowlist, for versions that do not enforce it by themselves (156 does, 150 does not). */
const ALLOWLIST = '--enable-features=ConnectionAllowlists,OverrideConnectionAllowlistOriginTrial';

/**
 * Tries every way that is known by which a script in the page, or in one of its workers, could send something away, and listens for
 * packets: as browsers come, and where Chromium enforces our Connection-Allowlist. A listener that hears nothing from a page without our
 * headers is a fault, too.
 */
export async function checkPrivacy(): Promise<TrustRow[]> {
  return [
    await tryAll('as it comes', [], [OPEN, OPEN_TO_CONNECT]),
    await tryAll('with Connection-Allowlist enforced', [ALLOWLIST], [[], []]),
  ];
}

async function tryAll(
  browser: string,
  flags: readonly string[],
  [open, openToConnect]: readonly [sends: readonly string[], connects: readonly string[]],
): Promise<TrustRow> {
  const listeners = new Map<string, Listener>();
  try {
    await useBuiltApp(
      async (first) => {
        const context = first.context();
        const attempt = async (name: string, act: (page: Page, to: Elsewhere) => Promise<unknown>): Promise<void> => {
          const page = await context.newPage();
          const listener = await listen();
          listeners.set(name, listener);
          await act(page, listener.to);
          await page.waitForTimeout(WAIT_MS);
          for (const each of context.pages().filter((other) => other !== first)) await each.close();
        };
        await attempt(CONTROL, (page, { http }) => page.goto(http).catch(() => null));
        for (const [name, probe] of Object.entries(pageProbes))
          await attempt(name, async (page, to) => {
            await page.goto('/');
            await run(page, probe, to);
          });
        for (const [name, probe] of Object.entries(workerProbes))
          await attempt(name, async (page, to) => {
            await page.goto('/');
            const started = page.waitForEvent('worker');
            await page.evaluate((path) => void new Worker(path, { type: 'module' }), workerPath());
            await run(await started, probe, to);
          });
      },
      { flags },
    );
  } finally {
    for (const listener of listeners.values()) listener.close();
  }
  const namesOf = (what: ReturnType<Listener['heard']>): string[] =>
    [...listeners].flatMap(([name, { heard }]) => (heard() === what && name !== CONTROL ? [name] : []));
  const [sent, connected] = [namesOf('bytes'), namesOf('connection')];
  const told = [
    sent.length > 0 && `get out: ${sent.join(', ')}`,
    connected.length > 0 && `only connect: ${connected.join(', ')}`,
  ].filter((part) => part !== false);
  return {
    check: `privacy: Chromium ${browser}`,
    tried: `${listeners.size - 1} ways to send by a script in the page or a worker`,
    outcome: told.length === 0 ? 'none gets out' : told.join('; '),
    faults: [
      ...(listeners.get(CONTROL)?.heard() === 'bytes'
        ? []
        : ['the listener hears nothing even from a page of its own']),
      ...sent.filter((name) => !open.includes(name)).map((name) => `${name} gets out`),
      ...connected
        .filter((name) => ![...open, ...openToConnect].includes(name))
        .map((name) => `${name} connects to another host`),
    ],
  };
}

/** One of the app's own workers, as built. */
function workerPath(): string {
  const name = readdirSync(join(ROOT, 'dist', 'workers')).find((file) => file.startsWith('library.worker'));
  if (!name) throw new Error('The built app has no worker of the library.');
  return `/workers/${name}`;
}

/** Runs a probe in the page or worker. What it throws is a refusal, as is a page that it leaves. */
async function run(where: Pick<Page, 'evaluate'>, probe: Probe, to: Elsewhere): Promise<void> {
  await where.evaluate(`void (${String(probe)})(${JSON.stringify(to)})`).catch(() => null);
}

/** A program on this machine, on another origin than the page, that counts what reaches it by TCP and UDP; one for each probe, as packets may come late. */
async function listen(): Promise<Listener> {
  let [connections, pieces] = [0, 0];
  const streams = createServer((socket) => {
    connections++;
    socket.on('error', () => socket.destroy());
    socket.on('data', () => {
      pieces++;
      socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
    });
  });
  const datagrams = createSocket('udp4', () => void pieces++);
  await new Promise<void>((resolve) => streams.listen(0, '127.0.0.1', resolve));
  const { port } = streams.address() as AddressInfo;
  await new Promise<void>((resolve) => datagrams.bind(port, '127.0.0.1', resolve));
  const host = `127.0.0.1:${port}`;
  return {
    to: { http: `http://${host}/x`, socket: `ws://${host}/x`, stun: `stun:${host}` },
    heard: () => (pieces > 0 ? 'bytes' : connections > 0 ? 'connection' : 'nothing'),
    close: () => {
      streams.close();
      datagrams.close();
    },
  };
}
