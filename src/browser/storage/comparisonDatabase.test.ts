import { beforeEach, expect, it } from 'vitest';
import { ComparisonStorage, MOST_BYTES } from './comparisonDatabase.ts';
import type { EntryStore, StoredComparedImage } from './comparisonDatabase.ts';

let kept: Map<string, Parameters<EntryStore['set']>[1]>;
let store: EntryStore;
let time: number;

beforeEach(() => {
  kept = new Map();
  time = 1000;
  store = {
    entries: async () => [...kept],
    set: async (key, entry) => void kept.set(key, entry),
    delMany: async (keys) => keys.forEach((key) => kept.delete(key)),
  };
});

const tab = (name: string): ComparisonStorage => new ComparisonStorage(store, name, () => time);
const image = (id: string, bytes = 10): StoredComparedImage => ({
  id,
  name: `${id}.png`,
  truth: null,
  thumbnail: null,
  size: { width: 4, height: 3 },
  file: { size: bytes } as Blob, // Only its size matters here.
});

it('gives a tab its own images back in their order, with what became known of them', async () => {
  const before = tab('a');
  await Promise.all([before.save(image('2')), before.save(image('1')), tab('b').save(image('3'))]);
  const thumbnail = new Blob(['small']);
  await before.save({ ...image('2'), thumbnail });
  const after = tab('a');
  expect(await after.list()).toEqual([{ ...image('2'), thumbnail }, image('1')]);
  time = 5;
  await after.save(image('0'));
  await after.remove(['1']);
  expect((await tab('a').list()).map(({ id }) => id)).toEqual(['2', '0']);
});

it('lets go of what other tabs left, the oldest first, and refuses what has no room then', async () => {
  await tab('old').save(image('1', MOST_BYTES / 2));
  time = 2000;
  await tab('newer').save(image('2', MOST_BYTES / 4));
  const own = tab('own');
  expect(await own.save(image('3', MOST_BYTES / 2))).toBe(true);
  expect([...kept.keys()]).toEqual(['newer/2', 'own/3']);
  expect(await own.save(image('4', MOST_BYTES / 2 + 1))).toBe(false);
  expect([...kept.keys()], 'nothing goes for what is not kept').toEqual(['newer/2', 'own/3']);
});

it('says so where the browser keeps nothing, and goes on', async () => {
  const blocked = new ComparisonStorage({ ...store, set: () => Promise.reject(new Error('blocked')) }, 'a');
  expect(await blocked.save(image('1'))).toBe(false);
  expect(await blocked.remove(['1'])).toBe(true);
});

it('passes over a damaged entry: it hides no image, and keeps none from being stored', async () => {
  await tab('a').save(image('1'));
  for (const value of [null, 'text', { tab: 'a', id: '2', name: 'b.png' }]) kept.set('a/damaged', value as never);
  kept.set('a/none', null as never);
  expect(await tab('a').list()).toEqual([image('1')]);
  expect(await tab('a').save(image('3'))).toBe(true);
});
