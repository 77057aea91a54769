import { create } from 'zustand';
import { whileDeraining } from '../../../browser/jobLocks.ts';
import { reportBackend } from '../../device/deviceStore.ts';
import { useBackendChoice } from '../../device/backendChoice.ts';
import { openModels, useModels } from '../../models/registry.ts';
import type { ModelChoice } from '../../models/registry.ts';
import { useRoute } from '../../routing/route.ts';
import { notify } from '../../ui/notices.ts';
import { cellLayers } from '../layers/cellLayers.ts';
import { reduce } from '../run/reduce.ts';
import type { CompareEvent } from '../run/reduce.ts';
import { emptyComparison, MAX_MODELS } from '../run/state.ts';
import type { CompareState } from '../run/state.ts';
import { comparer, prepareModel } from './compareWorker.ts';
import { keepImages } from './keptImages.ts';
import { createRunner } from './runner.ts';
import { changeSettings, compareSettings } from './settings.ts';

/** What is compared, and how far it is. Only `dispatch` changes it. */
export const useComparison = create<CompareState>(() => emptyComparison);

const run = createRunner({
  worker: { ...comparer, prepareModel },
  layers: cellLayers,
  backend: () => useBackendChoice.getState().choice,
  reportBackend,
  dispatch,
  offerUndo: (image, at) =>
    void notify({
      text: `“${image.name}” was removed.`,
      action: { label: 'Undo', run: () => dispatch({ type: 'imageReturned', image, at }) },
    }),
});

const events: CompareEvent[] = [];

/** Applies an event, then what follows from it; events that come of that wait their turn. */
export function dispatch(event: CompareEvent): void {
  events.push(event);
  if (events.length > 1) return;
  for (; events[0]; events.shift()) {
    const { state, effects } = reduce(useComparison.getState(), events[0]);
    useComparison.setState(state, true);
    effects.forEach(run);
  }
}

/** An update of the app must not interrupt a task. */
let endWork: (() => void) | null = null;

useComparison.subscribe(({ task, images, cells }) => {
  if (task && !endWork) {
    const ended = new Promise<void>((resolve) => (endWork = resolve));
    whileDeraining(() => ended).catch(() => undefined); // Where locks are blocked, nothing can update either.
  } else if (!task) {
    endWork?.();
    endWork = null;
  }
  const isWorthKeeping = images.length > 0 && Object.values(cells).some(({ output }) => output !== null);
  if (isWorthKeeping) addEventListener('beforeunload', warnBeforeLeaving);
  else removeEventListener('beforeunload', warnBeforeLeaving);
});

function warnBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** So many derainers are compared where nobody has chosen any. */
const USUAL = 2;

/** The derainers that are compared: those of the address that there are, or the first bundled students. */
export function chosenModels(
  models: readonly ModelChoice[] | null,
  wanted: readonly string[] | null,
): readonly ModelChoice[] {
  if (!models) return [];
  if (!wanted) return models.filter(({ role }) => role === 'student').slice(0, USUAL);
  return wanted.flatMap((id) => models.find((model) => model.id === id) ?? []);
}

/** Adds a derainer to those that are compared, or takes it out. */
export function toggleModel(id: string): void {
  const ids = chosenModels(useModels.getState().comparable, compareSettings().models).map((model) => model.id);
  if (ids.includes(id)) changeSettings({ models: ids.filter((one) => one !== id) });
  else if (ids.length < MAX_MODELS) changeSettings({ models: [...ids, id] });
}

let opening: Promise<void> | null = null;

/** Reads what derainers there are and follows the choice among them from then on. */
export function openComparison(): Promise<void> {
  opening ??= open();
  return opening;
}

async function open(): Promise<void> {
  await openModels();
  await keepImages({
    images: () => useComparison.getState().images,
    subscribe: (listener) => useComparison.subscribe(({ images }, before) => listener(images, before.images)),
    restore: (images) => images.length > 0 && dispatch({ type: 'imagesAdded', images }),
  });
  tellModels();
  useRoute.subscribe(tellModels);
  useModels.subscribe(tellModels);
}

function tellModels(): void {
  const models = chosenModels(useModels.getState().comparable, compareSettings().models).map(({ id }) => id);
  if (models.join() !== useComparison.getState().models.join()) dispatch({ type: 'modelsChosen', models });
}
