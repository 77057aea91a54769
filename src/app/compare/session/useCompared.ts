import { useMemo } from 'react';
import { formatModel } from '../../models/format.ts';
import { useModels } from '../../models/registry.ts';
import type { ModelChoice } from '../../models/registry.ts';
import { chosenModels } from './comparison.ts';
import { useCompareSettings } from './settings.ts';

/** A derainer that is compared. */
export type ComparedModel = Pick<ModelChoice, 'id' | 'title' | 'role' | 'parameters'> & {
  /** Per pixel; null until its file was read. */
  readonly multiplyAdds: number | null;
};

/** The derainers that are compared, in the order of the grid. */
export function useComparedModels(): readonly ComparedModel[] {
  const models = useModels((state) => state.comparable);
  const summaries = useModels((state) => state.summaries);
  const wanted = useCompareSettings().models?.join() ?? null;
  return useMemo(
    () =>
      chosenModels(models, wanted === null ? null : wanted.split(',').filter(Boolean))
        .map((model) => distinct(model, models ?? []))
        .map(({ id, title, role, parameters }) => ({
          id,
          title,
          role,
          parameters,
          multiplyAdds: summaries[id]?.multiplyAdds ?? null,
        })),
    [models, summaries, wanted],
  );
}

/** A derainer with a title that no other has: a student and its teacher may share theirs. */
function distinct(model: ModelChoice, all: readonly ModelChoice[]): ModelChoice {
  const isShared = all.some(({ id, title }) => id !== model.id && title === model.title);
  return isShared ? { ...model, title: formatModel(model) } : model;
}
