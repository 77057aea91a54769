import type { Page } from 'playwright';

/** What the page's own thread did, by the processor time it took: another program's turns on a busy machine are not counted. */
export interface MainThread {
  /** Milliseconds of processor time of each task over 50 ms. */
  readonly long: readonly number[];
  /** Share of the time in which the thread computed, 0…1. */
  readonly load: number;
  /** The most expensive tasks: milliseconds and what ran in them. */
  readonly costliest: readonly string[];
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds: start and duration by the clock, then by the thread's processor time. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly data?: Readonly<Record<string, unknown>>; readonly name?: string };
}

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8', '__metadata'];
const LONG_MS = 50;

/** Runs `during` under Chromium's trace and reads the page's thread from it. */
export async function traceMainThread<Result>(
  page: Page,
  during: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly thread: MainThread }> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: CATEGORIES });
  const result = await during();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  return { result, thread: mainThreadOf(traceEvents) };
}

function mainThreadOf(events: readonly TraceEvent[]): MainThread {
  const own = eventsOfPage(events);
  const tasks = own.filter(({ name, ph }) => ph === 'X' && name === 'RunTask');
  const cpu = (event: TraceEvent): number => (event.tdur ?? event.dur ?? 0) / 1000;
  const spanMs = (Math.max(...tasks.map(({ ts }) => ts)) - Math.min(...tasks.map(({ ts }) => ts))) / 1000;
  const costly = tasks.toSorted((a, b) => cpu(b) - cpu(a)).slice(0, 12);
  return {
    long: tasks.map(cpu).filter((ms) => ms > LONG_MS),
    load: tasks.reduce((sum, task) => sum + cpu(task), 0) / spanMs,
    costliest: costly.map((task) => `${cpu(task).toFixed(0)} ms: ${partsOf(task, own, cpu).join('; ')}`),
  };
}

/** Events of the thread that draws the page's frames. */
function eventsOfPage(events: readonly TraceEvent[]): TraceEvent[] {
  const frames = new Map<string, number>();
  for (const { name, pid, tid } of events)
    if (name === 'FireAnimationFrame') frames.set(`${pid} ${tid}`, (frames.get(`${pid} ${tid}`) ?? 0) + 1);
  const [busiest] = [...frames].toSorted((a, b) => b[1] - a[1]);
  if (!busiest) throw new Error('The trace shows no frame of the page.');
  return events.filter(({ pid, tid }) => `${pid} ${tid}` === busiest[0]);
}

/** What took at least 4 ms of a task. */
function partsOf(task: TraceEvent, own: readonly TraceEvent[], cpu: (event: TraceEvent) => number): string[] {
  const end = task.ts + (task.dur ?? 0);
  return own
    .filter((event) => event !== task && event.ph === 'X' && event.ts >= task.ts && event.ts < end && cpu(event) >= 4)
    .map((event) => {
      const { functionName = '', url = '' } = (event.args?.data ?? {}) as { functionName?: string; url?: string };
      const where = [functionName, url.split('/').at(-1)].filter(Boolean).join(' ');
      return `${event.name}${where && ` (${where})`} ${cpu(event).toFixed(0)} ms`;
    });
}
