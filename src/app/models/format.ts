import type { Provenance } from '../../core/weights/provenance.ts';
import { countOf, formatCount, formatDb } from '../ui/format.ts';
import type { ModelChoice } from './registry.ts';

/** A model in a list: its title, what it is, whose it is. */
export function formatModel({
  title,
  role,
  stored,
  id,
  isPassing,
}: Pick<ModelChoice, 'title' | 'role' | 'stored' | 'id' | 'isPassing'>): string {
  const opened = isPassing ? ' (new)' : ' (file)';
  const whose = stored ? ' (mine)' : id.startsWith('file:') ? opened : '';
  return `${title}${role === 'teacher' ? ' – teacher' : ''}${whose}`;
}

/** A model's history in a sentence or two. Steps in which a student learned from a finished teacher are not all of its training. */
export function formatProvenance({ steps, data, validation, config }: Provenance): string {
  const from = (
    [
      [data.clean, 'clean photo'],
      [data.rainy, 'rainy photo'],
      [data.pairs, 'pair'],
    ] as const
  )
    .filter(([number]) => Number(number) > 0)
    .map(([number, noun]) => countOf(Number(number), noun));
  const test = validation
    ? ` Test PSNR ${formatDb(validation.psnr.student)} (rainy input ${formatDb(validation.psnr.rainy)}).`
    : '';
  const verb = isDistilled(config) ? 'Distilled from a trained teacher in' : 'Trained';
  return `${verb} ${formatCount(steps)} steps${from.length ? ` on ${from.join(', ')}` : ''}.${test}`;
}

/** Whether only the student learned in the run, from a teacher that was there before. */
function isDistilled(config: unknown): boolean {
  const { hyperparameters } = (config ?? {}) as { readonly hyperparameters?: { readonly mode?: unknown } };
  return hyperparameters?.mode === 'student';
}
