import { expect, it } from 'vitest';
import { JobQueue } from './jobQueue.ts';

/** A job that ends when it is told to, or when it sees that it was aborted. */
function openJob() {
  const log: string[] = [];
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const job = async (stop: { readonly aborted: boolean }): Promise<void> => {
    log.push('began');
    await ended;
    log.push(stop.aborted ? 'aborted' : 'done');
  };
  return { job, log, end: () => end() };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

it('runs one job at a time; a newer one aborts those before it, running and waiting', async () => {
  const queue = new JobQueue();
  const [first, second, third] = [openJob(), openJob(), openJob()];
  const all = [first, second, third].map(({ job }) => queue.replace(job));
  await turn();
  expect([first.log, second.log, third.log]).toEqual([['began'], [], []]);
  first.end();
  await turn();
  expect([first.log, second.log, third.log]).toEqual([['began', 'aborted'], ['began'], []]);
  second.end();
  third.end();
  await Promise.all(all);
  expect([second.log, third.log]).toEqual([
    ['began', 'aborted'],
    ['began', 'done'],
  ]);
});

it('is busy from the first job to the end of the last', async () => {
  const queue = new JobQueue();
  expect(queue.isBusy).toBe(false);
  const { job, end } = openJob();
  const running = queue.replace(job);
  expect(queue.isBusy).toBe(true);
  end();
  await running;
  expect(queue.isBusy).toBe(false);
});

it('appends work that aborts nothing and is not aborted, and answers with its result', async () => {
  const queue = new JobQueue();
  const { job, log, end } = openJob();
  const running = queue.replace(job);
  const answer = queue.append(async () => [...log]);
  queue.cancel();
  end();
  expect(await answer).toEqual(['began', 'aborted']);
  await running;
});

it('goes on after a job that failed, and tells only its own caller', async () => {
  const queue = new JobQueue();
  const failing = queue.replace(async () => Promise.reject(new Error('no photo')));
  const next = queue.append(async () => 'next');
  await expect(failing).rejects.toThrow('no photo');
  expect(await next).toBe('next');
  expect(queue.isBusy).toBe(false);
});
