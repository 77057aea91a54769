import type { Shown } from '../layers/cellLayers.ts';
import type { Layout, Reference } from '../session/settings.ts';

/** A derainer, as far as the grid is concerned. */
export interface GridModel {
  readonly id: string;
  readonly role: 'student' | 'teacher';
}

const original: Shown = { kind: 'original', model: null };
const truth: Shown = { kind: 'truth', model: null };
const trueRainMap: Shown = { kind: 'trueRainMap', model: null };

/** The images of the grid, in order: keys 1 to 9 speak of the first nine. */
export function gridCells(layout: Layout, models: readonly GridModel[], hasTruth: boolean): readonly Shown[] {
  const outputs = models.map(({ id }): Shown => ({ kind: 'output', model: id }));
  const rainMaps = models.map(({ id }): Shown => ({ kind: 'rainMap', model: id }));
  const known = <Value>(...values: readonly Value[]): readonly Value[] => (hasTruth ? values : []);
  switch (layout) {
    case 'results':
      return [original, ...outputs, ...known(truth)];
    case 'rainMaps':
      return [original, ...rainMaps, ...known(trueRainMap)];
    case 'both':
      return [original, ...outputs, ...known(truth), ...rainMaps, ...known(trueRainMap)];
    case 'path':
      return [original, ...pathCells(models), ...known(truth)];
    default:
      return layout satisfies never;
  }
}

/** Rain map and image of the first teacher, and the image of the first student; of only one of them where there is no other. */
function pathCells(models: readonly GridModel[]): readonly Shown[] {
  const { teacher, student } = pathModels(models);
  const first = teacher ?? student;
  if (!first) return [];
  const path = [teacher, student].filter((model) => model !== null);
  return [{ kind: 'rainMap', model: first.id }, ...path.map(({ id }): Shown => ({ kind: 'output', model: id }))];
}

export function pathModels<Model extends GridModel>(
  models: readonly Model[],
): { readonly teacher: Model | null; readonly student: Model | null } {
  return {
    teacher: models.find(({ role }) => role === 'teacher') ?? null,
    student: models.find(({ role }) => role === 'student') ?? null,
  };
}

/** The image that is taken away from this one; null where it is shown as it is, as rain maps and the reference itself are. */
export function minusOf({ kind }: Shown, reference: Reference, hasTruth: boolean): 'truth' | 'original' | null {
  if (reference === 'none' || (reference === 'truth' && !hasTruth)) return null;
  const isImage = kind === 'output' || kind === 'original' || kind === 'truth';
  return isImage && kind !== reference ? reference : null;
}
