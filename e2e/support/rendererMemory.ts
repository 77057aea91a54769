import { readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';

/** Between two looks at the processes, milliseconds. */
const EVERY_MS = 25;

/** What the page's process held at most while it was watched, resident, megabytes. */
export interface PeakMemory {
  /** More of its own than at the begin. */
  readonly own: number;
  /** More in all: with what it shares with the browser, such as drawn images that the browser keeps (up to 512 MB) as long as there is room. */
  readonly all: number;
  /** What is its own at the end, whatever it was at the begin. */
  readonly held: number;
}

export interface MemoryWatch {
  /** Ends the watching. Null where the system does not tell (only Linux does). */
  stop(): Promise<PeakMemory | null>;
}

interface ProcessInfo {
  readonly type: string;
  readonly id: number;
}

/**
 * Watches the resident memory of the browser's largest renderer: the process of the page with all its workers. Sampled from
 * /proc, because the browser's own figures leave out decoded images.
 */
export async function watchRenderer(browser: Browser): Promise<MemoryWatch> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as { processInfo: readonly ProcessInfo[] };
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const now = (): Omit<PeakMemory, 'held'> =>
    renderers.map(residentMegabytes).reduce((a, b) => (a.all > b.all ? a : b));
  const before = now();
  let peak = before;
  const timer = setInterval(() => {
    const { own, all } = now();
    peak = { own: Math.max(peak.own, own), all: Math.max(peak.all, all) };
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await session.detach();
      if (before.all === 0) return null;
      return { own: peak.own - before.own, all: peak.all - before.all, held: now().own };
    },
  };
}

/** 0 for a process that ended, or on a system without /proc. */
function residentMegabytes(process: number): Omit<PeakMemory, 'held'> {
  try {
    const status = readFileSync(`/proc/${process}/status`, 'utf8');
    const megabytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1e3;
    return { own: megabytes('RssAnon'), all: megabytes('VmRSS') };
  } catch {
    return { own: 0, all: 0 };
  }
}
