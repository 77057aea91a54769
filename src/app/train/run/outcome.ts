import type { Stopped } from '../../../core/training/events.ts';
import { formatCount } from '../../ui/format.ts';
import { isEndStored } from './trainingStore.ts';

const ENDED = { asked: 'Paused', finished: 'Finished', diverged: 'Training diverged' } as const;

/** How a run ended: saved only where its last step is in storage. */
export function outcomeTitle(outcome: Stopped): string {
  const { reason, step } = outcome;
  if (reason === 'asked' && step === 0) return 'Paused before the first step.';
  const at = `at step ${formatCount(step)}`;
  if (reason === 'diverged') return `${ENDED.diverged} ${at}.`;
  return isEndStored(outcome) ? `${ENDED[reason]} and saved ${at}.` : `${ENDED[reason]} ${at}, which is not saved.`;
}

/** What else is to be said of it. What is not in storage is in memory until the tab is closed. */
export function outcomeAdvice(outcome: Stopped): string {
  const { reason, hint } = outcome;
  if (reason === 'diverged' || isEndStored(outcome)) return hint ?? '';
  return `${hint ?? ''} Until this tab is closed it can be exported, and continued once there is space.`.trim();
}
