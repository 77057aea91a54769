import { unchanged } from '../../../core/patch/estimate.ts';
import type { EstimateChanges } from '../../../core/patch/estimate.ts';
import type { PatchLosses } from '../../../core/patch/patchLosses.ts';
import { formatNumber, formatPercent } from '../../ui/format.ts';

/** One loss penalizes an estimate more than the other when their shares differ by this factor. */
const CLEARLY = 1.3;
const NONE = formatPercent(0);

/** What the shares of (4) and (5) mean, in words; `changes` made the estimate out of the truth. */
export function lessonOf(changes: EstimateChanges, { content, direction }: PatchLosses): string {
  const [four, five] = [formatPercent(content), formatPercent(direction)];
  if (four === NONE && five === NONE) return 'The estimate equals the truth, so both losses are 0.';
  const figures = `Relative to an empty estimate, the content loss (4) is ${four} and the direction loss (5) is ${five}.`;
  if (five === NONE) return `${figures} Direction does not see this error at all: each of its kernels sums to zero.`;
  const ratio = direction / Math.max(content, 1e-6);
  if (ratio >= CLEARLY)
    return `${figures} Direction penalizes this error ${formatNumber(ratio, 2)} times as heavily${why(changes)}.`;
  if (ratio <= 1 / CLEARLY)
    return `${figures} Content penalizes this error ${formatNumber(1 / ratio, 2)} times as heavily.`;
  return `${figures} Both penalize this error about equally.`;
}

/** Why (5) penalizes an estimate that differs in one way alone; empty for a mixture. */
function why(changes: EstimateChanges): string {
  const names = Object.keys(unchanged) as (keyof EstimateChanges)[];
  const different = names.filter((name) => changes[name] !== unchanged[name]);
  if (different.length !== 1) return '';
  switch (different[0]) {
    case 'blur':
      return ': blur removes the edges of the streaks, and edges are all that its kernels see';
    case 'rotation':
      return ': every edge now points in another direction';
    default:
      return '';
  }
}
