import { lossTermNames, weightOf } from '../../../core/paper/lossTerms.ts';
import type { LossTerm, LossValues } from '../../../core/paper/lossTerms.ts';
import type { Hyperparameters } from '../../../core/paper/hyperparameters.ts';

/** What a term adds to the objective of one step: weight × value = part. */
export interface ObjectivePart {
  readonly term: LossTerm;
  readonly weight: number;
  readonly value: number;
  readonly part: number;
}

/** Every term with a weight. Their parts sum up to the objective while no weight changes. */
export function objectiveParts(losses: Readonly<Partial<LossValues>>, h: Hyperparameters): ObjectivePart[] {
  return lossTermNames().flatMap((term) => {
    const [weight, value] = [weightOf(term, h), losses[term]];
    return weight > 0 && value !== undefined && Number.isFinite(value)
      ? [{ term, weight, value, part: weight * value }]
      : [];
  });
}
