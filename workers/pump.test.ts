import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPixels } from '../src/core/images/pixels.ts';
import { createPump, giveaways } from './pump.ts';
import type { TrainerEvent } from '../src/protocol/trainer.ts';

const numbered = (bytes: number): TrainerEvent => ({ type: 'memory', bytes, tensors: 0 });
const numbers = (batches: readonly (readonly TrainerEvent[])[]): number[] =>
  batches.flat().map((event) => (event.type === 'memory' ? event.bytes : -1));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('events wait for company, then leave together', async () => {
  const batches: (readonly TrainerEvent[])[] = [];
  const pump = createPump((batch) => void batches.push(batch), { everyMs: 100 });
  pump.push(numbered(1));
  pump.push(numbered(2));
  expect(batches).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(100);
  expect(numbers(batches)).toEqual([1, 2]);
  expect(batches).toHaveLength(1);
});

test('what is flushed leaves without waiting', async () => {
  const batches: number[][] = [];
  const pump = createPump<number>((batch) => void batches.push([...batch]), { everyMs: 100_000 });
  pump.push(1);
  pump.push(2);
  pump.flush();
  expect(batches).toEqual([[1, 2]]);
  pump.flush();
  await pump.drain();
  expect(batches).toEqual([[1, 2]]);
});

test('a full batch leaves without waiting', async () => {
  const batches: (readonly TrainerEvent[])[] = [];
  const pump = createPump((batch) => void batches.push(batch), { everyMs: 1e6, atMost: 3 });
  for (let i = 0; i < 3; i++) pump.push(numbered(i));
  await vi.advanceTimersByTimeAsync(0);
  expect(numbers(batches)).toEqual([0, 1, 2]);
});

test('a slow page gets fewer and larger batches, in order, one at a time', async () => {
  const batches: (readonly TrainerEvent[])[] = [];
  let open = 0;
  let mostOpen = 0;
  const pump = createPump(
    async (batch) => {
      mostOpen = Math.max(mostOpen, ++open);
      batches.push(batch);
      await new Promise((done) => setTimeout(done, 1000));
      open--;
    },
    { everyMs: 10, atMost: 2 },
  );
  for (let i = 0; i < 20; i++) {
    pump.push(numbered(i));
    await vi.advanceTimersByTimeAsync(50);
  }
  const drained = pump.drain();
  await vi.advanceTimersByTimeAsync(10_000);
  await drained;
  expect(numbers(batches)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(mostOpen).toBe(1);
  expect(batches.length).toBeLessThan(6);
});

test('drain hands on what is left at once', async () => {
  const batches: (readonly TrainerEvent[])[] = [];
  const pump = createPump((batch) => void batches.push(batch), { everyMs: 1e6 });
  pump.push(numbered(7));
  await pump.drain();
  expect(numbers(batches)).toEqual([7]);
});

test('a page that is gone is reported by drain, and later events are dropped', async () => {
  let calls = 0;
  const pump = createPump(() => {
    calls++;
    return Promise.reject(new Error('gone'));
  });
  pump.push(numbered(1));
  await expect(pump.drain()).rejects.toThrow('gone');
  pump.push(numbered(2));
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toBe(1);
});

test('previews give away what the networks made and keep the fixed crops', () => {
  const picture = () => createPixels(2, 2);
  const sample = {
    label: 'a',
    rainy: picture(),
    rainMap: picture(),
    trueRainMap: picture(),
    teacher: picture(),
    student: picture(),
    truth: picture(),
    psnr: null,
  };
  const moved = giveaways([numbered(1), { type: 'previewed', step: 1, samples: [sample] }]);
  expect(new Set(moved)).toEqual(
    new Set([sample.rainMap.data.buffer, sample.teacher.data.buffer, sample.student.data.buffer]),
  );
  expect(moved).not.toContain(sample.rainy.data.buffer);
});
