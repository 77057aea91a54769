import { expect, it } from 'vitest';
import { createBreathing } from './yieldToEventLoop.ts';

it('lets every job go on that pauses, however many do', async () => {
  const yieldToEventLoop = createBreathing();
  const order: string[] = [];
  const job = async (name: string): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      order.push(name);
      await yieldToEventLoop();
    }
  };
  await Promise.all([job('a'), job('b')]);
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
});
