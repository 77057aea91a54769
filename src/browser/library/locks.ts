const LOCK = 'petrichor-library';

/** Says that images are being added, until the returned function is called. Any number of tabs may hold this at once. */
export async function holdForImport(): Promise<() => void> {
  return new Promise((held, refused) => {
    navigator.locks
      .request(LOCK, { mode: 'shared' }, () => new Promise<void>((release) => held(release)))
      .catch(refused);
  });
}

/** Runs `work` unless images are being added somewhere. */
export async function exclusivelyIfFree(work: () => Promise<void>): Promise<void> {
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
  });
}
