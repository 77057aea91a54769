import { useMemo } from 'react';
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
      chosenModels(models, wanted === null ? null : wanted.split(',').filter(Boolean)).map(
        ({ id, title, role, parameters }) => ({
          id,
          title,
          role,
          parameters,
          multiplyAdds: summaries[id]?.multiplyAdds ?? null,
        }),
      ),
    [models, summaries, wanted],
  );
}
