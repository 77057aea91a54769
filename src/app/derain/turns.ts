import { whileDeraining } from '../../browser/jobLocks.ts';

let last: Promise<unknown> = Promise.resolve();

/** Runs networks one after another: the worker has one device, and a second run would end the first. */
export function inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
  const begin = (): Promise<Result> => whileDeraining(run);
  const mine = last.then(begin, begin);
  last = mine.catch(() => undefined);
  return mine;
}
