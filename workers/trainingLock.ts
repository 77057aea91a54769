import { TRAINING_LOCK } from '../src/browser/jobLocks.ts';

/** Whether any tab of this browser trains now. */
export async function isTraining(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === TRAINING_LOCK);
}
