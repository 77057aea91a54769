import { unchanged } from '../../../core/patch/estimate.ts';
import type { EstimateChanges } from '../../../core/patch/estimate.ts';
import type { PatchLosses } from '../../../core/patch/patchLosses.ts';
import { formatNumber, withUnit } from '../../ui/format.ts';

/** One loss penalizes an estimate more than the other when their shares differ by this factor. */
const CLEARLY = 1.3;

/** What the shares of (4) and (5) mean, in words; `changes` made the estimate out of the truth. */
export function lessonOf(changes: EstimateChanges, { content, direction }: PatchLosses): string {
  const [four, five] = [Math.round(content * 100), Math.round(direction * 100)];
  if (four === 0 && five === 0) return 'The estimate is the truth: both losses are 0.';
  const figures = `(4) is ${withUnit(four, '%')} of what it is for an empty estimate, (5) ${withUnit(five, '%')}.`;
  if (five === 0) return `${figures} (5) does not see it at all: each kernel sums to zero.`;
  const ratio = direction / Math.max(content, 1e-6);
  if (ratio >= CLEARLY) return `${figures} (5) penalizes it ${formatNumber(ratio, 2)} times as much${why(changes)}.`;
  if (ratio <= 1 / CLEARLY) return `${figures} (4) penalizes it ${formatNumber(1 / ratio, 2)} times as much.`;
  return `${figures} Both penalize it about equally.`;
}

/** Why (5) penalizes an estimate that differs in one way alone; empty for a mixture. */
function why(changes: EstimateChanges): string {
  const names = Object.keys(unchanged) as (keyof EstimateChanges)[];
  const different = names.filter((name) => changes[name] !== unchanged[name]);
  if (different.length !== 1) return '';
  switch (different[0]) {
    case 'blur':
      return ': blur removes the edges of the streaks, and edges are all its kernels see';
    case 'rotation':
      return ': every edge now points in another direction';
    default:
      return '';
  }
}
