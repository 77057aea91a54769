import { afterEach, beforeEach, expect, it } from 'vitest';
import { reloadWithTakenUpdate, TAKE_OVER_MS } from './updateReload.ts';

class Container extends EventTarget {
  controller: ServiceWorker | null = null;
}

/** Two tabs of one browser, with a clock of their own. */
let tabs: { readonly container: Container; readonly take: () => void; reloads: number; readonly end: () => void }[];
let time: number;

beforeEach(() => {
  time = 0;
  tabs = [0, 1].map((_, i) => {
    const container = new Container();
    container.controller = workerOf('first');
    const channel = new BroadcastChannel('update of a test');
    const count = (): void => void (tabs[i]!.reloads += 1);
    const take = reloadWithTakenUpdate(container, count, () => time, channel);
    return { container, take, reloads: 0, end: () => channel.close() };
  });
});
afterEach(() => tabs.forEach(({ end }) => end()));

const workerOf = (build: string): ServiceWorker => ({ scriptURL: build }) as ServiceWorker;
const change = (tab: number, build = 'second'): void => {
  const { container } = tabs[tab]!;
  container.controller = workerOf(build);
  container.dispatchEvent(new Event('controllerchange'));
};
/** Words between tabs arrive. */
const heard = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
const reloads = (): number[] => tabs.map(({ reloads }) => reloads);

it('reloads nothing when a service worker goes or comes by itself', async () => {
  change(0);
  change(1);
  change(0);
  await heard();
  expect(reloads()).toEqual([0, 0]);
});

it('reloads all tabs with the update that was taken in one, whichever hears first of what', async () => {
  tabs[0]!.take();
  expect(reloads(), 'not before the new version is in charge').toEqual([0, 0]);
  change(0);
  change(1);
  await expect.poll(reloads).toEqual([1, 1]);
});

it('does not hold a take-over that never came against a later change', async () => {
  tabs[0]!.take();
  await heard();
  time = TAKE_OVER_MS + 1;
  change(0);
  change(1);
  expect(reloads()).toEqual([0, 0]);
});

it('on a first visit an update taken at once is waited for: the worker that the visit itself brought is none', async () => {
  const container = new Container();
  const channel = new BroadcastChannel('update of a test');
  let visits = 0;
  reloadWithTakenUpdate(
    container,
    () => void (visits += 1),
    () => time,
    channel,
  );
  const comes = (build: string): void => {
    container.controller = workerOf(build);
    container.dispatchEvent(new Event('controllerchange'));
  };
  comes('first');
  time = 2_000;
  tabs[0]!.take();
  await heard();
  expect(visits, 'the new version is not in charge yet').toBe(0);
  comes('second');
  expect(visits).toBe(1);
  channel.close();
});
