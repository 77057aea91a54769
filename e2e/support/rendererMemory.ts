import { readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';

/** Between two looks at the processes, milliseconds. */
const EVERY_MS = 25;

/** What the page's processes held at most while they were watched. */
export interface MemoryWatch {
  /** Ends the watching; the peak over what they held at its begin, and in all, megabytes. Null where the system does not tell (only Linux does). */
  stop(): Promise<{ readonly grown: number; readonly peak: number } | null>;
}

interface ProcessInfo {
  readonly type: string;
  readonly id: number;
}

/**
 * Watches the resident memory of the browser's largest renderer: the process of the page with all its workers. Sampled from
 * /proc, because the browser's own figures leave out decoded pictures.
 */
export async function watchRenderer(browser: Browser): Promise<MemoryWatch> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as { processInfo: readonly ProcessInfo[] };
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const now = (): number => Math.max(0, ...renderers.map(residentMegabytes));
  const before = now();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, now());
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await session.detach();
      return before === 0 ? null : { grown: peak - before, peak };
    },
  };
}

/** 0 for a process that ended, or on a system without /proc. */
function residentMegabytes(process: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${process}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1e3;
  } catch {
    return 0;
  }
}
