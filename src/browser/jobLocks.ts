/** Held while a tab trains; a second tab is told so instead of waiting. */
const TRAINING_LOCK = 'petrichor-training';
/** Held, by any number of tabs, while photos are derained. */
const DERAINING_LOCK = 'petrichor-deraining';

/** Does work during which the app's code must stay as it is. */
export async function whileDeraining<Result>(work: () => Promise<Result>): Promise<Result> {
  return navigator.locks.request(DERAINING_LOCK, { mode: 'shared' }, work);
}

/** Does work while no tab trains or derains, and keeps all from beginning until it is done. False, and nothing is done, when one does. */
export async function unlessBusy(work: () => Promise<void>): Promise<boolean> {
  const ifFree = { ifAvailable: true };
  return navigator.locks.request(TRAINING_LOCK, ifFree, async (training) => {
    if (!training) return false;
    return navigator.locks.request(DERAINING_LOCK, ifFree, async (deraining) => {
      if (deraining) await work();
      return deraining !== null;
    });
  });
}

/** Whether any tab of this browser trains now. None does where the site's data is blocked, and locks with it. */
export async function isTraining(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query().catch((): LockManagerSnapshot => ({}));
  return held.some(({ name }) => name === TRAINING_LOCK);
}

/** Trains unless another tab does. False, and nothing is done, when one does. */
export async function whileTraining(work: () => Promise<void>): Promise<boolean> {
  return navigator.locks.request(TRAINING_LOCK, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}

/**
 * Resolves when no tab trains, or after `patience` milliseconds where that is given: the browser is slow to let go of what an ended
 * worker held.
 */
export async function untilNobodyTrains(patience?: number): Promise<void> {
  const options = patience === undefined ? {} : { signal: AbortSignal.timeout(patience) };
  await navigator.locks.request(TRAINING_LOCK, options, () => undefined).catch(() => undefined);
}
