import { unchanged } from '../../../core/patch/estimate.ts';
import type { EstimateChanges } from '../../../core/patch/estimate.ts';
import type { PatchLosses } from '../../../core/patch/patchLosses.ts';
import { formatNumber } from '../../ui/format.ts';

/** One loss minds an estimate more than the other when their shares differ by this factor. */
const CLEARLY = 1.3;

/** What the shares of (4) and (5) mean, in words; `changes` made the estimate out of the truth. */
export function lessonOf(changes: EstimateChanges, { content, direction }: PatchLosses): string {
  const [four, five] = [Math.round(content * 100), Math.round(direction * 100)];
  if (four === 0 && five === 0) return 'The estimate is the truth: both losses are 0.';
  const figures = `(4) costs ${four} % of what an empty estimate costs, (5) ${five} %.`;
  if (five === 0) return `${figures} (5) does not see it at all: both kernels sum to zero.`;
  const ratio = direction / Math.max(content, 1e-6);
  if (ratio >= CLEARLY) return `${figures} (5) minds it ${formatNumber(ratio, 2)} times as much${why(changes)}.`;
  if (ratio <= 1 / CLEARLY) return `${figures} (4) minds it ${formatNumber(1 / ratio, 2)} times as much.`;
  return `${figures} Both mind it about alike.`;
}

/** Why (5) minds an estimate that differs in one way alone; empty for a mixture. */
function why(changes: EstimateChanges): string {
  const names = Object.keys(unchanged) as (keyof EstimateChanges)[];
  const different = names.filter((name) => changes[name] !== unchanged[name]);
  if (different.length !== 1) return '';
  switch (different[0]) {
    case 'blur':
      return ': blur takes the edges of the streaks away, and edges are all that its kernels see';
    case 'rotation':
      return ': every edge now runs in another direction';
    default:
      return '';
  }
}
