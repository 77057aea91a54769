import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEventBatcher } from './eventBatcher.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('events wait for company, then leave together', async () => {
  const batches: (readonly number[])[] = [];
  const batcher = createEventBatcher<number>((batch) => void batches.push(batch), { everyMs: 100 });
  batcher.push(1);
  batcher.push(2);
  expect(batches).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(100);
  expect(batches.flat()).toEqual([1, 2]);
  expect(batches).toHaveLength(1);
});

test('what is flushed leaves without waiting', async () => {
  const batches: number[][] = [];
  const batcher = createEventBatcher<number>((batch) => void batches.push([...batch]), { everyMs: 100_000 });
  batcher.push(1);
  batcher.push(2);
  batcher.flush();
  expect(batches).toEqual([[1, 2]]);
  batcher.flush();
  await batcher.drain();
  expect(batches).toEqual([[1, 2]]);
});

test('a full batch leaves without waiting', async () => {
  const batches: (readonly number[])[] = [];
  const batcher = createEventBatcher<number>((batch) => void batches.push(batch), { everyMs: 1e6, atMost: 3 });
  for (let i = 0; i < 3; i++) batcher.push(i);
  await vi.advanceTimersByTimeAsync(0);
  expect(batches.flat()).toEqual([0, 1, 2]);
});

test('a slow page gets fewer and larger batches, in order, one at a time', async () => {
  const batches: (readonly number[])[] = [];
  let open = 0;
  let mostOpen = 0;
  const batcher = createEventBatcher<number>(
    async (batch) => {
      mostOpen = Math.max(mostOpen, ++open);
      batches.push(batch);
      await new Promise((done) => setTimeout(done, 1000));
      open--;
    },
    { everyMs: 10, atMost: 2 },
  );
  for (let i = 0; i < 20; i++) {
    batcher.push(i);
    await vi.advanceTimersByTimeAsync(50);
  }
  const drained = batcher.drain();
  await vi.advanceTimersByTimeAsync(10_000);
  await drained;
  expect(batches.flat()).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(mostOpen).toBe(1);
  expect(batches.length).toBeLessThan(6);
});

test('drain hands on what is left at once', async () => {
  const batches: (readonly number[])[] = [];
  const batcher = createEventBatcher<number>((batch) => void batches.push(batch), { everyMs: 1e6 });
  batcher.push(7);
  await batcher.drain();
  expect(batches.flat()).toEqual([7]);
});

test('a page that is gone is reported by drain, and later events are dropped', async () => {
  let calls = 0;
  const batcher = createEventBatcher<number>(() => {
    calls++;
    return Promise.reject(new Error('gone'));
  });
  batcher.push(1);
  await expect(batcher.drain()).rejects.toThrow('gone');
  batcher.push(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toBe(1);
});
