import { afterEach, beforeEach, expect, it } from 'vitest';
import { reloadWithTakenUpdate, TAKE_OVER_MS } from './updateReload.ts';

/** Two tabs of one browser, with a clock of their own. */
let tabs: { readonly container: EventTarget; readonly take: () => void; reloads: number; readonly end: () => void }[];
let time: number;

beforeEach(() => {
  time = 0;
  tabs = [0, 1].map((_, i) => {
    const container = new EventTarget();
    const channel = new BroadcastChannel('update of a test');
    const count = (): void => void (tabs[i]!.reloads += 1);
    const take = reloadWithTakenUpdate(container, count, () => time, channel);
    return { container, take, reloads: 0, end: () => channel.close() };
  });
});
afterEach(() => tabs.forEach(({ end }) => end()));

const change = (tab: number): void => void tabs[tab]!.container.dispatchEvent(new Event('controllerchange'));
const reloads = (): number[] => tabs.map(({ reloads }) => reloads);

it('reloads nothing when a service worker goes or comes by itself', async () => {
  change(0);
  change(1);
  change(0);
  await new Promise((resolve) => setTimeout(resolve, 20));
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
  await new Promise((resolve) => setTimeout(resolve, 20));
  time = TAKE_OVER_MS + 1;
  change(0);
  change(1);
  expect(reloads()).toEqual([0, 0]);
});
