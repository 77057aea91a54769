import { expect, it } from 'vitest';
import { createBreathing } from './breathe.ts';

it('lets every job go on that pauses, however many do', async () => {
  const breathe = createBreathing();
  const order: string[] = [];
  const job = async (name: string): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      order.push(name);
      await breathe();
    }
  };
  await Promise.all([job('a'), job('b')]);
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
});
