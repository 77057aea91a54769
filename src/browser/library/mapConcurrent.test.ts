import { expect, it } from 'vitest';
import { mapConcurrent } from './mapConcurrent.ts';

it('keeps the order, and never more than its width under way', async () => {
  let underWay = 0;
  let most = 0;
  const work = async (delay: number): Promise<number> => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, delay));
    underWay--;
    return delay;
  };
  const results: number[] = [];
  for await (const result of mapConcurrent([9, 1, 5, 1, 1], 3, new AbortController().signal, work))
    results.push(result);
  expect(results).toEqual([9, 1, 5, 1, 1]);
  expect(most).toBe(3);
});

it('begins nothing more once stopped', async () => {
  const stop = new AbortController();
  const begun: number[] = [];
  const results: number[] = [];
  const work = async (item: number): Promise<number> => {
    begun.push(item);
    return item;
  };
  for await (const result of mapConcurrent([1, 2, 3, 4, 5], 2, stop.signal, work)) {
    results.push(result);
    stop.abort();
  }
  expect(results).toEqual([1]);
  expect(begun).toEqual([1, 2]);
});
