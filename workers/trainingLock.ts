/** Held while a tab trains; a second tab is told so instead of waiting. */
export const TRAINING_LOCK = 'petrichor-training';

/** Whether any tab of this browser trains now. */
export async function isTraining(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === TRAINING_LOCK);
}
