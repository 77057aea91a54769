let last: Promise<unknown> = Promise.resolve();

/** Runs networks one after another: the worker has one device, and a second run would end the first. */
export function inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
  const mine = last.then(run, run);
  last = mine.catch(() => undefined);
  return mine;
}
